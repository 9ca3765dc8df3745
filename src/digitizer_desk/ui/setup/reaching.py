# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Trying the way to the province once: how long it took, whom the certificate names, what does not hold and why.

Apart from the settings because the wizard asks the same, and because a broken way is named by its stretch: whoever
sets a desk up can do something about a certificate, and nothing about "mất mạng".
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from digitizer_desk import assemble
from digitizer_desk.desk import Desk
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages import probe_words, words
from digitizer_desk.province.link import Health
from digitizer_desk.province.probe import Stretch, probe
from digitizer_desk.steps.outgoing.line import line_seen


@dataclass(frozen=True, slots=True)
class Way:
    """``health``: what the province answered; ``seconds`` it took; ``stretches``: the way there, () where the
    connector is none that can be walked."""

    health: Health
    seconds: float
    stretches: tuple[Stretch, ...]

    @property
    def broken(self) -> Stretch | None:
        """The stretch that does not hold; a clock that differs does not break the way."""
        return next((s for s in self.stretches if s.state == "bad" and s.code != "clock"), None)

    def _clock_off(self, most: float) -> float | None:
        off = abs(self.health.clock_difference or 0.0)
        return off if off > most else None

    def role(self, clock_s: float) -> str:
        """ok, mind or stop; ``clock_s``: seconds the clocks may differ."""
        if self.health.code:
            return "stop"
        soon = any(s.state == "warn" for s in self.stretches)
        return "mind" if soon or self._clock_off(clock_s) is not None else "ok"

    def words(self, clock_s: float) -> str:
        """One line: whom we reached, in which time, by which certificate, and what to mind."""
        if self.health.code:
            return self._broken_words()
        took = f"{max(0.1, self.seconds):.1f}".replace(".", ",")
        said = [f"Đã nối với «{self.health.name}» trong {took} giây"]
        tls = next((s for s in self.stretches if s.code in ("tls", "tls_soon")), None)
        if tls is not None:
            name, words = probe_words(tls.code, True, tls.facts)
            said.append(f"{name} {words}")
        elif self.stretches:
            said.append("đường truyền không mã hóa")
        off = self._clock_off(clock_s)
        if off is not None:
            said.append(f"đồng hồ máy này lệch {off:.0f} giây: chỉnh lại giờ")
        return " · ".join(said) + "."

    def _broken_words(self) -> str:
        """Where the way ends and what to do there; without a stretch the fault's own words."""
        fault = words(error(self.health.code, "", **dict.fromkeys(CODES[self.health.code], "")))
        if self.broken is None:
            return str(fault)
        name, told = probe_words(self.broken.code, False, self.broken.facts)
        return f"{fault.what} {name[:1].upper()}{name[1:]}: {told}."


def reached(desk: Desk) -> Way:
    """Ask the province, and walk the way to it; the queue knows of the answer from then on. Blocks: for the network
    lane.

    Raises:
        DeskError: ``province.not_set``, ``province.profile_unreadable``, ``store.disk_full``, ``store.damaged``.
    """
    if desk.link is None:
        raise error("province.not_set")
    started = time.monotonic()
    health = desk.link.health()
    seconds = time.monotonic() - started
    line_seen(desk, health)
    profile = assemble.province_profile(desk.paths, desk.settings)
    if profile is None:
        return Way(health, seconds, ())
    return Way(
        health, seconds, probe(profile, assemble.province_secrets(desk.paths, desk.cabinet), desk.paths.provinces)
    )
