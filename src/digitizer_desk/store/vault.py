# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The keys: one data key, kept for this machine by a keeper and for a bad day under a passphrase printed once.

Apart from the database and the files because everything personal at this desk opens with what is here (R55).

The data key is 32 random bytes and never leaves memory in clear but to the keeper. From it come, by HKDF, the key of
the database, the key that wraps the keys of sealed files, and the key that hides what their names say. ``vault.json``
beside the database holds the copy wrapped by Argon2id of the passphrase (RFC 9106, second recommended choice).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from digitizer_desk import durable
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store import disk
from digitizer_desk.store.files import sealed
from digitizer_desk.store.keepers import FileKeeper, KeyKeeper

FILE = "vault.json"

#: Crockford's letters: no I, L, O, U, so that a printed passphrase is read back without doubt
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 7, 4


class _Recovery(BaseModel):
    """The data key wrapped by the passphrase, and how."""

    model_config = ConfigDict(strict=True, extra="forbid")

    memory_kib: Annotated[int, Field(ge=8 * 1024, le=1 << 21)]
    passes: Annotated[int, Field(ge=1, le=64)]
    lanes: Annotated[int, Field(ge=1, le=64)]
    salt: Base64Bytes
    nonce: Base64Bytes
    wrapped: Base64Bytes


class _VaultFile(BaseModel):
    """``vault.json``: nothing in it opens anything without the passphrase."""

    model_config = ConfigDict(strict=True, extra="forbid")

    format: Literal[1]
    id: str
    check: Base64Bytes  # tells a right data key from a wrong one
    recovery: _Recovery


class Vault:
    """Seals and unseals; gives the database its key. Holds the data key in memory while the desk is open."""

    def __init__(self, data_key: bytes) -> None:
        """``data_key``: 32 secret bytes. Used by this module and by tests; others open or create a vault."""
        self._data_key = data_key
        self._wrapping_key = _derive(data_key, b"files")
        self._name_key = _derive(data_key, b"names")
        self.database_key = _derive(data_key, b"database")

    def __repr__(self) -> str:
        return "Vault(...)"

    def seal(self, data: bytes, facts: bytes = b"") -> bytes:
        """Seal bytes and a few facts beside them (at most 1 MiB)."""
        return sealed.seal(self._wrapping_key, data, facts)

    def unseal(self, whole: bytes) -> bytes:
        """The bytes that were sealed.

        Raises:
            DeskError: ``store.page_altered``.
        """
        return sealed.unseal(self._wrapping_key, whole)[0]

    def unseal_with_facts(self, whole: bytes) -> tuple[bytes, bytes]:
        """The bytes and the facts that were sealed with them.

        Raises:
            DeskError: ``store.page_altered``.
        """
        return sealed.unseal(self._wrapping_key, whole)

    def name_of(self, sha256: str) -> str:
        """The file name for content with this hash: a keyed hash, so that a known file cannot be looked for."""
        return hmac.new(self._name_key, bytes.fromhex(sha256), hashlib.sha256).hexdigest()


def new_passphrase() -> str:
    """140 random bits as seven groups of four letters and digits, to be printed once and kept in the office safe."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def create_vault(folder: Path, passphrase: str, keeper: KeyKeeper) -> Vault:
    """Make the keys of a new cabinet in ``folder``, which is made when missing.

    Raises:
        DeskError: ``file.exists`` when there is a vault already; ``store.damaged`` when there is none but something
            else lies there: the kept key may be the last that opens it; ``store.locked`` while another program makes
            or has the cabinet; ``store.key_missing`` when the keeper refuses, ``store.disk_full``.
        ValueError: the keeper's file would lie inside the folder it opens.
    """
    _outside(folder, keeper)
    with durable.full_is_an_error():
        durable.make_folder(folder)
    lock = disk.try_lock(folder / disk.LOCK)
    try:
        if (folder / FILE).exists():
            raise error("file.exists", file=FILE)
        if is_orphaned(folder):
            raise _orphaned()
        data_key = secrets.token_bytes(32)
        # the keeper first: a vault file whose key nobody kept would open by passphrase only
        keeper.keep(data_key)
        _write(folder, secrets.token_hex(16), data_key, passphrase)
    finally:
        disk.unlock(lock)
    return Vault(data_key)


def is_orphaned(folder: Path) -> bool:
    """Whether sealed things lie in a folder whose ``vault.json`` is gone: no place for a new vault."""
    if not folder.is_dir() or (folder / FILE).exists():
        return False
    left = (path for path in folder.iterdir() if path.name != disk.LOCK and path.suffix != durable.PART)
    return any(path.stat().st_size for path in left)


def _orphaned() -> DeskError:
    return error("store.damaged", f"{FILE} is gone from beside sealed data", backup_at="")


def open_vault(folder: Path, keeper: KeyKeeper) -> Vault:
    """Open the vault with the key this machine keeps, or with the one it kept before.

    Raises:
        DeskError: ``store.key_missing`` when the keeper has no key, another one, or there is no vault here;
            ``store.damaged`` when ``vault.json`` cannot be read, or is gone from beside sealed data.
    """
    file = _read(folder)
    data_key = keeper.load()
    if data_key is None:
        raise error("store.key_missing")
    if not hmac.compare_digest(_check(data_key), file.check):
        # its disk was away for one start, and another cabinet was made in its place
        data_key = keeper.earlier()
        if data_key is None or not hmac.compare_digest(_check(data_key), file.check):
            raise error("store.key_missing", "the kept key is of another vault")
        keeper.keep(data_key)
    return Vault(data_key)


def recover_vault(folder: Path, passphrase: str, keeper: KeyKeeper) -> Vault:
    """Open the vault with the printed passphrase and give the key to this machine's keeper.

    Raises:
        DeskError: ``store.passphrase_wrong``, ``store.key_missing`` (no vault here, or the keeper refuses),
            ``store.damaged``.
    """
    _outside(folder, keeper)
    file = _read(folder)
    recovery = file.recovery
    try:
        wrapping = _stretch(passphrase, recovery.salt, recovery.memory_kib, recovery.passes, recovery.lanes)
        data_key = AESGCM(wrapping).decrypt(recovery.nonce, recovery.wrapped, file.id.encode())
    except InvalidTag:
        raise error("store.passphrase_wrong") from None
    keeper.keep(data_key)
    return Vault(data_key)


def renew_passphrase(folder: Path, vault: Vault, passphrase: str) -> None:
    """Wrap the same data key under a new passphrase; the old sheet of paper opens nothing here any more.

    Backups made before still open with the old one.
    """
    _write(folder, _read(folder).id, vault._data_key, passphrase)


def vault_id(folder: Path) -> str:
    """The id of the vault in a folder: the same in the cabinet and in all its backups.

    Raises:
        DeskError: ``store.key_missing``, ``store.damaged``.
    """
    return _read(folder).id


def _write(folder: Path, vault_id: str, data_key: bytes, passphrase: str) -> None:
    memory, passes, lanes = 64 * 1024, 3, 4
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapping = _stretch(passphrase, salt, memory, passes, lanes)
    wrapped = AESGCM(wrapping).encrypt(nonce, data_key, vault_id.encode())

    def text(raw: bytes) -> bytes:
        return base64.b64encode(raw)

    recovery = _Recovery(
        memory_kib=memory, passes=passes, lanes=lanes, salt=text(salt), nonce=text(nonce), wrapped=text(wrapped)
    )
    file = _VaultFile(format=1, id=vault_id, check=text(_check(data_key)), recovery=recovery)
    durable.write_whole(folder / FILE, file.model_dump_json(indent=1).encode() + b"\n")


def _read(folder: Path) -> _VaultFile:
    try:
        return _VaultFile.model_validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        raise _orphaned() if is_orphaned(folder) else error("store.key_missing", "no vault in this folder") from None
    except PermissionError:  # nothing is wrong with it: another user's, and told so
        raise
    except (ValidationError, OSError) as unreadable:
        raise error("store.damaged", type(unreadable).__name__, backup_at="") from None


def _outside(folder: Path, keeper: KeyKeeper) -> None:
    if isinstance(keeper, FileKeeper) and folder.resolve() in keeper.path.resolve().parents:
        raise ValueError("the key must not lie in the folder it opens")


def _derive(data_key: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=32, info=b"digitizer-desk 1 " + purpose).derive(data_key)


def _check(data_key: bytes) -> bytes:
    return _derive(data_key, b"check")


def _stretch(passphrase: str, salt: bytes, memory_kib: int, passes: int, lanes: int) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    return kdf.derive(_as_printed(passphrase).encode())


def _as_printed(passphrase: str) -> str:
    """What the typist meant: case, spaces and dashes do not matter; O is 0, I and L are 1 as Crockford has it."""
    text = unicodedata.normalize("NFKC", passphrase).upper()
    kept = "".join(letter for letter in text if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))
