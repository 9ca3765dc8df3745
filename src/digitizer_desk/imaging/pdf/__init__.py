# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages into one PDF/A-2b: as they were scanned, or small enough for a slow line.

``writer`` puts pages into the file; ``small`` makes two layers of a page (``layers`` splits, ``coding`` packs,
``selfcheck`` proves); ``presets`` says which pages go in how, ``sizes`` what they will weigh.
"""

from digitizer_desk.imaging.pdf.information import PdfInfo
from digitizer_desk.imaging.pdf.writer import PdfPage, build_pdf

__all__ = ["PdfInfo", "PdfPage", "build_pdf"]
