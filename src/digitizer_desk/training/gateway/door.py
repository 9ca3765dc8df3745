# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who may come in: the access key of the desk, or a token that was exchanged for it (OAuth 2.0 client credentials).

Apart from the server because a token that ends in the middle of an upload is what a desk must bear.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
import time
from urllib.parse import parse_qs, unquote_plus

from digitizer_desk.training.gateway.faults import Reply, json_reply


class Door:
    """Any thread may call."""

    def __init__(self, key: str, token_seconds: float) -> None:
        self._key = key
        self._seconds = token_seconds
        self._given: dict[str, float] = {}
        self._lock = threading.Lock()

    def admits(self, authorization: str) -> bool:
        """Whether this value of ``Authorization`` opens the door now."""
        if hmac.compare_digest(authorization.encode("utf-8", "replace"), f"Bearer {self._key}".encode()):
            return True
        with self._lock:
            return self._given.get(authorization.removeprefix("Bearer "), 0.0) > time.monotonic()

    def give(self, authorization: str, form: bytes) -> Reply:
        """Answer the token endpoint: RFC 6749 part 4.4, the client named by Basic authentication."""
        fields = parse_qs(form.decode("utf-8", "replace"))
        if fields.get("grant_type") != ["client_credentials"]:
            return json_reply(400, {"error": "unsupported_grant_type"})
        if not hmac.compare_digest(_secret_of(authorization).encode(), self._key.encode()):
            return json_reply(401, {"error": "invalid_client"}, **{"WWW-Authenticate": "Basic"})
        token = secrets.token_urlsafe(24)
        with self._lock:
            now = time.monotonic()
            self._given = {t: until for t, until in self._given.items() if until > now}
            self._given[token] = now + self._seconds
        return json_reply(
            200,
            {"access_token": token, "token_type": "Bearer", "expires_in": self._seconds, "scope": "default"},
            **{"Cache-Control": "no-store"},
        )


def _secret_of(authorization: str) -> str:
    scheme, _, pair = authorization.partition(" ")
    try:
        known = base64.b64decode(pair, validate=True).decode() if scheme == "Basic" else ""
    except ValueError:
        return ""
    return unquote_plus(known.partition(":")[2])
