# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One look at what the province has for this desk: reuses are told, decisions, the list and packs are fetched.

Apart from sending (``steps/send.py``): it goes on when a queue of parcels rests, and nothing here holds one back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.decision import Decision
from digitizer_desk.steps.incoming import decisions, packs, reuse, waiting

#: what every other question would meet as well
_ENDS = ("province.offline", "province.login", "province.certificate", "province.old_version", "province.not_set")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look brought. ``codes``: by the name of each thing that could not be had, why."""

    decided: tuple[Decision, ...] = ()
    packs: tuple[packs.TakenPack, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, name: str) -> str:
        """Why ``reuses``, ``decisions``, ``dossiers`` or ``packs`` could not be had, '' when they were."""
        return dict(self.codes).get(name, "")


def look(desk: Desk, stop: Callable[[], bool] = lambda: False) -> Looked:
    """Ask for everything once. Never raises for what a province or a network does; what a kind of province does not
    offer is told in ``codes``. For the network lane.

    Raises:
        DeskError: ``store.*``.
    """
    if desk.link is None:
        return Looked()
    codes: dict[str, str] = {}
    taken: tuple[packs.TakenPack, ...] = ()

    def fetch_packs() -> str:
        nonlocal taken
        found = packs.fetch(desk)
        taken = found.taken
        return found.code

    asked: dict[str, Callable[[], str]] = {
        "reuses": lambda: reuse.tell_due(desk),
        "decisions": lambda: decisions.fetch(desk),
        "dossiers": lambda: waiting.fetch(desk),
        "packs": fetch_packs,
    }
    for name, ask in asked.items():
        if stop():
            break
        codes[name] = ask()
        if codes[name] in _ENDS:
            codes |= dict.fromkeys((later for later in asked if later not in codes), codes[name])
            break
    return Looked(decisions.apply(desk), taken, tuple((name, code) for name, code in codes.items() if code))
