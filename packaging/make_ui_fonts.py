# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the fonts of the windows: Noto Sans, regular and bold (Debian package fonts-noto-core, OFL 1.1), cut to Latin
and Vietnamese. Its digits are all of one width, so that codes line up.

    python packaging/make_ui_fonts.py
"""

from __future__ import annotations

from pathlib import Path

from make_paper_fonts import cut

NOTO = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "ui"

if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        cut(NOTO / f"NotoSans-{weight}.ttf", TARGET / f"NotoSans-{weight}.ttf")
