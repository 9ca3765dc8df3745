# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The settings: a trial sheet that was judged, what the province fixed, what a clerk may not change."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from digitizer_desk import settings
from digitizer_desk.ui.screens.setup.screen import SettingsScreen
from digitizer_desk.ui.screens.setup.table import BY_KEY, HOURS, Kind, Value, resolutions
from digitizer_desk.ui.widgets.picture import as_image
from gallery.papers import SKEWED, page, pixels
from gallery.states import state

_SCANNER = "airscan:e0:fi-8170"
_CHOSEN = settings.Settings(
    unit=settings.Unit(code="000.00.12.H08", name="UBND phường Bến Thông", counter="3"),
    scanner=settings.ScannerChoice(id=_SCANNER, source="feeder", dpi=300),
    province=settings.ProvinceChoice(name="Kho dữ liệu tỉnh Mẫu", base_url="https://so-hoa.mau.gov.vn"),
)


def _screen(section: str, closed: dict[str, str]) -> SettingsScreen:
    made = SettingsScreen()
    made.set_choices("scanner.id", ((_SCANNER, "RICOH fi-8170"),))
    made.set_choices("scanner.dpi", resolutions(200))
    made.set_choices("scanner.work_type", (("", "Do thủ tục và loại giấy"),))

    def value(key: str) -> Value:
        if BY_KEY[key].kind in (Kind.TOLD, Kind.HIDDEN):
            return "Màu 24 bit, do quy định" if key == "colour" else ""
        found = "" if key == HOURS else settings.value_of(_CHOSEN, key)
        assert found is None or isinstance(found, str | int | float)
        return found

    made.show_values(value, lambda key: closed.get(key, ""))
    made.open_section(section)
    return made


@state("settings-scanner", shown=True)
def scanner() -> QWidget:
    """A sheet was tried: shown and judged, kept nowhere."""
    made = _screen("scanner", {})
    part = made.pages["scanner"]
    part.say("mind", "Lệch 3,2° · 2480 × 3508 điểm, 300 dpi, 2,1 giây")
    part.sheet.show_sheet(QPixmap.fromImage(as_image(pixels(page(3, SKEWED)))))
    return made


@state("settings-fixed")
def fixed() -> QWidget:
    """The province's own file fills and locks its rows."""
    by = "Do UBND tỉnh Mẫu quy định"
    made = _screen("province", {"province.name": by, "province.base_url": by})
    made.pages["province"].say("ok", "Đã nối với «Kho dữ liệu tỉnh Mẫu».")
    return made


@state("settings-clerk")
def clerk() -> QWidget:
    """A clerk reads what only IT may change."""
    given = [key for key, row in BY_KEY.items() if row.kind is not Kind.TOLD]
    return _screen("data", dict.fromkeys(given, "Chỉ vai trò CNTT được đổi"))


def _plain(section: str) -> QWidget:
    return _screen(section, {})


for _section in ("unit", "token", "sending", "look", "law", "about"):
    state(f"settings-{_section}")(partial(_plain, _section))
