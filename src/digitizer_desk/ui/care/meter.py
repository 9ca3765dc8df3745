# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The size of a component's file while its pages come in, against what the law lets it be.

Apart from the counter because pages are weighed on the pool lane, each once, and the words are tested without a window.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QObject

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Page
from digitizer_desk.imaging.pdf.presets import Preset
from digitizer_desk.imaging.pdf.sizes import Weight
from digitizer_desk.lanes import Task
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.parts.weighing import ComponentSize, size_of, weigh_pages
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.screens.counter import Counter

#: share of the budget from which on the clerk should mind
_NEAR = 0.8
#: weights kept, some 100 bytes each
_KEPT = 4000
_BYTES_PER_MB = 1024 * 1024


class SizeMeter(QObject):
    """Keeps the meter of one counter true. One weighing is in flight at most; pages that come meanwhile wait for it."""

    def __init__(self, desk: Desk, bridge: Bridge, counter: Counter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._counter = desk, bridge, counter
        self._weights: OrderedDict[str, Weight] = OrderedDict()
        self._refused: set[str] = set()
        self._weighing = False

    def follow(self, component: Component | None, law: Regulation | None) -> None:
        """Show what this component weighs now, and weigh its pages that were not."""
        size = self.size(component, law)
        if component is None or law is None or size is None:
            self._counter.show_size("idle", "")
        else:
            self._counter.show_size(*size_words(size, law))
        missing = [p for p in component.pages if self._wants(p)] if component is not None else []
        if missing and not self._weighing and component is not None and component.file is None:
            self._weigh(component.id, missing, law)

    def size(self, component: Component | None, law: Regulation | None) -> ComponentSize | None:
        """What is known of a component's size."""
        if component is None or law is None:
            return None
        return size_of(component, Preset(law.pdf.preset) is Preset.SMALL, self._weights)

    def _wants(self, page: Page) -> bool:
        return page.sha256 not in self._weights and page.sha256 not in self._refused and not page.unread

    def _weigh(self, component_id: str, pages: list[Page], law: Regulation | None) -> None:
        self._weighing = True

        def weighed(task: Task[Any]) -> None:
            self._weighing = False
            found: dict[str, Weight] = task.result()
            self._weights.update(found)
            self._refused.update(p.sha256 for p in pages if p.sha256 not in found)
            while len(self._weights) > _KEPT:
                self._weights.popitem(last=False)
            now = self._counter.component
            self.follow(now, law)

        self._bridge.run("pool", _weigh, self._desk, pages, on_done=weighed)


def _weigh(desk: Desk, pages: list[Page]) -> dict[str, Weight]:
    return weigh_pages(desk, pages, lambda: False)


def size_words(size: ComponentSize, law: Regulation) -> tuple[str, str]:
    """Role and words of the meter: "Tệp gửi: 1,2 MB · bản lưu 9,8 MB · tối đa 30 MB"."""
    most = law.file["file_size"].max
    about = "" if size.exact else "khoảng "
    words = [f"Tệp gửi: {about}{_mb(size.sent)}"]
    if size.other is not None:
        words.append(f"dạng gọn: khoảng {_mb(size.other)}" if size.exact else f"bản lưu {_mb(size.other)}")
    if most is None:
        return "idle", " · ".join(words)
    words.append(f"tối đa {_mb(most)}")
    role = "stop" if size.sent > most else "mind" if size.sent >= _NEAR * most else "idle"
    return role, " · ".join(words)


def _mb(size: float) -> str:
    number = size / _BYTES_PER_MB
    return f"{number:.{0 if number == round(number) else 2 if number < 1 else 1}f} MB".replace(".", ",")
