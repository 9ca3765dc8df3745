# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Resumable upload by tus 1.0 (https://tus.io/protocols/resumable-upload): in pieces, from where the server stands.

Apart from the gateway because it is an open protocol with servers of others; its tests run against one of them. Uses
the core and the extensions creation, checksum and termination; expiry shows itself as 404 or 410.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Protocol

from digitizer_desk.province.wire import Answer, NoAnswer, Progress, Trouble, digits

VERSION = "1.0.0"
#: cuts in a row, without one byte getting through, after which we stop for now
CUTS = 3
_GONE = (403, 404, 410)  # by the protocol a server may answer any of these for an upload it no longer has
_MEDIA = "application/offset+octet-stream"


class Ask(Protocol):
    """As :meth:`digitizer_desk.province.wire.Wire.ask`, with login."""

    def __call__(
        self,
        method: str,
        path: str,
        *,
        body: bytes | memoryview | None = None,
        media: str = "",
        progress: Progress | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


class Refused(Exception):
    """The server will not take it; its whole answer, for the caller to read."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer


class Uploads:
    """The uploads of one server."""

    def __init__(self, ask: Ask, below: Callable[[str, str], str], path: str, *, piece: int) -> None:
        """``path`` is where uploads are created; ``below`` makes a ``Location`` a path of the same host, '' when it is
        none; ``piece`` bytes go in one request."""
        self._ask = ask
        self._below = below
        self._path = path
        self._piece = piece

    def send(
        self,
        data: bytes,
        metadata: Mapping[str, str],
        place: str,
        started: Callable[[str], None],
        progress: Progress,
    ) -> None:
        """Bring ``data`` to the server; go on with the upload at ``place`` when the server still has it ('' = none).

        ``started`` gets the place of a new upload, to be kept, before its first byte leaves. ``progress`` counts what
        the server has as sent. As long as something gets through, a cut is followed by asking and going on.

        Raises:
            Refused: the server said no.
            NoAnswer: nothing gets through now; what arrived stays there.
        """
        begun, silent, resting = 0, 0, -1
        while True:
            try:
                at = self._offset(place, len(data)) if place else None
                if at is None:
                    if begun >= CUTS:
                        raise NoAnswer(Trouble.UNREADABLE, "the server loses uploads")
                    begun, at = begun + 1, 0
                    place = self._create(len(data), metadata)
                    started(place)
                if at != resting:
                    silent, resting = 0, at
                progress(at, len(data))
                self._send_from(place, data, at, progress)
                return
            except NoAnswer as cut:
                silent += 1
                if silent >= CUTS or cut.trouble not in (Trouble.CUT, Trouble.STALLED):
                    raise
            except Refused as no:
                silent += 1
                # 409: the server stands elsewhere; 460: the piece broke on its way; 404, 410: expired meanwhile
                if silent >= CUTS or no.answer.status not in (404, 409, 410, 460):
                    raise

    def rehearse(self, data: bytes, metadata: Mapping[str, str], progress: Progress) -> bool:
        """Announce one byte more than ``data``, bring ``data`` and take it back: an upload that never ends becomes no
        file. True when the server says that it no longer has it.

        Raises:
            Refused: the server said no.
            NoAnswer: nothing gets through now.
        """
        size = len(data) + 1
        place = self._create(size, metadata)
        try:
            self._send_from(place, data, 0, progress)
        finally:
            self.drop(place)
        try:
            return self._offset(place, size) is None
        except (Refused, NoAnswer):
            return False

    def drop(self, place: str) -> None:
        """Tell the server that an upload is no longer wanted; what it makes of that does not matter, it expires."""
        try:
            self._ask("DELETE", place, headers={"Tus-Resumable": VERSION})
        except NoAnswer:
            return

    def _create(self, size: int, metadata: Mapping[str, str]) -> str:
        told = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
        answer = self._ask(
            "POST",
            self._path,
            body=b"",
            media="application/octet-stream",
            headers={"Tus-Resumable": VERSION, "Upload-Length": str(size), "Upload-Metadata": told},
        )
        if answer.status != 201:
            raise Refused(answer)
        place = self._below(self._path, answer.headers.get("location", ""))
        if not place:
            raise NoAnswer(Trouble.UNREADABLE, "the upload's address is none of this province")
        return place

    def _offset(self, place: str, size: int) -> int | None:
        """How much the server has; None when it no longer knows the upload."""
        answer = self._ask("HEAD", place, headers={"Tus-Resumable": VERSION})
        if answer.status in _GONE:
            return None
        if answer.status not in (200, 204):
            raise Refused(answer)
        if digits(answer.headers.get("upload-length", "")) not in (None, size):
            return None
        return _offset_of(answer, size)

    def _send_from(self, place: str, data: bytes, at: int, progress: Progress) -> None:
        view, size = memoryview(data), len(data)
        while at < size:
            piece = view[at : at + self._piece]
            digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
            here = at
            answer = self._ask(
                "PATCH",
                place,
                body=piece,
                media=_MEDIA,
                progress=lambda sent, _total, here=here: progress(here + sent, size),  # type: ignore[misc]
                headers={
                    "Tus-Resumable": VERSION,
                    "Upload-Offset": str(at),
                    "Upload-Checksum": f"sha256 {digest}",
                },
            )
            if answer.status not in (200, 204):
                raise Refused(answer)
            now = _offset_of(answer, size)
            if now <= at:
                raise NoAnswer(Trouble.UNREADABLE, "the offset does not grow")
            at = now


def _offset_of(answer: Answer, size: int) -> int:
    at = digits(answer.headers.get("upload-offset", ""))
    if at is None or at > size:
        raise NoAnswer(Trouble.UNREADABLE, "no offset in the answer")
    return at
