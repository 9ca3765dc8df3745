# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every picture by one command: states and a working day, light and dark, at 100 % and 150 %; the main ones at 200 %.

    python tests/gallery/all_pictures.py [--quick]

All of them go to build/pictures/<scale>, four contact sheets to docs/pictures, and those that README and the guides
name to docs/pictures/guide; what nothing names any more goes from there. ``--quick``: 100 % only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from gallery.camera import contact_sheet  # noqa: E402

BUILD, DOCS = ROOT / "build" / "pictures", ROOT / "docs" / "pictures"
THEMES = ("light", "dark")
#: scale -> its name in file names
SCALES = {1.0: "100", 1.5: "150"}
_NAMED = re.compile(r"pictures/guide/([\w-]+\.png)")


def main() -> int:
    parser = argparse.ArgumentParser(description="Take every picture.")
    parser.add_argument("--quick", action="store_true", help="100 %% only")
    quick = parser.parse_args().quick
    DOCS.mkdir(parents=True, exist_ok=True)
    for scale, name in list(SCALES.items())[: 1 if quick else None]:
        out = BUILD / name
        shutil.rmtree(out, ignore_errors=True)
        for theme in THEMES:
            code = run("make_pictures.py", "--theme", theme, "--scale", scale, "--out", out)
            code = code or run("working_day.py", "--scheme", theme, "--scale", scale, "--out", out)
            if code:
                return code
            contact_sheet(sorted(out.glob(f"*-{theme}.png")), DOCS / f"contact-{theme}-{name}.webp")
    keep_named(BUILD / SCALES[1.0])
    return 0 if quick else run("make_pictures.py", "--main", "--scale", 2.0, "--out", BUILD / "200")


def run(script: str, *words: object) -> int:
    """A process of its own for each: the scale is set before Qt starts."""
    return subprocess.call([sys.executable, str(HERE / script), *map(str, words)], cwd=ROOT)


def named() -> set[str]:
    """Files of docs/pictures/guide that README or a document shows."""
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return {name for text in texts for name in _NAMED.findall(text.read_text("utf-8"))}


def keep_named(made: Path) -> None:
    """Bring docs/pictures/guide up to date: what is named and was taken, and nothing else."""
    folder = DOCS / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = named()
    for name in sorted(wanted):
        if (made / name).is_file():
            shutil.copyfile(made / name, folder / name)
        else:
            print(f"no state makes {name}")
    for old in folder.glob("*.png"):
        if old.name not in wanted:
            old.unlink()


if __name__ == "__main__":
    raise SystemExit(main())
