#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Set up a fresh machine and run the desk, its tests, its benchmarks or its pictures. Standard library only.

    python3 packaging/dev.py run [--headless] [...]   the training desk
    python3 packaging/dev.py test [pytest options]    all tests
    python3 packaging/dev.py soak                     the long versions of the crash and load tests
    python3 packaging/dev.py bench                    speed against named limits
    python3 packaging/dev.py pictures [--quick]       pictures of every screen, light and dark, 100 % and 150 %
    python3 packaging/dev.py twain-lane [FOLDER]      TWAIN under Wine: a minute and up to 2 GB the first time
    python3 packaging/dev.py prism-lane [FOLDER]      requests to provinces against Prism: 90 MB of npm the first time
    python3 packaging/dev.py setup                    only the set-up

Safe to repeat; when nothing is to be done it is through in well under five seconds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.stamp"
LEAST_PYTHON = (3, 11)

#: Debian package -> why
DEBIAN = {
    "python3-venv": "môi trường ảo",
    "python3-dev": "biên dịch python-sane",
    "gcc": "biên dịch python-sane, bộ gây lỗi PKCS#11 của phép thử",
    "libc6-dev": "biên dịch python-sane",
    "libsane-dev": "máy quét (SANE)",
    "sane-airscan": "máy quét mạng không cần trình điều khiển riêng",
    "sane-utils": "đối chứng và máy quét dùng chung qua mạng (scanimage, saned)",
    "softhsm2": "token mềm để tập huấn",
    "poppler-utils": "kiểm tra chữ ký độc lập (pdfsig)",
    "mupdf-tools": "kiểm tra chữ ký độc lập (mutool)",
    "qpdf": "kiểm tra PDF độc lập",
    "xvfb": "màn hình ảo",
    "libglib2.0-0": "cửa sổ (Qt)",
    "libegl1": "cửa sổ (Qt)",
    "libgl1": "cửa sổ (Qt)",
    "libfontconfig1": "cửa sổ (Qt)",
    "libdbus-1-3": "cửa sổ (Qt)",
    "libxkbcommon0": "cửa sổ (Qt)",
    "libxkbcommon-x11-0": "cửa sổ (Qt)",
    "libxcb-cursor0": "cửa sổ (Qt)",
    "libxcb-icccm4": "cửa sổ (Qt)",
    "libxcb-image0": "cửa sổ (Qt)",
    "libxcb-keysyms1": "cửa sổ (Qt)",
    "libxcb-randr0": "cửa sổ (Qt)",
    "libxcb-render-util0": "cửa sổ (Qt)",
    "libxcb-shape0": "cửa sổ (Qt)",
    "libxcb-sync1": "cửa sổ (Qt)",
    "libxcb-xfixes0": "cửa sổ (Qt)",
    "libx11-xcb1": "cửa sổ (Qt)",
}


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    if sys.version_info < LEAST_PYTHON:
        say(f"Cần Python {LEAST_PYTHON[0]}.{LEAST_PYTHON[1]} trở lên; đây là {sys.version.split()[0]}.")
        return 2
    what, rest = arguments[0], arguments[1:]
    todo = {"run": run, "test": test, "soak": soak, "bench": bench, "pictures": pictures}
    todo |= {"twain-lane": twain_lane, "prism-lane": prism_lane, "setup": lambda _rest: 0}
    if what not in todo:
        say(f"Không có việc «{what}». Các việc: {', '.join(todo)}.")
        return 2
    code = set_up()
    return code or todo[what](rest)


# -- set-up ----------------------------------------------------------------------------------------------------------


def set_up() -> int:
    """Debian packages, virtual environment, the project in it. Returns 0 or an exit code with the reason said."""
    code = debian_packages()
    if code:
        return code
    if is_stamped():
        return 0
    started = time.monotonic()
    if not venv_works() and make_venv():
        return 3
    pip = pip_for_venv()
    if pip is None:
        say("Thiếu pip và ensurepip của Python. Trên Debian: apt-get install python3-venv python3-pip, rồi chạy lại.")
        return 3
    say("Cài các thư viện Python vào .venv (lần đầu vài phút)…")
    install = [*pip, "--disable-pip-version-check", "install", "--quiet", "--editable", f"{ROOT}[dev]"]
    if subprocess.call(install, cwd=ROOT):
        say("Không cài được thư viện Python. Kiểm tra mạng rồi chạy lại lệnh này.")
        return 3
    STAMP.write_text(wanted_stamp(), "utf-8")
    say(f"Xong phần chuẩn bị sau {time.monotonic() - started:.0f} giây.")
    return 0


def debian_packages() -> int:
    """Install what is missing; without the right to do so, say the command to run."""
    if os.name == "nt":
        say("Trên Windows không có gói Debian: bỏ qua phần này. Trình điều khiển cài theo hướng dẫn của hãng.")
        return 0
    if shutil.which("dpkg-query") is None:
        say("Máy này không phải Debian: hãy tự cài SANE, SoftHSM2, poppler và thư viện Qt tương ứng.")
        return 0
    missing = missing_packages()
    if not missing:
        return 0
    say(f"Cần cài {len(missing)} gói Debian: {', '.join(missing)}")
    root = as_root()
    if root is None:
        say("Không có quyền quản trị. Nhờ quản trị máy chạy lệnh sau rồi chạy lại:")
        say(f"  apt-get install --no-install-recommends {' '.join(missing)}")
        return 3
    # another apt (the nightly update) may be at work: wait for it
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.call([*apt, "update"], stdout=subprocess.DEVNULL)
    if subprocess.call([*apt, "install", "--yes", "--no-install-recommends", *missing], stdout=subprocess.DEVNULL):
        say("Không cài được gói Debian. Kiểm tra mạng và nguồn gói rồi chạy lại.")
        return 3
    return 0


def missing_packages() -> list[str]:
    """Which of the Debian packages are not installed (one quick question)."""
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *DEBIAN],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    there = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in DEBIAN if name not in there]


def as_root() -> list[str] | None:
    """The words to put before a command that needs root: none, sudo, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and (sys.stdin.isatty() or subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0):
        return [sudo]
    return None


def make_venv() -> int:
    """A new environment of the Python running this; what stood there (of another Python, or half made) goes."""
    say(f"Tạo môi trường ảo .venv bằng Python {sys.version.split()[0]}…")
    without = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    code = subprocess.call([sys.executable, "-m", "venv", "--clear", *without, str(VENV)])
    if code:
        say("Không tạo được .venv. Kiểm tra chỗ trống và quyền ghi của thư mục này rồi chạy lại.")
    return code


def venv_works() -> bool:
    """Whether the environment's own Python starts and is new enough: after an upgrade of the system it may not."""
    asked = f"import sys; sys.exit(sys.version_info < {LEAST_PYTHON})"
    try:
        return subprocess.call([str(venv_python()), "-c", asked], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def pip_for_venv() -> list[str] | None:
    """The environment's own pip; or, where Python came without ensurepip, the system's pip working for it."""
    for pip in (
        [str(venv_python()), "-m", "pip"],
        [sys.executable, "-m", "pip", "--python", str(venv_python())],
    ):
        if subprocess.call([*pip, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return pip
    return None


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp() -> str:
    """What the environment was made from: another project file, Python or place means: install again."""
    made_of = (ROOT / "pyproject.toml").read_bytes() + (VENV / "pyvenv.cfg").read_bytes() + str(ROOT).encode()
    return hashlib.sha256(made_of).hexdigest()


def is_stamped() -> bool:
    try:
        return STAMP.read_text("utf-8") == wanted_stamp() and venv_python().exists()
    except OSError:
        return False


# -- work ------------------------------------------------------------------------------------------------------------


def has_display() -> bool:
    return (
        os.name == "nt"
        or sys.platform == "darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )


def run(rest: list[str]) -> int:
    """The training desk: a window, or the played day where there is no display."""
    command = [str(venv_python()), "-m", "digitizer_desk", "train"]
    if "--headless" not in rest and not has_display():
        say("Không có màn hình: diễn buổi làm việc ngay trong cửa sổ lệnh (train --headless).")
        rest = ["--headless", *rest]
    return call([*command, *rest])


def offscreen() -> dict[str, str]:
    """The environment of a program that shows no window and finds the sources of this checkout."""
    path = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path}


def call(command: list[str], **where: Any) -> int:
    """Run to the end and give its exit code as a shell would: 128 and the signal when it was killed."""
    code = subprocess.call(command, **where)
    return code if code >= 0 else 128 - code


def python(*words: str) -> int:
    return call([str(venv_python()), *words], cwd=ROOT, env=offscreen())


def test(rest: list[str]) -> int:
    """All tests on up to four workers, a file in one of them; with options of one's own, as these say."""
    return python("-m", "pytest", *(rest or ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"]))


def soak(rest: list[str]) -> int:
    """The same tests with their full counts (tests/soak.py), one after the other: they count time and memory."""
    say("Chạy bản dài của các phép thử; có thể mất hơn nửa giờ.")
    os.environ["DESK_SOAK"] = "1"
    return test(["-s", "--durations=15", *rest])


def bench(rest: list[str]) -> int:
    worst = 0
    for file in sorted((ROOT / "tests" / "bench").glob("bench_*.py")):
        if not rest or any(word in file.name for word in rest):
            say(file.name)
            worst = max(worst, python(str(file)))
    return worst


def twain_lane(rest: list[str]) -> int:
    """The worker of drivers/twain in a Windows Python under Wine, driven by the desk (packaging/twain_lane.py)."""
    return python(str(ROOT / "packaging" / "twain_lane.py"), *rest)


def prism_lane(rest: list[str]) -> int:
    """What the connectors ask, against a server of others that serves our descriptions (packaging/prism_lane.py)."""
    return python(str(ROOT / "packaging" / "prism_lane.py"), *rest)


def pictures(rest: list[str]) -> int:
    """Every state and a working day, light and dark, at each scale; contact sheets and the pictures of docs/."""
    return python(str(ROOT / "tests" / "gallery" / "all_pictures.py"), *rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
