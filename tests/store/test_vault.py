# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Keys and sealed files: what opens, and what even one changed bit must not."""

from __future__ import annotations

import json
import os
import random
import stat
from pathlib import Path

import keyring
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from digitizer_desk.errors import DeskError
from digitizer_desk.store.files.sealed import PIECE
from digitizer_desk.store.keepers import FileKeeper, SystemKeeper
from digitizer_desk.store.vault import (
    FILE,
    Vault,
    create_vault,
    new_passphrase,
    open_vault,
    recover_vault,
    renew_passphrase,
)
from soak import rounds
from store.samples import PASSPHRASE, picture

VAULT = Vault(bytes(range(32)))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
def test_what_is_sealed_is_unsealed(size: int) -> None:
    data = random.Random(size).randbytes(size)
    sealed = VAULT.seal(data, b"facts")
    assert VAULT.unseal_with_facts(sealed) == (data, b"facts")
    assert VAULT.unseal(VAULT.seal(data)) == data


@settings(max_examples=30)
@given(st.binary(max_size=3000), st.binary(max_size=300))
def test_any_bytes_round_trip_and_never_look_the_same_twice(data: bytes, facts: bytes) -> None:
    one, other = VAULT.seal(data, facts), VAULT.seal(data, facts)
    assert one != other
    assert VAULT.unseal_with_facts(one) == VAULT.unseal_with_facts(other) == (data, facts)


def altered(sealed: bytes) -> bool:
    try:
        VAULT.unseal(sealed)
    except DeskError as problem:
        return problem.code == "store.page_altered"
    return False


def test_every_flipped_bit_of_a_small_file_is_seen() -> None:
    sealed = VAULT.seal(b"x" * 40, b"facts")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            assert altered(bytes(changed)), (place, bit)


def test_every_cut_end_of_a_small_file_is_seen() -> None:
    sealed = VAULT.seal(b"x" * 40, b"facts")
    assert all(altered(sealed[:length]) for length in range(len(sealed)))
    assert altered(sealed + b"x")


def test_pieces_cannot_be_swapped_dropped_repeated_or_taken_from_another_file() -> None:
    data = random.Random(1).randbytes(3 * PIECE)
    sealed, other = VAULT.seal(data), VAULT.seal(data)
    step = PIECE + 16
    start = len(sealed) - 3 * step
    head, pieces = sealed[:start], [sealed[start + i * step : start + (i + 1) * step] for i in range(3)]
    foreign = other[start : start + step]
    assert not altered(head + b"".join(pieces))
    a, b, c = pieces
    for wrong in ([b, a, c], [a, c], [a, b], [a, b, b, c], [foreign, b, c], [a, b, c, c], [c]):
        assert altered(head + b"".join(wrong))
    assert altered(other[:start] + b"".join(pieces))


def test_random_damage_in_a_large_file_is_seen() -> None:
    sealed = VAULT.seal(random.Random(2).randbytes(2 * PIECE + 5), b"facts")
    chance = random.Random(3)
    for _ in range(rounds(400)):
        changed = bytearray(sealed)
        changed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
        assert altered(bytes(changed))


def test_another_vault_opens_nothing() -> None:
    with pytest.raises(DeskError, match="page_altered"):
        Vault(bytes(32)).unseal(VAULT.seal(b"x"))
    assert Vault(bytes(32)).database_key != VAULT.database_key
    assert Vault(bytes(32)).name_of("ab" * 32) != VAULT.name_of("ab" * 32)
    assert len({VAULT.database_key, VAULT._wrapping_key, VAULT._name_key, VAULT._data_key}) == 4


def test_facts_longer_than_a_piece_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        VAULT.seal(b"", b"x" * (PIECE + 1))


def test_a_vault_opens_with_the_kept_key_and_with_the_passphrase(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "cabinet", FileKeeper(tmp_path / "desk.key")
    sealed = create_vault(folder, PASSPHRASE, keeper).seal(picture(1))
    assert open_vault(folder, keeper).unseal(sealed) == picture(1)
    another_machine = FileKeeper(tmp_path / "other" / "desk.key")
    with pytest.raises(DeskError, match="key_missing"):
        open_vault(folder, another_machine)
    typed = PASSPHRASE.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert recover_vault(folder, typed, another_machine).unseal(sealed) == picture(1)
    assert open_vault(folder, another_machine).unseal(sealed) == picture(1)


def test_a_wrong_passphrase_opens_nothing_and_keeps_nothing(tmp_path: Path) -> None:
    create_vault(tmp_path / "cabinet", PASSPHRASE, FileKeeper(tmp_path / "desk.key"))
    keeper = FileKeeper(tmp_path / "other.key")
    for wrong in ("", PASSPHRASE[:-1], "Z" + PASSPHRASE[1:], new_passphrase()):
        with pytest.raises(DeskError, match="passphrase_wrong"):
            recover_vault(tmp_path / "cabinet", wrong, keeper)
    assert not keeper.path.exists()


def test_a_new_passphrase_takes_the_place_of_the_old(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "cabinet", FileKeeper(tmp_path / "desk.key")
    vault = create_vault(folder, PASSPHRASE, keeper)
    renew_passphrase(folder, vault, "NEW-ONE")
    with pytest.raises(DeskError, match="passphrase_wrong"):
        recover_vault(folder, PASSPHRASE, keeper)
    assert recover_vault(folder, "new one", keeper).unseal(vault.seal(b"x")) == b"x"


def test_nothing_but_the_passphrase_copy_lies_beside_the_data(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "cabinet", FileKeeper(tmp_path / "desk.key")
    vault = create_vault(folder, PASSPHRASE, keeper)
    assert {path.name: path.stat().st_size for path in folder.iterdir()}.keys() == {FILE, "lock"}
    assert (folder / "lock").read_bytes() == b""
    text = (folder / FILE).read_bytes()
    for secret in (vault._data_key, vault.database_key):
        assert secret.hex().encode() not in text
        assert secret not in text
    assert json.loads(text)["recovery"]["memory_kib"] == 64 * 1024
    assert repr(vault) == "Vault(...)"


def test_the_key_may_not_lie_in_the_folder_it_opens(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must not lie"):
        create_vault(tmp_path / "cabinet", PASSPHRASE, FileKeeper(tmp_path / "cabinet" / "deep" / "desk.key"))
    assert not (tmp_path / "cabinet").exists()


def test_a_vault_is_not_made_over_another(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "desk.key")
    create_vault(tmp_path / "cabinet", PASSPHRASE, keeper)
    key = keeper.load()
    with pytest.raises(DeskError, match=r"file\.exists"):
        create_vault(tmp_path / "cabinet", PASSPHRASE, keeper)
    assert keeper.load() == key


def test_a_vault_is_not_made_beside_sealed_data_whose_vault_is_gone(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "cabinet", FileKeeper(tmp_path / "desk.key")
    create_vault(folder, PASSPHRASE, keeper)
    key = keeper.load()
    (folder / "cabinet.db").write_bytes(b"sealed")
    (folder / FILE).unlink()
    for act in (
        lambda: create_vault(folder, PASSPHRASE, keeper),
        lambda: open_vault(folder, keeper),
        lambda: recover_vault(folder, PASSPHRASE, keeper),
    ):
        with pytest.raises(DeskError, match=r"store\.damaged"):
            act()
    assert keeper.load() == key, "the last key that opens what lies there"


def test_a_disk_that_was_away_for_one_start_is_opened_with_its_own_key(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "nas" / "cabinet", FileKeeper(tmp_path / "desk.key")
    mine = create_vault(folder, PASSPHRASE, keeper)
    sealed_page = mine.seal(b"a page")
    (tmp_path / "nas").rename(tmp_path / "away")
    create_vault(folder, "ANOTHER", keeper)  # a first start, on the inner disk, under the same name
    (tmp_path / "nas").rename(tmp_path / "inner")
    (tmp_path / "away").rename(tmp_path / "nas")
    for _start in range(2):
        assert open_vault(folder, keeper).unseal(sealed_page) == b"a page"
    assert open_vault(tmp_path / "inner" / "cabinet", keeper) is not None, "and nothing of the other is lost"
    assert (tmp_path / "desk.key.before").stat().st_mode & 0o077 == 0


def test_two_starts_at_once_make_one_vault(tmp_path: Path) -> None:
    folder, keeper = tmp_path / "cabinet", FileKeeper(tmp_path / "desk.key")
    other: list[str] = []

    class Slow(FileKeeper):
        def keep(self, key: bytes) -> None:
            with pytest.raises(DeskError) as refused:
                create_vault(folder, "ANOTHER", keeper)
            other.append(refused.value.code)
            super().keep(key)

    create_vault(folder, PASSPHRASE, Slow(tmp_path / "desk.key"))
    assert other == ["store.locked"]
    open_vault(folder, keeper)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "store.key_missing"), (b"", "store.damaged"), (b"{}", "store.damaged"), (b'{"format":2}', "store.damaged")],
)
def test_a_missing_or_damaged_vault_file_is_said(tmp_path: Path, content: bytes | None, code: str) -> None:
    keeper = FileKeeper(tmp_path / "desk.key")
    create_vault(tmp_path / "cabinet", PASSPHRASE, keeper)
    file = tmp_path / "cabinet" / FILE
    file.unlink() if content is None else file.write_bytes(content)
    for opening in (lambda: open_vault(file.parent, keeper), lambda: recover_vault(file.parent, PASSPHRASE, keeper)):
        with pytest.raises(DeskError) as refused:
            opening()
        assert refused.value.code == code


def test_the_key_of_another_vault_is_noticed(tmp_path: Path) -> None:
    mine, yours = FileKeeper(tmp_path / "mine.key"), FileKeeper(tmp_path / "yours.key")
    create_vault(tmp_path / "mine", PASSPHRASE, mine)
    create_vault(tmp_path / "yours", PASSPHRASE, yours)
    with pytest.raises(DeskError, match="another vault"):
        open_vault(tmp_path / "mine", yours)


def test_passphrases_are_long_and_readable() -> None:
    found = {new_passphrase() for _ in range(200)}
    assert len(found) == 200
    for passphrase in found:
        groups = passphrase.split("-")
        assert [len(group) for group in groups] == [4] * 7
        assert not set(passphrase) & set("ILOU")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_key_file_is_for_this_user_only(tmp_path: Path) -> None:
    keeper = FileKeeper(tmp_path / "deep" / "desk.key")
    keeper.keep(bytes(32))
    assert stat.S_IMODE(keeper.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keeper.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", ["", "x", "AAAA", "é" * 44])
def test_a_spoiled_key_file_is_said_not_used(tmp_path: Path, content: str) -> None:
    keeper = FileKeeper(tmp_path / "desk.key")
    keeper.path.write_text(content, "utf-8")
    with pytest.raises(DeskError, match="key_missing"):
        keeper.load()


class Memory(KeyringBackend):
    """A secret store of the test's own."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_the_secret_store_of_the_system_keeps_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", store)
    keeper, other = SystemKeeper("/desk one"), SystemKeeper("/desk two")
    assert keeper.usable()
    create_vault(tmp_path / "cabinet", PASSPHRASE, keeper)
    open_vault(tmp_path / "cabinet", keeper)
    assert other.load() is None
    assert list(store.kept) == [("digitizer-desk", "/desk one")]
    first = keeper.load()
    keeper.keep(first or b"")
    assert keeper.earlier() is None, "the same key is no other"
    keeper.keep(bytes(32))
    assert (keeper.load(), keeper.earlier()) == (bytes(32), first)


def test_a_machine_without_a_secret_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    keeper = SystemKeeper("/desk")
    assert not keeper.usable()
    with pytest.raises(DeskError, match="key_missing"):
        keeper.load()
    with pytest.raises(DeskError, match="key_missing"):
        create_vault(tmp_path / "cabinet", PASSPHRASE, keeper)
    assert not (tmp_path / "cabinet" / FILE).exists(), "no vault without somebody to keep its key"
