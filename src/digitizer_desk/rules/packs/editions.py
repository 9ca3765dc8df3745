# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which packs judge a dossier: the newest of each id that had begun when it was received, for ever.

Apart from ``load.py`` because packs come while the desk is open: what is in force changes, what an old dossier was
judged by does not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.load import Rulebook
from digitizer_desk.rules.packs.read import Pack, read_pack

_log = logging.getLogger(__name__)
#: families of failures that are a pack's own
_OF_A_PACK = ("pack.", "rules.")


@dataclass(frozen=True, slots=True)
class PackRef:
    """A pack that is kept: enough to know when it is in force."""

    id: str
    sequence: int
    valid_from: date

    def __str__(self) -> str:
        return f"{self.id}#{self.sequence}"


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules as some packs make them. ``key`` names these packs ("" = none); ``agencies`` are names by code."""

    key: str
    book: Rulebook
    agencies: Mapping[str, str] = field(default_factory=dict)

    def agency(self, code: str) -> str:
        """The name of an agency; '' when it is not known."""
        return self.agencies.get(code.strip().upper(), "")


class Editions:
    """The editions of one desk, each loaded when it is first asked for. Any thread."""

    def __init__(
        self,
        plain: Rulebook,
        kept: Callable[[], Sequence[PackRef]],
        content: Callable[[str, int], bytes],
        load: Callable[[Sequence[Pack]], Rulebook],
    ) -> None:
        """``plain`` is the rulebook without packs; ``kept`` and ``content`` look into the cabinet; ``load`` makes a
        rulebook with these packs on top and raises ``rules.unreadable``."""
        self._content, self._load, self._kept = content, load, kept
        self._lock = threading.RLock()
        self._made: dict[str, Edition] = {"": Edition("", plain)}
        self._bad: dict[str, DeskError] = {}
        self._refs: tuple[PackRef, ...] = ()
        self.look_again()

    def look_again(self) -> None:
        """A pack was taken."""
        refs = tuple(self._kept())
        with self._lock:
            self._refs = refs

    def on(self, day: date) -> Edition:
        """What judges a dossier received on this day. A kept pack that this program cannot load any more is passed over
        (:attr:`bad`), and the one before it goes on."""
        with self._lock:
            left = [ref for ref in self._refs if str(ref) not in self._bad]
            while True:
                chosen = _newest(ref for ref in left if ref.valid_from <= day)
                try:
                    return self._edition(chosen)
                except DeskError as problem:
                    if not problem.code.startswith(_OF_A_PACK):
                        raise  # the cabinet failed, not the pack
                    guilty = self._guilty(chosen)
                    _log.warning("pack %s cannot be used: %s", guilty, problem.detail)
                    self._bad[str(guilty)] = problem
                    left.remove(guilty)

    def of(self, key: str) -> Edition:
        """The edition an old dossier names.

        Raises:
            DeskError: ``pack.unusable`` when one of its packs is not kept or cannot be loaded any more.
        """
        with self._lock:
            if key in self._made:
                return self._made[key]
            known = {str(ref): ref for ref in self._refs}
            missing = [name for name in key.split() if name not in known]
            if missing:
                raise error("pack.unusable", "not kept", file=missing[0], where="mã gói")
            return self._edition([known[name] for name in key.split()])

    def trial(self, pack: Pack) -> None:
        """Load a pack with those it would stand beside, and ask for the law on its first day.

        Raises:
            DeskError: ``pack.unusable`` with the place in it.
        """
        mine, day = pack.manifest.id, pack.manifest.valid_from
        with self._lock:
            others = _newest(ref for ref in self._refs if ref.id != mine and str(ref) not in self._bad)
        try:
            beside = [read_pack(self._content(ref.id, ref.sequence), ref.id) for ref in others]
            self._load([*beside, pack]).in_force(day)
        except DeskError as problem:
            if not problem.code.startswith(_OF_A_PACK):
                raise
            where = " ".join(str(problem.facts.get(name, "")) for name in ("file", "where")).strip()
            raise error(
                "pack.unusable", f"{problem.code} {problem.detail}", file=mine, where=where or "ngày hiệu lực"
            ) from problem

    @property
    def bad(self) -> tuple[DeskError, ...]:
        """Packs that are kept and cannot be used any more."""
        with self._lock:
            return tuple(self._bad.values())

    def _edition(self, refs: Sequence[PackRef]) -> Edition:
        key = " ".join(str(ref) for ref in refs)
        if key not in self._made:
            packs = [read_pack(self._content(ref.id, ref.sequence), ref.id) for ref in refs]
            agencies = {code: name for pack in packs for code, name in pack.agencies.items()}
            self._made[key] = Edition(key, self._load(packs), MappingProxyType(agencies))
        return self._made[key]

    def _guilty(self, refs: Sequence[PackRef]) -> PackRef:
        """The one that cannot be loaded alone; the last, when only their meeting fails."""
        for ref in refs:
            try:
                self._edition([ref])
            except DeskError:
                return ref
        return refs[-1]


def _newest(refs: Iterable[PackRef]) -> list[PackRef]:
    """The highest number of each id, by id."""
    best: dict[str, PackRef] = {}
    for ref in refs:
        if ref.id not in best or best[ref.id].sequence < ref.sequence:
            best[ref.id] = ref
    return [best[name] for name in sorted(best)]
