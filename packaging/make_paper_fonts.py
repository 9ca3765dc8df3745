# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the fonts of the sample papers, each cut down to Latin and Vietnamese.

Tinos in three cuts comes from the Debian package fonts-croscore (OFL 1.1); Patrick Hand, for handwriting,
from the npm package @expo-google-fonts/patrick-hand (OFL 1.1).

    python packaging/make_paper_fonts.py /path/to/PatrickHand_400Regular.ttf
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from make_stamp_font import LETTERS

CROSCORE = Path("/usr/share/fonts/truetype/croscore")
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "papers"


def cut(source: Path, target: Path) -> None:
    """Keep only :data:`LETTERS` of a font."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.drop_tables += ["DSIG", "GDEF", "GPOS", "GSUB", "gasp"]
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    font.save(target, reorderTables=True)
    print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for face in ("Regular", "Bold", "Italic"):
        cut(CROSCORE / f"Tinos-{face}.ttf", TARGET / f"Tinos-{face}.ttf")
    cut(Path(sys.argv[1]), TARGET / "PatrickHand-Regular.ttf")
