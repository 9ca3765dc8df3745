# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages with known truth: drawn by the training room, or by a few lines here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import cv2
import numpy as np
import pytest

from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo
from digitizer_desk.training.papers import PEOPLE, draw_paper

A4 = (210.0, 297.0)

Draw = Callable[..., Pixels]


@pytest.fixture(scope="session")
def paper() -> Draw:
    """A sample page as it comes back from its master JPEG; the same page is drawn once."""
    kept: dict[tuple[str, int, str | None], Pixels] = {}

    def draw(kind: str = "quyet_dinh", dpi: int = 300, fault: str | None = None) -> Pixels:
        if (kind, dpi, fault) not in kept:
            kept[kind, dpi, fault] = decode(encode_master(draw_paper(kind, PEOPLE[0], 7, dpi, fault), dpi))
        return kept[kind, dpi, fault]

    return draw


def empty(width: int = 1240, height: int = 1754, tone: int = 250) -> Pixels:
    """An empty sheet; 150 dpi A4 unless told."""
    return np.full((height, width, 3), tone, np.uint8)


def write(
    page: Pixels, text: str, at: tuple[int, int], size: float = 0.9, ink: tuple[int, int, int] = (30, 30, 34)
) -> None:
    """A line of plain letters on the page, in place."""
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2, cv2.LINE_AA)


def measured(page: Pixels, dpi: float = 150) -> PageMeasures:
    """Measures of a page whose resolution is known."""
    sheet = (page.shape[1] / dpi * 25.4, page.shape[0] / dpi * 25.4)
    return measure_page(page, dpi=(dpi, dpi), sheet_mm=sheet)


@pytest.fixture
def info() -> PdfInfo:
    return PdfInfo(
        title="Tờ khai đăng ký khai sinh",
        author="Đặng Thị Oanh",
        subject="000.00.12.H08-261121-0007 & <thành phần 1>",
        keywords="tập huấn",
        made_at=datetime(2026, 11, 21, 8, 30, 15, tzinfo=VIETNAM),
    )
