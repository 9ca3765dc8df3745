# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Makes resources/fonts/Tinos-Desk.ttf, the font of the visible mark, out of Tinos (Debian package fonts-croscore).

Apart because it runs once, by a person, and never on a counter. Two things are changed: only Latin and Vietnamese
letters are kept, and the 2048 units of an em become 1000, because the PDF library writes glyph widths in font units
where PDF wants thousandths of an em (letters would stand twice as far apart). The same input gives the same bytes.

    python packaging/make_stamp_font.py [/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf]
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

SOURCE = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")
TARGET = Path(__file__).resolve().parents[1] / "resources" / "fonts" / "Tinos-Desk.ttf"

#: Latin with its extensions, the combining marks, all Vietnamese letters, punctuation, the dong sign, the numero sign
LETTERS = (
    *range(0x0020, 0x007F),
    *range(0x00A0, 0x0250),
    *range(0x0300, 0x0324),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2028),
    0x202F,
    0x2030,
    0x2039,
    0x203A,
    0x20AB,
    0x2116,
    0x2212,
)
FAMILY = "Tinos Desk"


def make(source: Path) -> TTFont:
    """Cut ``source`` down to :data:`LETTERS` and rescale it to 1000 units an em."""
    options = subset.Options()
    # kerning off: the mark is set as the letters come, so that its width can be foreseen from the metrics
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "GDEF", "GPOS", "GSUB", "gasp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    scale_upem(font, 1000)
    _rename(font)
    return font


def _rename(font: TTFont) -> None:
    version = str(font["name"].getDebugName(5)).partition(";")[0]
    for number, text in (
        (1, FAMILY),
        (3, f"{version};{FAMILY}"),
        (4, f"{FAMILY} Regular"),
        (5, f"{version}; cut and rescaled to 1000 units per em"),
        (6, "TinosDesk"),
    ):
        for record in font["name"].names:
            if record.nameID == number:
                record.string = text


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    font = make(source)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(TARGET, reorderTables=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    main()
