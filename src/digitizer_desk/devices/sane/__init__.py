# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The SANE backend: what runs in the scanner host. One process finds scanners once, answers one question, or runs one
batch.

Apart from ``client.py`` because vendor code is loaded here: it may crash, hang or print, and the desk must not.
Standard library and python-sane (or libsane itself) only, so that a host is ready in milliseconds.
"""

from __future__ import annotations

import os
import signal
import threading

from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.sane.batch import Batch
from digitizer_desk.devices.sane.binding import Binding, PythonSane, SaneTrouble
from digitizer_desk.devices.sane.inquiry import answer
from digitizer_desk.devices.sane.settle import Order

__all__ = ["serve", "serve_direct"]


def serve(wire: Wire, binding: Binding | None = None) -> None:
    """Answer one request: ``find``, ``scan``, ``capabilities``, ``look`` or ``options``. A ``stop`` line may follow a
    scan at any time.

    Raises:
        line.BrokenLine: the desk closed the pipe before asking.
    """
    # a clerk's Ctrl-C in the terminal is the desk's affair; it tells us by a line or by closing the pipe
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if binding is None:
        try:
            binding = _usual()
        except ImportError as problem:
            wire.fault("scanner.driver_missing", str(problem), driver="python-sane, libsane1")
            return
    wire.send("hello", protocol=line.PROTOCOL, backend="sane", version=binding.version)
    request, _ = wire.receive()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(wire, stop), name="desk-listener", daemon=True).start()
    if request.get("do") == "find":
        _find(wire, binding)
    elif request.get("do") == "scan":
        Batch(wire, binding, Order.from_message(request), stop).run()
    else:
        answer(wire, binding, request)


def serve_direct(wire: Wire) -> None:
    """:func:`serve` past python-sane, for drivers it mistreats (a manifest's ``binding``).

    Raises:
        line.BrokenLine: as :func:`serve`.
    """
    try:
        binding = _direct()
    except ImportError as problem:
        wire.fault("scanner.driver_missing", str(problem), driver="libsane1")
        return
    serve(wire, binding)


def _usual() -> Binding:
    """python-sane; a machine without it (it must be compiled) can still scan."""
    try:
        return PythonSane()
    except ImportError:
        return _direct()


def _direct() -> Binding:
    # here, because ctypes costs time that python-sane does not need
    from digitizer_desk.devices.sane.direct import DirectSane

    return DirectSane()


def _find(wire: Wire, binding: Binding) -> None:
    try:
        for name, vendor, model, kind in binding.devices():
            wire.send("device", name=name, vendor=vendor, model=model, kind=kind)
    except SaneTrouble as problem:
        wire.fault("scanner.unknown", problem.sentence)
        return
    wire.send("found")


def _listen(wire: Wire, stop: threading.Event) -> None:
    """Set the flag on a stop line; end the process at once when the desk is gone, whatever vendor code is doing."""
    while True:
        try:
            message, _ = wire.receive()
        except line.BrokenLine:
            os._exit(1)
        if message.get("do") == "stop":
            stop.set()
