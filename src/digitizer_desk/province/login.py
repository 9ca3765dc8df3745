# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who we are to the province: a fixed key, a name and password, or a token that is fetched and renewed.

Apart from the connectors because each of them may be given any of these, and because no other module holds a secret.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Protocol
from urllib.parse import quote_plus, urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from digitizer_desk.province.wire import Answer, NoAnswer, Trouble, Wire, basic

#: a token this close to its end is renewed before it is used, seconds
LEEWAY_S = 30.0
#: how long a token is believed when the province does not say
USUAL_S = 300.0


class LoginRefused(Exception):
    """The province said no to who we say we are. The text names the kind of refusal, never what was sent."""


class Login(Protocol):
    """Blocking; for the network lane."""

    def header(self) -> str:
        """The value of ``Authorization``.

        Raises:
            LoginRefused: we are not let in.
            NoAnswer: the place that gives tokens could not be asked.
        """
        ...

    def renew(self) -> bool:
        """The province no longer takes what we showed. True when another can be had."""
        ...


class Fixed:
    """A key that does not change, or name and password on every request (RFC 7617)."""

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def bearer(cls, key: str) -> Fixed:
        return cls(f"Bearer {key}")

    @classmethod
    def basic(cls, user: str, password: str) -> Fixed:
        return cls(basic(user, password))

    def header(self) -> str:
        return self._value

    def renew(self) -> bool:
        return False


class Unasked:
    """No ``Authorization`` at all: who we are is told in another way."""

    def header(self) -> str:
        return ""

    def renew(self) -> bool:
        return False


class _Token(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    access_token: Annotated[str, StringConstraints(min_length=1, max_length=16_384, pattern=r"^[\x21-\x7e]+$")]
    token_type: str
    expires_in: float | None = None


class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749 part 4.4): a token is fetched when needed and kept in memory only."""

    def __init__(
        self,
        wire: Wire,
        path: str,
        client_id: str,
        secret: str,
        *,
        scope: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``wire`` and ``path`` lead to the token endpoint. ``clock`` counts seconds and never goes back."""
        self._wire = wire
        self._path = path
        # RFC 6749 part 2.3.1: both are form-encoded before they become a Basic pair
        self._basic = basic(quote_plus(client_id), quote_plus(secret))
        self._form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._clock = clock
        self._held = ""
        self._until = 0.0

    def header(self) -> str:
        if not self._held or self._clock() >= self._until:
            self._fetch()
        return f"Bearer {self._held}"

    def renew(self) -> bool:
        self._held = ""
        return True

    def _fetch(self) -> None:
        asked = self._clock()
        answer = self._wire.ask(
            "POST",
            self._path,
            body=urlencode(self._form).encode(),
            media="application/x-www-form-urlencoded",
            headers={"Authorization": self._basic},
        )
        token = _token_of(answer)
        lasts = token.expires_in if token.expires_in is not None else USUAL_S
        self._held = token.access_token
        # a token that lasts less than the leeway would be fetched anew for every request
        self._until = asked + max(lasts - LEEWAY_S, lasts / 2)


def _token_of(answer: Answer) -> _Token:
    if answer.status in (400, 401, 403):
        raise LoginRefused(f"token endpoint, status {answer.status}")
    if answer.status == 429 or answer.status >= 500:
        raise NoAnswer(Trouble.NO_PASSAGE, f"token endpoint, status {answer.status}")
    try:
        token = _Token.model_validate_json(answer.body)
    except ValidationError:
        raise NoAnswer(Trouble.UNREADABLE, f"token endpoint, status {answer.status}") from None
    if answer.status != 200 or token.token_type.lower() != "bearer":
        raise NoAnswer(Trouble.UNREADABLE, f"token endpoint, status {answer.status}")
    return token
