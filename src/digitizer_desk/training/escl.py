# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The virtual scanner's network side: an eSCL (AirScan) device on a UNIX socket, in a process of its own.

Apart from ``scanner.py`` (which starts and feeds it). Debian's unmodified sane-airscan talks to it, so everything from
the driver upwards is real. Field names are those of the public eSCL protocol; the device is honest about its jobs: a
finished or cancelled one answers 404.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import socketserver
import struct
import threading
import time
import uuid
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np

from digitizer_desk.imaging.master import as_png, at_resolution, decode, encode_master
from digitizer_desk.training.scanner import NAME

_NS = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
_RESOLUTIONS = (100, 150, 200, 300, 400, 600)
#: largest sheet the device claims, in 1/300 inch: A4 wide, and long enough for A4; and what no scanner can be
_A4_LONG = (2550, 4200)
_CLAIMS = {"claims_giant": (1_000_000_000, 1_000_000_000), "claims_nothing": (0, 0)}
#: faults that come instead of a page: the state the feeder is stuck in until someone opens the lid
_STUCK = {"jam": "ScannerAdfJam", "cover": "ScannerAdfHatchOpen", "double": "ScannerAdfMultipickDetected"}
#: faults that are an HTTP answer instead of a page
_ANSWERS = {"error": 500, "withdrawn": 410}


@dataclass(slots=True)
class Job:
    """One scan job as the device sees it. ``waiting`` are sides of the sheet in the path."""

    id: str
    feeder: bool
    duplex: bool
    grey: bool
    dpi: int
    kind: str = "image/png"
    sent: int = 0
    #: pictures the desk's side has taken whole: what ImagesCompleted says
    done: int = 0
    open: bool = True
    aborted: bool = False
    waiting: list[bytes] = field(default_factory=list)

    @property
    def state(self) -> str:
        """JobState of the status document."""
        return "Aborted" if self.aborted else "Processing" if self.open else "Completed"


class Machine:
    """The device: a tray of sheets, jobs, and faults that come after so many sides. Shared by request threads."""

    def __init__(self, *, ppm: float = 0.0) -> None:
        self.ppm = ppm
        self.lock = threading.Lock()
        self.tray: list[list[bytes]] = []
        self.faults: list[tuple[int, str]] = []
        self.jobs: dict[str, Job] = {}
        self.stuck_state = ""
        self.sent = 0
        self.unplugged = False
        self.occupied = False
        self.deaf_to_cancel = False
        self.claims = _A4_LONG

    def clear(self) -> None:
        """Lid open, paper out, faults forgotten, running jobs ended. The caller holds the lock."""
        self.tray.clear()
        self.faults.clear()
        self.stuck_state = ""
        self.unplugged = self.occupied = self.deaf_to_cancel = False
        self.claims = _A4_LONG
        for job in self.jobs.values():
            job.open = False

    def order(self, after: int, kind: str) -> None:
        """Note a fault; what concerns the whole device is so at once. The caller holds the lock."""
        if kind in _CLAIMS:
            self.claims = _CLAIMS[kind]
        elif kind == "deaf":
            self.deaf_to_cancel = True
        elif kind == "gone":
            self.unplugged = True
        elif kind == "occupied":
            self.occupied = True
        else:
            self.faults.append((after, kind))

    def next_side(self, job: Job) -> bytes | None:
        """Feed one side, or None when there is none left. The caller holds the lock.

        A job cancelled while its sheet was under way loses the sheet: it leaves the path unsent, as on a real device.
        """
        if not job.waiting:
            if not self.tray:
                return None
            sheet = self.tray.pop(0)
            job.waiting = list(sheet) if job.duplex else sheet[:1]
        side = job.waiting.pop(0)
        return side if job.open else None

    def due_fault(self, job: Job) -> str:
        """The fault that is due now, once. The caller holds the lock."""
        for entry in self.faults:
            if entry[0] <= job.sent:
                self.faults.remove(entry)
                return entry[1]
        return ""


class Handler(BaseHTTPRequestHandler):
    """The four requests of a scan: capabilities, status, a new job, the next document."""

    protocol_version = "HTTP/1.1"
    machine: Machine

    def log_message(self, *_: Any) -> None:
        """Silent: nothing about papers is logged."""

    def address_string(self) -> str:
        return "local"

    def _answer(self, code: int, body: bytes = b"", kind: str = "text/xml", **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one_request(self) -> None:
        if self.machine.unplugged:
            self._hang_up()
        else:
            super().handle_one_request()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        if self.path.endswith("/ScannerCapabilities"):
            self._answer(200, capabilities(self.machine.claims))
        elif self.path.endswith("/ScannerStatus"):
            self._answer(200, status(self.machine))
        elif found := re.search(r"/ScanJobs/(\w+)/NextDocument$", self.path):
            self._next_document(found[1])
        else:
            self._answer(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        machine = self.machine
        feeder = _value(body, "InputSource") == "Feeder"
        with machine.lock:
            if machine.occupied:
                self._answer(503)
                return
            if feeder and not machine.tray and not machine.stuck_state:
                self._answer(409)
                return
            job = Job(
                id=uuid.uuid4().hex,
                feeder=feeder,
                duplex=_value(body, "Duplex") == "true",
                grey=_value(body, "ColorMode") == "Grayscale8",
                dpi=int(_value(body, "XResolution") or 300),
                kind=_value(body, "DocumentFormatExt") or _value(body, "DocumentFormat") or "image/png",
            )
            machine.jobs[job.id] = job
        self._answer(201, Location=f"/eSCL/ScanJobs/{job.id}")

    def do_DELETE(self) -> None:
        if self.machine.deaf_to_cancel:
            threading.Event().wait()
        job = self.machine.jobs.get(self.path.rpartition("/")[2])
        if job is not None:
            job.open = False
        self._answer(200)

    def _next_document(self, job_id: str) -> None:
        machine = self.machine
        with machine.lock:
            job = machine.jobs.get(job_id)
            if job is None or not job.open:
                self._answer(404)
                return
            if machine.stuck_state:
                self._answer(409)
                return
            fault = machine.due_fault(job)
        if fault and not self._play(fault, job):
            return
        if machine.ppm and not job.waiting:
            time.sleep(60 / machine.ppm)
        with machine.lock:
            side = machine.next_side(job)
            if side is None or (not job.feeder and job.sent):
                job.open = False
                self._answer(404)
                return
            job.sent += 1
            machine.sent += 1
            if not machine.tray and not job.waiting:
                job.open = job.feeder and bool(machine.faults)
        body = at_resolution(side, job.dpi, grey=job.grey)
        if job.kind == "image/jpeg":
            body = encode_master(decode(body), float(job.dpi))
        if fault in ("drop", "stall_inside", "unplug"):
            self._half(body, job.kind, fault)
            return
        with machine.lock:
            # before the last byte goes out: the desk may ask for the count as soon as it has the page
            job.done += 1
        self._answer(200, spoiled(body, fault), job.kind, Content_Location=self.path)

    def _play(self, fault: str, job: Job) -> bool:
        """Play a fault that comes before the page. True when a page, or part of one, is sent all the same."""
        if fault in _STUCK:
            self.machine.stuck_state = _STUCK[fault]
            self._answer(409)
        elif fault in _ANSWERS:
            self._answer(_ANSWERS[fault])
        elif fault == "busy":
            self._answer(503, Retry_After="1")
        elif fault == "stall":
            threading.Event().wait()
        elif fault in ("silent", "aborted", "vanish"):
            job.open, job.aborted = False, fault == "aborted"
            if fault == "vanish":
                self.machine.jobs.pop(job.id)
            self._answer(404)
        elif fault == "crash":
            self._hang_up()
        else:
            return True
        return False

    def _half(self, body: bytes, kind: str, fault: str) -> None:
        """Half a page, then the line is cut, the device is gone for good, or nothing more comes."""
        self.machine.unplugged = fault == "unplug"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        if fault == "stall_inside":
            threading.Event().wait()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def spoiled(body: bytes, fault: str) -> bytes:
    """A page (PNG or JPEG) as a broken device sends it; without a fault of this kind, the page."""
    if fault == "garbage":
        return os.urandom(5000)
    if fault == "truncated":
        return body[: len(body) // 2]
    if fault in ("giant", "nothing"):
        side = 1_000_000_000 if fault == "giant" else 0
        return with_size(body, side, side)
    if fault == "taller":
        pixels = decode(body)
        return as_png(np.concatenate((pixels, pixels)), (300.0, 300.0))
    return body


def with_size(png: bytes, width: int, height: int) -> bytes:
    """The same PNG with another size in its header (PNG, third edition, 11.2.1), checksum made right."""
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """HTTP over a UNIX socket: no port is opened, nothing leaves this machine."""

    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, _ = self.socket.accept()
        return connection, ("local", 0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A driver that hangs up in the middle is an ordinary thing here."""


def _value(body: str, tag: str) -> str:
    found = re.search(rf"<\w+:{tag}>([^<]*)<", body)
    return found[1] if found else ""


def capabilities(largest: tuple[int, int] = _A4_LONG) -> bytes:
    """What the device says of itself: flatbed and duplex feeder, colour and grey, PNG (lossless).

    ``largest``: width and height of the largest sheet, in 1/300 inch.
    """
    modes = "".join(f"<scan:ColorMode>{mode}</scan:ColorMode>" for mode in ("Grayscale8", "RGB24"))
    steps = "".join(
        "<scan:DiscreteResolution>"
        f"<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>"
        "</scan:DiscreteResolution>"
        for dpi in _RESOLUTIONS
    )
    formats = "".join(
        f"<pwg:DocumentFormat>{f}</pwg:DocumentFormat><scan:DocumentFormatExt>{f}</scan:DocumentFormatExt>"
        for f in ("image/jpeg", "image/png")
    )
    profile = (
        "<scan:SettingProfiles><scan:SettingProfile>"
        f"<scan:ColorModes>{modes}</scan:ColorModes><scan:DocumentFormats>{formats}</scan:DocumentFormats>"
        f"<scan:SupportedResolutions><scan:DiscreteResolutions>{steps}</scan:DiscreteResolutions>"
        "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
    )
    width, height = largest
    box = (
        f"<scan:MinWidth>{min(16, width)}</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>"
        f"<scan:MinHeight>{min(16, height)}</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>{profile}"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities {_NS}><pwg:Version>2.63</pwg:Version>'
        f"<pwg:MakeAndModel>{NAME}</pwg:MakeAndModel><pwg:SerialNumber>TH0001</pwg:SerialNumber>"
        f"<scan:Platen><scan:PlatenInputCaps>{box}</scan:PlatenInputCaps></scan:Platen>"
        f"<scan:Adf><scan:AdfSimplexInputCaps>{box}</scan:AdfSimplexInputCaps>"
        f"<scan:AdfDuplexInputCaps>{box}</scan:AdfDuplexInputCaps><scan:FeederCapacity>80</scan:FeederCapacity>"
        "</scan:Adf></scan:ScannerCapabilities>"
    ).encode()


def status(machine: Machine) -> bytes:
    """The device's state, with the count of pictures of each job: the independent number a desk can compare."""
    with machine.lock:
        adf = machine.stuck_state or ("ScannerAdfLoaded" if machine.tray else "ScannerAdfEmpty")
        jobs = "".join(
            f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{job.id}</pwg:JobUri><pwg:JobUuid>{job.id}</pwg:JobUuid>"
            f"<pwg:ImagesCompleted>{job.done}</pwg:ImagesCompleted>"
            f"<pwg:JobState>{job.state}</pwg:JobState></scan:JobInfo>"
            for job in machine.jobs.values()
        )
    return (
        f'<?xml version="1.0"?><scan:ScannerStatus {_NS}><pwg:Version>2.63</pwg:Version><pwg:State>Idle</pwg:State>'
        f"<scan:AdfState>{adf}</scan:AdfState><scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
    ).encode()
