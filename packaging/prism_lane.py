#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every request of the connectors held to our descriptions by a server of others: Prism, of Stoplight.

    python3 packaging/dev.py prism-lane [FOLDER]    Prism is installed in FOLDER (.prism-lane of the checkout)

A delivery runs against the stand-ins of the tests; what it asked is asked again of Prism, which serves the same
description and refuses what does not fit it. Each description is also given requests that must be refused: a judge who
refuses nothing proves nothing. Prism has no memory, so what is sent after a lost answer is not tried here, and a
description is ours: this shows that requests and description fit, not that a province has not changed. Prints a
table; the exit code is 1 when a line of it is not as it should be, 3 when Prism cannot be had.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from digitizer_desk.province.connect import link_of  # noqa: E402
from digitizer_desk.province.link import Accepted  # noqa: E402
from digitizer_desk.province.profile import Profile, Secrets  # noqa: E402
from digitizer_desk.province.profile import read as read_profile  # noqa: E402
from province.samples import parcel_of, pdf_of  # noqa: E402
from stand_ins import as_national_portal, as_opencps, as_td  # noqa: E402
from stand_ins.spec_check import Spec  # noqa: E402

PRISM = "@stoplight/prism-cli@5.14.2"
DOSSIER, COMPONENT, PROCEDURE = "000.00.10.H08-261120-0006", "TP02", "1.001193"
#: a server that does not answer within this many seconds does not start
START_S = 60.0
#: headers that belong to one connection
_HOP = {"host", "connection", "content-length", "accept-encoding", "transfer-encoding"}
LOGIN = '[login]\nway = "password"\nuser = "{}"\n'
_OPEN = build_opener(ProxyHandler({}))


class Missing(Exception):
    """A part cannot be had; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was made; ``path`` with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def say(text: str) -> None:
    print(f"» {text}", flush=True)


# -- parts -----------------------------------------------------------------------------------------------------------


def prism_in(folder: Path) -> Path:
    """Prism's program, installed once."""
    npm = shutil.which("npm")
    if npm is None:
        raise Missing("npm không có. Trên Debian: apt-get install npm (Node 18 trở lên).")
    program = folder / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if not program.exists():
        say(f"Cài {PRISM} (khoảng 90 MB)…")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', "utf-8")
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", PRISM], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode or not program.exists():
            raise Missing(f"Không cài được {PRISM}: {done.stderr.strip()[-400:]}")
    return program


@contextmanager
def serving(program: Path, spec: Path) -> Iterator[str]:
    """Prism with one description on loopback; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    node = shutil.which("node")
    if node is None:
        raise Missing("node không có.")
    with tempfile.TemporaryFile() as heard:
        child = subprocess.Popen(
            [node, str(program), "mock", "--host", "127.0.0.1", "--port", str(port), str(spec)],
            stdin=subprocess.DEVNULL,
            stdout=heard,
            stderr=subprocess.STDOUT,
        )
        try:
            _until_it_listens(port, child)
            yield f"http://127.0.0.1:{port}"
        finally:
            child.terminate()
            child.wait(10)


def _until_it_listens(port: int, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise Missing("Prism không khởi động.")


# -- what the connectors ask -----------------------------------------------------------------------------------------


def listening(spec: Spec) -> list[Asked]:
    """Every request this description is held to from now on."""
    asked: list[Asked] = []
    hold = spec.hold

    def heard(method: str, target: str, headers: Any, body: bytes) -> Any:
        kept = {name: value for name, value in headers.items() if name.lower() not in _HOP}
        asked.append(Asked(method, target, kept, body))
        return hold(method, target, headers, body)

    spec.hold = heard  # type: ignore[method-assign]
    return asked


def delivered(profile: Profile, secrets: Secrets, folder: Path) -> None:
    pdf = pdf_of(4_000)
    link = link_of(profile, secrets, folder, parcels=lambda _dossier: ())
    assert link is not None
    reply = link.deliver(parcel_of(pdf), pdf, lambda _sent, _total: None)
    assert isinstance(reply, Accepted), reply
    assert link.health().code == ""


def of_opencps(folder: Path) -> list[Asked]:
    with as_opencps.AsOpenCps(DOSSIER) as server:
        asked = listening(server.spec)
        profile = _opencps(folder, server.url)
        delivered(profile, Secrets(as_opencps.PASSWORD), folder)
        return asked


def _opencps(folder: Path, url: str) -> Profile:
    file = folder / "tinh.toml"
    file.write_text(
        f'kind = "opencps"\naddress = "{url}"\ndesk_id = "quay-1"\n{LOGIN.format(as_opencps.USER)}'
        f"[opencps]\ngroup = {as_opencps.GROUP}\nmarks = {{ original = 3 }}\n",
        "utf-8",
    )
    return read_profile(file)


def of_td(folder: Path) -> list[Asked]:
    with as_td.AsTd(DOSSIER, COMPONENT) as server:
        asked = listening(server.spec)
        file = folder / "td.toml"
        file.write_text(f'kind = "td"\naddress = "{server.url}"\n{LOGIN.format(as_td.USER)}', "utf-8")
        delivered(read_profile(file), Secrets(as_td.PASSWORD), folder)
        return asked


def of_national(folder: Path) -> list[Asked]:
    module = as_national_portal
    with as_opencps.AsOpenCps(DOSSIER) as carrier, module.AsNationalPortal(PROCEDURE) as server:
        _opencps(folder, carrier.url)
        asked = listening(server.spec)
        file = folder / "cong.toml"
        file.write_text(
            f'kind = "national"\naddress = "{server.url}"\ndesk_id = "quay-1"\n{LOGIN.format(module.USER)}[national]\n'
            f'after = "tinh"\nunit = "{module.UNIT}"\nunit_name = "UBND"\ndestination = "{module.DESTINATION}"\n'
            'share_path = "/share"\nopens = true\n',
            "utf-8",
        )
        delivered(read_profile(file), Secrets(as_opencps.PASSWORD, portal=module.PASSWORD), folder)
        return asked


# -- what must be refused --------------------------------------------------------------------------------------------


def without(header: str, below: str = "/") -> Callable[[Asked], Asked | None]:
    def spoil(asked: Asked) -> Asked | None:
        if not asked.path.startswith(below):
            return None
        kept = {name: value for name, value in asked.headers.items() if name.lower() != header.lower()}
        return replace(asked, headers=kept) if len(kept) < len(asked.headers) else None

    return spoil


def other_text(old: str, new: str) -> Callable[[Asked], Asked | None]:
    def spoil(asked: Asked) -> Asked | None:
        changed = replace(asked, path=asked.path.replace(old, new), body=asked.body.replace(old.encode(), new.encode()))
        return changed if changed != asked else None

    return spoil


@dataclass(frozen=True, slots=True)
class Lane:
    """One description, who asks, and faults it must not let pass, by name."""

    spec: Path
    asks: Callable[[Path], list[Asked]]
    faults: dict[str, Callable[[Asked], Asked | None]]


LANES = {
    "opencps": Lane(
        as_opencps.SPEC,
        of_opencps,
        {
            "thiếu groupId": without("groupId"),
            "thiếu dossierPartNo": other_text('name="dossierPartNo"', 'name="partNo"'),
        },
    ),
    "td": Lane(
        as_td.SPEC,
        of_td,
        {
            "hàng chờ số 0": other_text("TrangThaiSoHoa=1", "TrangThaiSoHoa=0"),
            "thiếu FolderName": other_text('name="FolderName"', 'name="Folder"'),
            "thiếu Tenant": without("Tenant", below="/api/v1"),
        },
    ),
    "national": Lane(
        as_national_portal.SPEC,
        of_national,
        {
            "isUpdating là số": other_text('"isUpdating": "False"', '"isUpdating": 0'),
            "TrangThaiHoSo 11": other_text('"TrangThaiHoSo": "2"', '"TrangThaiHoSo": "11"'),
            "ngày sai dạng": other_text('"NgayTiepNhan": "2026', '"NgayTiepNhan": "26'),
            "thiếu dstcode": without("dstcode"),
        },
    ),
}


def status_of(base: str, asked: Asked) -> int:
    what = {"data": asked.body or None, "headers": asked.headers, "method": asked.method}
    request = Request(base + asked.path, **what)  # noqa: S310 - loopback
    try:
        with _OPEN.open(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def walk(name: str, lane: Lane, program: Path) -> bool:
    """One description against what was asked; True when every line is as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        asked = lane.asks(Path(folder))
    good = bool(asked)
    with serving(program, lane.spec) as base:
        for one in asked:
            status = status_of(base, one)
            fits = status < 300
            good &= fits
            if not fits:
                say(f"{name}: {one.method} {one.path.partition('?')[0]}: Prism trả {status}")
        say(f"{name}: {len(asked)} yêu cầu đã phát lại")
        for words, spoil in lane.faults.items():
            spoiled = next((changed for one in asked if (changed := spoil(one)) is not None), None)
            status = status_of(base, spoiled) if spoiled is not None else 0
            refused = 400 <= status < 500
            good &= refused
            say(f"{name}: {words}: {f'bị từ chối ({status})' if refused else f'LỌT ({status})'}")
    print(json.dumps({"lane": "prism", "contract": name, "requests": len(asked), "good": good}), flush=True)
    return good


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else ROOT / ".prism-lane"
    try:
        program = prism_in(folder)
        good = [walk(name, lane, program) for name, lane in LANES.items()]
    except Missing as missing:
        say(str(missing))
        return 3
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
