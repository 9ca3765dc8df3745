# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What an eSCL scanner says of itself: pictures given, paper in the feeder, asked of it past the driver.

Apart because it is the second witness: a driver that takes a double feed for the end of the stack cannot also alter
what the scanner itself reports in ``ScannerStatus`` (ImagesCompleted and JobState of each job, AdfState; eSCL 2.97).
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_SECONDS = 2.0
_MOST_BYTES = 1 << 20
#: words of AdfState that are faults -> our code
_ADF_FAULTS = {
    "ScannerAdfJam": "scanner.jam",
    "ScannerAdfHatchOpen": "scanner.cover_open",
    "ScannerAdfDoorOpen": "scanner.cover_open",
    "ScannerAdfMispick": "scanner.jam",
    "ScannerAdfMultipickDetected": "scanner.double_feed",
    "ScannerAdfInputTrayFailed": "scanner.jam",
}


@dataclass(frozen=True, slots=True)
class Status:
    """One status document: pictures by job address, jobs the scanner broke off, and the feeder's word."""

    jobs: dict[str, int]
    aborted: frozenset[str] = field(default_factory=frozenset)
    adf: str = ""

    @property
    def loaded(self) -> bool | None:
        """Whether paper lies in the feeder; None when the scanner does not tell."""
        return {"ScannerAdfLoaded": True, "ScannerAdfEmpty": False}.get(self.adf)

    @property
    def fault(self) -> str:
        """Our code for what is wrong with the feeder, or ''."""
        return _ADF_FAULTS.get(self.adf, "")


@dataclass(frozen=True, slots=True)
class ImageCount:
    """The jobs a scanner knew before our batch; what came since is ours (one scanner, one batch at a time)."""

    url: str
    before: frozenset[str]

    @classmethod
    def of(cls, device: str) -> ImageCount | None:
        """For ``airscan:escl:NAME:URL`` over http(s) or a UNIX socket; None for another name or a silent scanner."""
        parts = device.split(":", 3)
        known = ("http", "https", "unix")
        if len(parts) != 4 or parts[:2] != ["airscan", "escl"] or urlsplit(parts[3]).scheme not in known:
            return None
        status = look(parts[3])
        return None if status is None else cls(parts[3], frozenset(status.jobs))

    def status(self) -> Status | None:
        """What the scanner says now; None when it does not answer."""
        return look(self.url)

    def since(self) -> int | None:
        """As :meth:`pictures`, of what the scanner says now."""
        status = self.status()
        return None if status is None else self.pictures(status)

    def pictures(self, status: Status) -> int | None:
        """Pictures of all jobs that began after :meth:`of`; None when the scanner does not tell."""
        new = [count for job, count in status.jobs.items() if job not in self.before]
        return sum(new) if new else None

    def broken_off(self, status: Status) -> bool:
        """Whether the scanner itself ended one of our jobs before its time."""
        return bool(status.aborted - self.before)


def look(url: str) -> Status | None:
    """The scanner's status document now; None when it gives none."""
    try:
        text = _get(url)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    if not text:
        return None
    jobs: dict[str, int] = {}
    aborted: set[str] = set()
    for part in re.findall(r"<\w+:JobInfo>(.*?)</\w+:JobInfo>", text, re.DOTALL):
        job = re.search(r"<\w+:JobUri>([^<]+)<", part)
        count = re.search(r"<\w+:ImagesCompleted>\s*(\d{1,6})\s*<", part)
        if job and count:
            jobs[job[1]] = int(count[1])
        if job and re.search(r"<\w+:JobState>\s*Aborted\s*<", part):
            aborted.add(job[1])
    adf = re.search(r"<\w+:AdfState>\s*(\w+)\s*<", text)
    return Status(jobs, frozenset(aborted), adf[1] if adf else "")


def _get(url: str) -> str:
    connection = connect(url, _SECONDS)
    try:
        connection.request("GET", urlsplit(url).path.rstrip("/") + "/ScannerStatus")
        answer = connection.getresponse()
        return answer.read(_MOST_BYTES).decode("utf-8", "replace") if answer.status == 200 else ""
    finally:
        connection.close()


def connect(url: str, seconds: float) -> http.client.HTTPConnection:
    """A connection to the scanner at ``url`` (http, https or a UNIX socket), not opened yet.

    Scanners sign their certificates themselves, and the driver accepts any: nothing secret goes this way.
    """
    address = urlsplit(url)
    if address.scheme == "unix":
        return _UnixConnection(_socket_folder() / address.netloc, seconds)
    if address.scheme == "https":
        any_certificate = ssl.create_default_context()
        any_certificate.check_hostname = False
        any_certificate.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(
            address.hostname or "", address.port, timeout=seconds, context=any_certificate
        )
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=seconds)


def _socket_folder() -> Path:
    """Where the driver itself looks for sockets: ``socket_dir`` of the airscan.conf this host was given."""
    config = Path(os.environ.get("SANE_CONFIG_DIR", "").partition(os.pathsep)[0]) / "airscan.conf"
    found = re.findall(r"^\s*socket_dir\s*=\s*(.+?)\s*$", config.read_text("utf-8"), re.MULTILINE)
    return Path(found[-1] if found else "/var/run")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
