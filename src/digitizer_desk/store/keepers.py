# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who keeps the data key between two starts: the system's secret store, or a file that is worth what it is worth.

Apart from the vault because where a key may lie differs from machine to machine; what it opens does not.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Protocol

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors

from digitizer_desk import durable
from digitizer_desk.errors import error

_SERVICE = "digitizer-desk"
#: behind the name of what is kept: the one before
_EARLIER = ".before"


class KeyKeeper(Protocol):
    """Keeps one secret of 32 bytes for this user of this machine."""

    @property
    def worth(self) -> str:
        """One Vietnamese sentence for IT: what this place protects against and what not."""
        ...

    def load(self) -> bytes | None:
        """The secret, or None when there is none here.

        Raises:
            DeskError: ``store.key_missing`` when the place cannot be read (locked, refused, damaged).
        """
        ...

    def earlier(self) -> bytes | None:
        """The secret that was kept before the present one, or None: a desk whose disk was away for one start must open
        with its own key when the disk is back, whatever was made in its place meanwhile.

        Raises:
            DeskError: as :meth:`load`.
        """
        ...

    def keep(self, key: bytes) -> None:
        """Keep the secret; another one that was kept is :meth:`earlier` from now on.

        Raises:
            DeskError: ``store.key_missing`` when the place cannot be written.
        """
        ...


class SystemKeeper:
    """The secret store of the operating system: Credential Manager (DPAPI), Secret Service, Keychain."""

    def __init__(self, name: str) -> None:
        """``name`` tells apart the desks of one user."""
        self._name = name

    @property
    def worth(self) -> str:
        return "Khóa nằm trong kho bí mật của hệ điều hành: chỉ tài khoản máy này mở được."

    def usable(self) -> bool:
        """Whether this machine has a secret store at all (a bare Linux machine has none)."""
        backend = keyring.get_keyring()
        return not isinstance(backend, keyring.backends.fail.Keyring | keyring.backends.null.Keyring)

    def load(self) -> bytes | None:
        return self._read(self._name)

    def earlier(self) -> bytes | None:
        return self._read(self._name + _EARLIER)

    @staticmethod
    def _read(name: str) -> bytes | None:
        try:
            text = keyring.get_password(_SERVICE, name)
        except (keyring.errors.KeyringError, RuntimeError) as refused:
            raise error("store.key_missing", type(refused).__name__) from None
        return _decode(text) if text else None

    def keep(self, key: bytes) -> None:
        text = base64.b64encode(key).decode("ascii")
        try:
            before = keyring.get_password(_SERVICE, self._name)
            if before and before != text:
                keyring.set_password(_SERVICE, self._name + _EARLIER, before)
            keyring.set_password(_SERVICE, self._name, text)
        except (keyring.errors.KeyringError, RuntimeError) as refused:
            raise error("store.key_missing", type(refused).__name__) from None


class SystemSecrets:
    """Short secrets in the system's store, by name: what this desk shows to others. They stay on this machine."""

    def __init__(self, name: str) -> None:
        """``name`` tells apart the desks of one user."""
        self._name = name

    def get(self, key: str) -> str | None:
        """The secret, or None when there is none.

        Raises:
            DeskError: ``store.key_missing`` when the place cannot be read.
        """
        try:
            text: str | None = keyring.get_password(_SERVICE, f"{self._name} {key}")
        except (keyring.errors.KeyringError, RuntimeError) as refused:
            raise error("store.key_missing", type(refused).__name__) from None
        return text

    def put(self, key: str, text: str) -> None:
        """Keep it in place of any before.

        Raises:
            DeskError: ``store.key_missing`` when the place cannot be written.
        """
        try:
            keyring.set_password(_SERVICE, f"{self._name} {key}", text)
        except (keyring.errors.KeyringError, RuntimeError) as refused:
            raise error("store.key_missing", type(refused).__name__) from None


class FileKeeper:
    """A file only this user may read, beside the cabinet and never inside it.

    Worth little: who can read the whole disk has key and data. Its use is training, and machines without a secret
    store whose disk is encrypted as a whole.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def worth(self) -> str:
        return (
            "Khóa nằm trong một tệp trên máy này: ai đọc được cả ổ đĩa thì mở được kho. Chỉ dùng khi ổ đĩa đã mã hóa."
        )

    def load(self) -> bytes | None:
        return self._read(self.path)

    def earlier(self) -> bytes | None:
        return self._read(self._before)

    @property
    def _before(self) -> Path:
        return self.path.with_name(self.path.name + _EARLIER)

    @staticmethod
    def _read(path: Path) -> bytes | None:
        try:
            text = path.read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as unreadable:
            raise error("store.key_missing", type(unreadable).__name__) from None
        return _decode(text)

    def keep(self, key: bytes) -> None:
        text = base64.b64encode(key) + b"\n"
        try:
            before = self.path.read_bytes() if self.path.exists() else b""
            if before.strip() and before != text:
                durable.write_whole(self._before, before)
            durable.write_whole(self.path, text)
        except OSError as refused:
            raise error("store.key_missing", type(refused).__name__) from None


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise error("store.key_missing", "not a kept key") from None
    if len(key) != 32:
        raise error("store.key_missing", "not a kept key")
    return key
