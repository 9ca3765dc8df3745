# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How many pictures an eSCL scanner says it gave: its own count, asked of it past the driver.

Apart because it is the second witness: a driver that takes a double feed for the end of the stack cannot also alter
what the scanner itself reports in ``ScannerStatus`` (element ImagesCompleted of each job).
"""

from __future__ import annotations

import http.client
import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_SECONDS = 2.0
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ImageCount:
    """The jobs a scanner knew before our batch; what came since is ours (one scanner, one batch at a time)."""

    url: str
    before: frozenset[str]

    @classmethod
    def of(cls, device: str) -> ImageCount | None:
        """For ``airscan:escl:NAME:URL`` over http or a UNIX socket; None for any other name or a silent scanner."""
        parts = device.split(":", 3)
        if len(parts) != 4 or parts[:2] != ["airscan", "escl"] or urlsplit(parts[3]).scheme not in ("http", "unix"):
            return None
        jobs = _jobs(parts[3])
        return None if jobs is None else cls(parts[3], frozenset(jobs))

    def since(self) -> int | None:
        """Pictures of all jobs that began after :meth:`of`; None when the scanner does not tell."""
        jobs = _jobs(self.url)
        if jobs is None:
            return None
        new = [count for job, count in jobs.items() if job not in self.before]
        return sum(new) if new else None


def _jobs(url: str) -> dict[str, int] | None:
    """Job address -> pictures completed, as the scanner's status document says."""
    try:
        text = _get(url)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    jobs: dict[str, int] = {}
    for part in re.findall(r"<\w+:JobInfo>(.*?)</\w+:JobInfo>", text, re.DOTALL):
        job = re.search(r"<\w+:JobUri>([^<]+)<", part)
        count = re.search(r"<\w+:ImagesCompleted>\s*(\d{1,6})\s*<", part)
        if job and count:
            jobs[job[1]] = int(count[1])
    return jobs


def _get(url: str) -> str:
    address = urlsplit(url)
    connection: http.client.HTTPConnection
    if address.scheme == "unix":
        connection = _UnixConnection(_socket_folder() / (address.netloc))
    else:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_SECONDS)
    try:
        connection.request("GET", address.path.rstrip("/") + "/ScannerStatus")
        answer = connection.getresponse()
        return answer.read(_MOST_BYTES).decode("utf-8", "replace") if answer.status == 200 else ""
    finally:
        connection.close()


def _socket_folder() -> Path:
    """Where the driver itself looks for sockets: ``socket_dir`` of the airscan.conf this host was given."""
    config = Path(os.environ.get("SANE_CONFIG_DIR", "").partition(os.pathsep)[0]) / "airscan.conf"
    found = re.findall(r"^\s*socket_dir\s*=\s*(.+?)\s*$", config.read_text("utf-8"), re.MULTILINE)
    return Path(found[-1] if found else "/var/run")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(str(self._path))
