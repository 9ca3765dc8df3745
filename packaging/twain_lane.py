#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""TWAIN on Linux: the desk against the unmodified worker, a Windows Python, Wine's source manager and a source of ours.

    python3 packaging/dev.py twain-lane [FOLDER]    parts and results lie in FOLDER (.twain-lane of the checkout)

Honest about the worker, pytwain, ctypes and pipes on Windows, and a manager written by others. Not about makers'
drivers, 32 bit, and Windows' own message loop: see docs/twain.md. Prints a table; the exit code is
1 when a line of it is not as it should be, 3 when a part cannot be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "tests" / "devices" / "twain" / "wine"
DEBIAN = ("wine64", "gcc-mingw-w64-x86-64", "xvfb")
#: the only wheel of PyPI that carries Windows' CPython as a library
PANDA = "panda3d==1.10.16"
PYTWAIN = "pytwain>=2.3,<2.4"
VERSION = f"{sys.version_info.major}{sys.version_info.minor}"
WINE = Path("/usr/lib/wine")
ADF = "twain:64:Virtual ADF"
A5 = (1240, 1754)  # pixels: 148 x 210 mm at 212 dpi, 6.5 MB in colour
A4 = (2480, 3508)


class Missing(Exception):
    """A part cannot be had; the text says which and what to do."""


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def do(*words: object, **more: object) -> None:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    if done.returncode:
        raise Missing(f"{' '.join(str(word) for word in words)}: {(done.stderr or done.stdout).strip()[-600:]}")


# -- parts -----------------------------------------------------------------------------------------------------------


def debian_parts() -> None:
    there = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *DEBIAN],
        check=False,
        capture_output=True,
        text=True,
    )
    missing = [name for name in DEBIAN if f"{name} installed" not in there.stdout]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Missing(f"apt-get install --no-install-recommends {' '.join(missing)}")
    say(f"Cài gói Debian: {', '.join(missing)}")
    apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    do(*apt, "update", env=env)
    do(*apt, "install", "--yes", "--no-install-recommends", *missing, env=env)


def windows_python(work: Path) -> Path:
    """A folder with python.exe, its library, its modules, pytwain. Returns python.exe."""
    home = work / "python"
    python = home / "python.exe"
    if python.is_file():
        return python
    say("Lấy Python cho Windows (65 MB) và pytwain…")
    pip = (python_with_pip(), "-m", "pip", "--quiet", "--disable-pip-version-check")
    wheels = ("download", "--no-deps", "--only-binary=:all:", "--platform", "win_amd64", "--python-version", VERSION)
    do(*pip, *wheels, "--dest", work / "wheels", PANDA)
    do(*pip, "install", "--no-deps", "--upgrade", "--target", home / "site", PYTWAIN)
    (home / "DLLs").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(next((work / "wheels").glob("panda3d*.whl"))) as wheel:
        for name in wheel.namelist():
            file = Path(name).name
            if name.startswith("deploy_libs/") and file:
                folder = home / "DLLs" if file.endswith(".pyd") or file.startswith("libffi") else home
                (folder / file).write_bytes(wheel.read(name))
    shutil.rmtree(work / "wheels")
    left_out = shutil.ignore_patterns(
        "site-packages", "dist-packages", "test", "__pycache__", "lib-dynload", "config-*", "idlelib", "tkinter"
    )
    shutil.copytree(sysconfig.get_paths()["stdlib"], home / "Lib", dirs_exist_ok=True, ignore=left_out)
    library = f"python{VERSION}"
    (home / f"{library}._pth").write_text("Lib\nDLLs\nsite\n", "utf-8")
    compiler = "x86_64-w64-mingw32-gcc"
    part = home / "python.part"
    do(compiler, "-O2", "-municode", "-s", f'-DPYTHON_DLL="{library}.dll"', "-o", part, SOURCES / "python_exe.c")
    part.rename(python)
    return python


def python_with_pip() -> str:
    """This Python, or the system's where the environment was made without pip."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0:
            return python
    raise Missing("apt-get install python3-pip")


def wine_prefix(work: Path, env: dict[str, str]) -> None:
    source = work / "virtual.ds"
    do("x86_64-w64-mingw32-gcc", "-O2", "-Wall", "-Werror", "-shared", "-s", "-o", source, SOURCES / "virtual_ds.c")
    prefix = Path(env["WINEPREFIX"])
    if not (prefix / "system.reg").is_file():
        say("Tạo môi trường Wine…")
        do(WINE / "wine64", "wineboot", "--init", env=env, stdin=subprocess.DEVNULL, timeout=180)
        # the registry is written when Wine's server ends
        do(WINE / "wineserver", "--wait", env=env, timeout=60)
    # Wine's manager knows sources by the name of its own
    shutil.copy(source, prefix / "drive_c" / "windows" / "twain_64" / "sane.ds")


@contextmanager
def surroundings(work: Path) -> Iterator[dict[str, str]]:
    """A display, and Wine's environment; both servers are gone afterwards."""
    env = {**os.environ, "WINEPREFIX": str(work / "prefix"), "WINEDEBUG": "-all", "WINEARCH": "win64"}
    env |= {"WINEDLLOVERRIDES": "mscoree=;mshtml=;sane.ds=n", "VIRTUAL_DS": windows_path(work / "stack")}
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        env["DISPLAY"] = f":{told.readline().strip()}"
    try:
        yield env
    finally:
        subprocess.run([WINE / "wineserver", "--kill"], env=env, check=False, capture_output=True)
        screen.terminate()
        screen.wait()


def windows_path(path: Path) -> str:
    return "Z:" + str(path.resolve()).replace("/", "\\")


# -- stacks ----------------------------------------------------------------------------------------------------------


def lay(stack: Path, sides: int, size: tuple[int, int], **more: int) -> list[np.ndarray]:
    """Lay a stack into the virtual feeder. Returns its sides, height x width x 3."""
    shutil.rmtree(stack, ignore_errors=True)
    stack.mkdir(parents=True)
    width, height = size
    lines = {"sides": sides, "width": width, "height": height, **more}
    (stack / "scan.ini").write_text("[scan]\r\n" + "".join(f"{k}={v}\r\n" for k, v in lines.items()), "ascii")
    random = np.random.default_rng(sides)
    pictures = []
    for number in range(1, sides + 1):
        picture = random.integers(0, 256, (height, width, 3), np.uint8)
        (stack / f"side{number:03d}.rgb").write_bytes(picture.tobytes())
        pictures.append(picture)
    return pictures


def expected(picture: np.ndarray, mode: str) -> int:
    """CRC-32 of the bytes the desk must get of this side."""
    if mode == "color":
        return zlib.crc32(picture.tobytes())
    grey = (picture.astype(np.uint32) @ np.array([77, 150, 29], np.uint32) >> 8).astype(np.uint8)
    return zlib.crc32((np.where(grey >= 128, 255, 0).astype(np.uint8) if mode == "bw" else grey).tobytes())


# -- the lane --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table: what is laid in and ordered, how it must end and which sides must come."""

    name: str
    end: str
    sides: tuple[int, ...]
    source: str = "feeder-duplex"
    mode: str = "color"
    transfer: str = "memory"
    laid: int = 6
    at: int = 0
    trouble: int = 0
    pending: int = 0
    memory: int = 1
    window: int = 0
    dpi: int = 300
    size: tuple[int, int] = A5
    stop_after: int = 0
    max_pages: int | None = None
    clean: bool = True  # the source must have been closed


ALL = (1, 2, 3, 4, 5, 6)
CASES = [
    *[
        Case(f"{transfer} {mode} {source}", "empty" if source != "flatbed" else "enough", sides, source, mode, transfer)
        for transfer in ("memory", "native")
        for mode in ("color", "gray", "bw")
        for source, sides in (("feeder-duplex", ALL), ("feeder", (1, 3, 5)), ("flatbed", (1,)))
        if mode == "color" or source == "feeder-duplex"
    ],
    Case("memory, number of pictures unknown", "empty", ALL, pending=1),
    Case("a source without memory transfer", "empty", ALL, memory=0),
    Case("two pages and no more", "enough", (1, 2), max_pages=2),
    Case("stopped by the clerk", "stopped", (1, 2), stop_after=2),
    Case("empty tray", "scanner.empty", (), laid=0),
    Case("jam at picture 3", "scanner.jam", (1, 2), at=3, trouble=20),
    Case("jam at picture 3, native", "scanner.jam", (1, 2), at=3, trouble=20, transfer="native"),
    Case("double feed at picture 3", "scanner.double_feed", (1, 2), at=3, trouble=21),
    Case("cover open at picture 3", "scanner.cover_open", (1, 2), at=3, trouble=24),
    Case("line lost at picture 3", "scanner.lost", (1, 2), at=3, trouble=23),
    Case("not there at the first picture", "scanner.offline", (), at=1, trouble=23),
    Case("does not open", "scanner.offline", (), at=-1, trouble=5, clean=False),
    Case("resolution not offered", "scanner.refused", (), dpi=240),
    Case("insists on its own window", "scanner.refused", (), window=1),
    Case("driver crashes at picture 3", "scanner.crashed", (1, 2), at=3, trouble=-1, clean=False),
    Case("driver hangs at picture 3", "scanner.stuck", (1, 2), at=3, trouble=-2, clean=False),
    Case("and the next batch is whole", "empty", ALL),
    Case("A4 at 300 dpi, memory", "empty", ALL, size=A4),
    Case("A4 at 300 dpi, native", "empty", ALL, size=A4, transfer="native"),
]


def play(case: Case, stack: Path, scanner: Callable[[str], object]) -> tuple[str, list[int], float]:
    """How it ended, the CRCs that came, seconds it took."""
    from digitizer_desk.devices.scanner import BatchClosed, Mode, RawPage, ScanJob, ScanSettings, Source
    from digitizer_desk.errors import DeskError

    came: list[int] = []
    end = "nothing told"
    wants = ScanSettings(Source(case.source), Mode(case.mode), case.dpi, (210.0, 297.0), case.max_pages)
    started = time.perf_counter()
    try:
        stop = lambda: 0 < case.stop_after <= len(came)  # noqa: E731
        for event in scanner(case.transfer).scan(ScanJob(ADF, wants), stop):  # type: ignore[attr-defined]
            if isinstance(event, RawPage):
                came.append(zlib.crc32(event.pixels))
            if isinstance(event, BatchClosed):
                end = event.reason.value
                counted = event.counter
                if end == "empty" and (counted, event.trusted_end) != (len(came), True):
                    end = f"empty, but the scanner counted {counted}"
    except DeskError as problem:
        end = problem.code
    return end, came, time.perf_counter() - started


def run_cases(work: Path, python: Path, env: dict[str, str]) -> int:
    sys.path.insert(0, str(ROOT / "src"))
    from digitizer_desk.devices.manifest import Manifests, ScannerManifest, load_manifests
    from digitizer_desk.devices.twain.client import TwainScanner
    from digitizer_desk.devices.twain.workers import TwainWorker

    base = load_manifests([ROOT / "drivers" / "scanners"]).of("twain").model_dump(by_alias=True)
    names = ("WINEPREFIX", "WINEDEBUG", "WINEARCH", "WINEDLLOVERRIDES", "VIRTUAL_DS", "DISPLAY")
    program = windows_path(ROOT / "drivers" / "twain")
    command = (str(WINE / "wine64"), str(python), program, "--dsm", "twain_32.dll")
    worker = TwainWorker(64, command, {name: env[name] for name in names})

    # no log: a Windows Python under Wine 8 does not start with a plain file for its stderr
    def scanner(transfer: str) -> TwainScanner:
        changed = {**base, "id": "lane", "twain": {"transfer": transfer}}
        changed["timeouts"] = {**base["timeouts"], "between_pages_s": 3.0, "inside_page_s": 3.0}
        return TwainScanner(Manifests((ScannerManifest.model_validate(changed),)), [worker])

    stack = work / "stack"
    lay(stack, 1, (8, 8))
    found = [one.id for one in scanner("memory").find()]
    print(f"{'found':36} {', '.join(found)}")
    wrong = int(ADF not in found)
    for case in CASES:
        more = {"at": case.at, "trouble": case.trouble, "pending": case.pending}
        more |= {"memory": case.memory, "window": case.window}
        pictures = lay(stack, case.laid, case.size, **more)
        end, came, seconds = play(case, stack, scanner)
        whole = came == [expected(pictures[number - 1], case.mode) for number in case.sides]
        if case.stop_after:
            sent = [expected(picture, case.mode) for picture in pictures]
            whole = len(came) >= case.stop_after and came == sent[: len(came)]
        closed = (stack / "closed.txt").exists() or not case.clean
        good = end == case.end and whole and closed
        wrong += not good
        told = f"{end:22} {len(came)} pages, {'same bytes' if whole else 'OTHER BYTES'}"
        told += "" if closed else ", SOURCE LEFT OPEN"
        verdict = "ok" if good else f"WRONG, wanted {case.end}"
        print(f"{case.name:36} {told} {seconds:6.2f} s  {verdict}", flush=True)
    return wrong + check_job(python, env)


def check_job(python: Path, env: dict[str, str]) -> int:
    """The desk's Windows job, run by the Windows Python: it must end a host's children with the host."""
    start = f"import sys, runpy; sys.path.insert(0, r'{windows_path(ROOT / 'src')}'); "
    start += f"runpy.run_path(r'{windows_path(SOURCES / 'job_check.py')}', run_name='__main__')"
    command = [str(WINE / "wine64"), str(python), "-c", start]
    done = subprocess.run(
        command, env=env, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    said = done.stdout.strip() or done.stderr.strip()[-300:]
    good = said == "ended together: True; left alone: True"
    print(f"{'a job ends a whole tree':36} {said}  {'ok' if good else 'WRONG'}")
    return int(not good)


def main(arguments: list[str]) -> int:
    work = Path(arguments[0] if arguments else ROOT / ".twain-lane").resolve()
    work.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        debian_parts()
        python = windows_python(work)
        with surroundings(work) as env:
            wine_prefix(work, env)
            say(f"Đủ các phần sau {time.monotonic() - started:.0f} giây, ở {work}")
            wrong = run_cases(work, python, env)
    except (Missing, OSError, subprocess.TimeoutExpired) as problem:
        say(f"Không đủ phần để chạy: {problem}")
        return 3
    say(f"{len(CASES) + 2} phép thử, {wrong} sai, {time.monotonic() - started:.0f} giây")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
