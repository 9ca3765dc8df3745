# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the signing dialog shows and asks for, as plain values, and the words for the flags of a PIN.

Apart from the dialog so that what is said about a PIN, where a wrong word costs a token, is tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from digitizer_desk.devices.token import Certificate, Pin, PinState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.place import Placement
from digitizer_desk.messages import sentence
from digitizer_desk.steps.signatures.room import MarkRoom


@dataclass(frozen=True, slots=True)
class PaperToSign:
    """One document that waits for the signature; ``id`` is its component's."""

    id: str
    title: str
    pages: int


@dataclass(frozen=True, slots=True)
class SigningOrder:
    """What is to be signed and by whom. ``mark`` is the text of the visible mark, ``next_words`` the step after it.

    ``title`` names the batch in the window's head where it is not one dossier; ``corner`` is where the mark stands,
    ``kind`` whose signature it is.
    """

    dossier_code: str
    papers: tuple[PaperToSign, ...]
    mark: str
    signer: str
    office: str = ""
    next_words: str = ""
    title: str = ""
    corner: str = "Góc trên trái trang 1"
    kind: str = "chữ ký số cá nhân"

    @property
    def pages(self) -> int:
        return sum(paper.pages for paper in self.papers)

    def without(self, signed: Sequence[str]) -> tuple[PaperToSign, ...]:
        """The papers still waiting when these components are signed."""
        return tuple(paper for paper in self.papers if paper.id not in signed)


@dataclass(frozen=True, slots=True)
class TokenHelp:
    """What the manifest of a token family adds: whom to call, the issuer's own limit, its habits."""

    vendor: str = ""
    contact: str = ""
    tries: int | None = None
    each_signature: bool = False


class Choice(Protocol):
    """A certificate on a token present, and why it cannot be used, if so (``steps.sign.CertificateChoice``)."""

    @property
    def certificate(self) -> Certificate: ...

    @property
    def problem(self) -> DeskError | None: ...

    @property
    def days_left(self) -> int: ...


class Progress(Protocol):
    """``done`` of ``total`` documents are signed, ``title`` is in work (``steps.sign.SignProgress``)."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def title(self) -> str: ...


class Outcome(Protocol):
    """How a run ended (``steps.sign.SignOutcome``)."""

    @property
    def signed(self) -> tuple[str, ...]: ...

    @property
    def error(self) -> DeskError | None: ...

    @property
    def stopped(self) -> bool: ...

    @property
    def over_ink(self) -> tuple[str, ...]: ...

    @property
    def refused(self) -> tuple[tuple[str, DeskError], ...]: ...


class Running(Protocol):
    """A step on a lane (``lanes.Task``)."""

    def stop(self) -> None: ...

    def result(self) -> Any: ...


class Run(Protocol):
    """``Lanes.run`` with both callbacks brought to the window thread."""

    def __call__(
        self,
        lane: Any,
        step: Callable[..., Any],
        *args: Any,
        on_event: Callable[[Any], None] | None = None,
        on_done: Callable[[Any], None] | None = None,
        **kwargs: Any,
    ) -> Running: ...


@dataclass(frozen=True, slots=True)
class SigningAsks:
    """The calls behind the dialog, each run on the token lane.

    ``choices()`` lists the certificates present, the ones last used first; ``sign(certificate, pin, places, report,
    stop)`` signs everything that waits, with the marks where ``places`` says, and wipes the PIN. ``rooms(crowded)``,
    on the pool lane, finds the room for the marks. All may raise ``DeskError``.
    """

    run: Run
    choices: Callable[[], Sequence[Choice]]
    sign: Callable[[Certificate, Pin, Mapping[str, Placement], Callable[[object], None], Callable[[], bool]], Outcome]
    help_for: Callable[[Certificate], TokenHelp] = lambda _certificate: TokenHelp()
    rooms: Callable[[Collection[str]], Sequence[MarkRoom]] | None = None


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One line under the PIN: ``role`` is mind, stop or idle."""

    role: str
    words: str


def flag_lines(pin: PinState, tries: int | None) -> tuple[FlagLine, ...]:
    """What the three flags say, and no number of tries: PKCS#11 gives none. ``tries`` is the issuer's own statement."""
    lines: list[FlagLine] = []
    if pin.final_try:
        lines.append(FlagLine("stop", sentence(error("token.pin_last_try"))))
    elif pin.count_low:
        lines.append(FlagLine("mind", "Đã nhập sai ít nhất một lần."))
    if tries is not None and (pin.final_try or pin.count_low):
        lines.append(FlagLine("idle", f"Nhà cung cấp: khóa sau {tries} lần sai."))
    return tuple(lines)


def length_words(pin: PinState) -> str:
    """How long a PIN may be: "4–16 ký tự"."""
    return f"{pin.least} ký tự" if pin.least == pin.most else f"{pin.least}–{pin.most} ký tự"


def token_facts(certificate: Certificate) -> str:
    """What a help desk asks about a token, for the clipboard: no PIN, no key, no number of a person."""
    token = certificate.token
    return "\n".join(
        (
            f"Token: {token.label} · {token.manufacturer} {token.model}".strip(),
            f"Số sê-ri token: {token.serial}",
            f"Nơi cấp chứng thư: {certificate.issuer}",
            f"Số sê-ri chứng thư: {certificate.serial}",
        )
    )
