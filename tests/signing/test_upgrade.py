# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Upgrading without the token, against services that run, are down, slow, stale or lie."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from digitizer_desk.errors import DeskError
from digitizer_desk.signing import verify as verifying
from digitizer_desk.signing.lasting import upgrade as upgrading
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.signing.lasting.upgrade import Upgraded, is_due, upgrade_file, upgrade_pdf
from digitizer_desk.signing.verdict import Verification
from digitizer_desk.signing.verify import verify_pdf
from signing.people import Person
from signing.services import Services
from soak import soaking
from stand_ins.disks import small_disk


def now() -> datetime:
    return datetime.now(UTC)


def long(*more: Any) -> tuple[Any, ...]:
    """Cases of the long run: they go the way of their neighbours."""
    return more if soaking() else ()


def sign(person: Person, pdf: bytes, **more: Any) -> bytes:
    return person.sign(pdf, **{"signed_at": now(), "captured_at": now(), **more})


@pytest.fixture(scope="module")
def by_clerk(services: Services, draft: bytes) -> bytes:
    return sign(services.person("officer"), draft)


def upgrade(services: Services, pdf: bytes, url: str = "", wait_s: float = 10.0, **more: Any) -> tuple[bytes, Upgraded]:
    service = TimestampService(url or services.tsa, wait_s)
    return upgrade_pdf(pdf, service, **{"trust": [services.der("root")], "clock": now, **more})


def check(services: Services, pdf: bytes, at: datetime | None = None) -> Verification:
    return verify_pdf(pdf, trust=[services.der("root")], offline=True, at=at or now())


@pytest.fixture(scope="module")
def for_years(services: Services, by_clerk: bytes) -> bytes:
    return upgrade(services, by_clerk)[0]


def test_one_revision_more_and_nothing_before_it_changes(services: Services, by_clerk: bytes) -> None:
    services.faults.asked.clear()
    pdf, found = upgrade(services, by_clerk)
    assert (found.changed, found.level, found.missing) == (True, "B-LTA", "")
    assert services.faults.asked.count("tsa") == 2, "one for the signature, one for the document"
    old, new = PdfFileReader(io.BytesIO(by_clerk)), PdfFileReader(io.BytesIO(pdf))
    assert new.xrefs.total_revisions == old.xrefs.total_revisions + 1
    start = by_clerk.rindex(b"/Contents <")
    end = by_clerk.index(b">", start)
    assert pdf[:start] == by_clerk[:start]
    assert pdf[end : len(by_clerk)] == by_clerk[end:], "only the digits left free for it were written to"
    said = check(services, pdf)
    assert said.valid
    assert said.complete
    assert [(s.role, s.level, s.revocation) for s in said.signatures] == [
        ("clerk", "B-LTA", "good"),
        ("timestamp", "", "good"),
    ]
    assert [(r.kind, r.allowed) for r in said.revisions] == [("timestamp", True)]


def test_pictures_stay_bit_identical(by_clerk: bytes, for_years: bytes, draft: bytes) -> None:
    def pictures(pdf: bytes) -> list[bytes]:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return [bytes(page.obj.Resources.XObject.Im0.read_raw_bytes()) for page in opened.pages]

    assert pictures(draft) == pictures(by_clerk) == pictures(for_years)


def test_a_second_run_adds_nothing(services: Services, for_years: bytes) -> None:
    services.faults.asked.clear()
    again, found = upgrade(services, for_years)
    assert again == for_years
    assert not found.changed
    assert services.faults.asked == [], "nothing is even asked"


def test_good_long_after_every_certificate_but_the_timestamps_ended(services: Services, for_years: bytes) -> None:
    said = check(services, for_years, now() + timedelta(days=3000))
    assert said.valid
    assert said.signatures[0].revocation == "good"
    assert not check(services, for_years, now() + timedelta(days=4100)).valid, "then it should have been renewed"


def test_without_the_upgrade_it_ends_with_its_certificate(services: Services, by_clerk: bytes) -> None:
    said = check(services, by_clerk, now() + timedelta(days=3000))
    assert said.signatures[0].level == "B-B"
    assert said.signatures[0].valid_at is not None, "the stated time was inside, but nobody proves it"
    assert said.signatures[0].revocation == "unknown"


def test_office_after_the_clerks_upgrade_and_upgraded_again(services: Services, for_years: bytes) -> None:
    both = sign(services.person("office"), for_years, field="CoQuan", role="organisation", captured_at=None)
    said = check(services, both)
    assert said.valid
    assert [s.level for s in said.people] == ["B-LTA", "B-B"]
    final, found = upgrade(services, both)
    assert found.level == "B-LTA"
    said = check(services, final, now() + timedelta(days=3000))
    assert said.valid
    assert [s.role for s in said.signatures] == ["clerk", "timestamp", "organisation", "timestamp"]
    assert [r.kind for r in said.revisions] == ["timestamp", "signature", "timestamp"]
    clerk, office = said.people
    assert clerk.behind.proven_at < office.behind.proven_at  # type: ignore[operator]


def test_two_signatures_made_offline_are_both_covered(services: Services, by_clerk: bytes) -> None:
    both = sign(services.person("office"), by_clerk, field="CoQuan", role="organisation", captured_at=None)
    pdf, found = upgrade(services, both)
    assert found.level == "B-LTA"
    assert [s.level for s in check(services, pdf).people] == ["B-LTA", "B-LTA"]


def test_only_a_revocation_list_will_do(services: Services, draft: bytes) -> None:
    pdf, found = upgrade(services, sign(services.person("listed"), draft))
    assert found.level == "B-LTA"
    assert check(services, pdf).valid


# ---- services that fail ----


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("down", "signature.timestamp_offline"),
        ("slow", "signature.timestamp_offline"),
        ("nonce", "signature.timestamp_wrong"),
        ("imprint", "signature.timestamp_wrong"),
        ("garbage", "signature.timestamp_wrong"),
        ("refuse", "signature.timestamp_wrong"),
        ("past", "signature.clock"),
    ],
)
def test_a_timestamp_service_that_fails_or_lies(services: Services, by_clerk: bytes, fault: str, code: str) -> None:
    stream = io.BytesIO()
    stream.write(by_clerk)
    with services.fault(tsa=fault), pytest.raises(DeskError) as caught:
        upgrading.upgrade_stream(
            stream, TimestampService(services.tsa, 0.5), trust=[services.der("root")], clock=now
        )  # fmt: skip
    assert caught.value.code == code
    assert stream.getvalue() == by_clerk


def test_nobody_listens_there(services: Services, by_clerk: bytes) -> None:
    with pytest.raises(DeskError) as caught:
        upgrade(services, by_clerk, "http://127.0.0.1:9/")
    assert caught.value.code == "signature.timestamp_offline"


def test_a_timestamper_nobody_trusts(services: Services, by_clerk: bytes) -> None:
    with pytest.raises(DeskError) as caught:
        upgrade(services, by_clerk, services.tsa_stranger)
    assert caught.value.code == "signature.timestamp_wrong"


def test_our_clock_wrong_by_a_year(services: Services, by_clerk: bytes) -> None:
    for days in (-365, 365):
        with pytest.raises(DeskError) as caught:
            upgrade(services, by_clerk, clock=lambda days=days: now() + timedelta(days=days))
        assert caught.value.code == "signature.clock"
        assert set(caught.value.facts) == {"ours", "theirs"}


@pytest.mark.parametrize("fault", ["unknown", "slow", *long("down", "stale")])
def test_ocsp_that_fails_while_the_list_is_there(services: Services, by_clerk: bytes, fault: str) -> None:
    with services.fault(ocsp=fault):
        pdf, found = upgrade(services, by_clerk, wait_s=5.0)
    assert (found.level, found.missing) == ("B-LTA", "")
    assert check(services, pdf).signatures[0].revocation == "good"


@pytest.mark.parametrize("fault", ["unknown", *long("down", "stale")])
def test_no_proof_to_be_had_leaves_the_timestamp_alone(services: Services, by_clerk: bytes, fault: str) -> None:
    with services.fault(ocsp=fault, crl="stale" if fault == "stale" else "down"):
        pdf, found = upgrade(services, by_clerk, wait_s=1.5)
    assert (found.changed, found.level, found.missing) == (True, "B-T", "signature.evidence_missing")
    assert len(pdf) == len(by_clerk), "it lies in the room the signature left for it"
    said = check(services, pdf)
    assert said.valid
    assert said.signatures[0].revocation == "unknown"
    later, found = upgrade(services, pdf)
    assert (found.level, found.missing) == ("B-LTA", "")
    assert check(services, later).complete
    first, second = (s.signatures[0].behind.proven_at for s in (said, check(services, later)))
    assert first == second, "the first timestamp stays"


def test_the_second_timestamp_fails(services: Services, by_clerk: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    gather = upgrading.gather

    async def gather_then_break(*given: Any) -> Any:
        found = await gather(*given)
        services.faults.tsa = "nonce"
        return found

    monkeypatch.setattr(upgrading, "gather", gather_then_break)
    with services.fault(tsa=""):
        pdf, found = upgrade(services, by_clerk)
    assert (found.level, found.missing) == ("B-T", "signature.timestamp_wrong")
    assert len(pdf) == len(by_clerk), "the half-made revision is gone"
    assert check(services, pdf).valid


# ---- signers that are not good ----


@pytest.mark.parametrize(
    ("name", "code"),
    [("revoked", "signature.revoked"), ("expired", "signature.not_in_time"), ("early", "signature.not_in_time")],
)
def test_a_signer_who_was_not_good(services: Services, draft: bytes, name: str, code: str) -> None:
    pdf = sign(services.person(name), draft)
    stream = io.BytesIO()
    stream.write(pdf)
    with pytest.raises(DeskError) as caught:
        upgrading.upgrade_stream(stream, TimestampService(services.tsa), trust=[services.der("root")], clock=now)
    assert caught.value.code == code
    assert stream.getvalue() == pdf, "the timestamp that was already written is taken out again"
    assert not check(services, pdf).valid or name == "revoked"


def test_revoked_is_seen_when_asked_over_the_network(services: Services, draft: bytes) -> None:
    pdf = sign(services.person("revoked"), draft)
    for faults in ({}, {"ocsp": "down"}):
        with services.fault(**faults):
            said = verify_pdf(pdf, trust=[services.der("root")], offline=False, at=now())
        assert (said.signatures[0].revocation, said.valid) == ("revoked", False)


@pytest.mark.parametrize("faults", [{"ocsp": "slow", "crl": "slow"}, *long({"ocsp": "slow"})])
def test_silence_is_no_error_when_verifying(
    services: Services, by_clerk: bytes, faults: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PATIENCE", 0.3)
    with services.fault(**faults):
        said = verify_pdf(by_clerk, trust=[services.der("root")], offline=False, at=now())
    assert (said.signatures[0].revocation, said.valid) == ("unknown" if "crl" in faults else "good", True)


def test_ocsp_unknown_does_not_make_it_bad(services: Services, by_clerk: bytes) -> None:
    with services.fault(ocsp="unknown", crl="down"):
        said = verify_pdf(by_clerk, trust=[services.der("root")], offline=False, at=now())
    assert (said.signatures[0].revocation, said.valid) == ("unknown", True)


def test_a_clock_a_year_behind_when_signing_is_healed_by_the_timestamp(services: Services, draft: bytes) -> None:
    """The certificate did not exist at the time the machine believed in."""
    pdf = sign(services.person("officer"), draft, signed_at=now() - timedelta(days=365))
    assert check(services, pdf).signatures[0].valid_at is None
    assert not check(services, pdf).valid
    better, found = upgrade(services, pdf)
    assert found.level == "B-LTA"
    assert check(services, better).valid


def test_a_clock_a_year_ahead_when_signing_is_told(services: Services, draft: bytes) -> None:
    pdf, _ = upgrade(services, sign(services.person("officer"), draft, signed_at=now() + timedelta(days=365)))
    said = check(services, pdf)
    assert said.valid, "the timestamp counts, not what the machine believed"
    off = said.signatures[0].clock_off
    assert off is not None
    assert off > timedelta(days=364)


# ---- files that are not good ----


def test_nothing_signed(services: Services, draft: bytes) -> None:
    with pytest.raises(DeskError) as caught:
        upgrade(services, draft)
    assert caught.value.code == "file.not_signed"


def test_a_damaged_file_is_not_dressed_up(services: Services, by_clerk: bytes) -> None:
    at = by_clerk.index(b"\xff\xda") + 200
    damaged = by_clerk[:at] + bytes([by_clerk[at] ^ 1]) + by_clerk[at + 1 :]
    for pdf, code in ((damaged, "signature.broken"), (by_clerk[:-3000], "image.damaged"), (b"x", "image.unreadable")):
        with pytest.raises(DeskError) as caught:
            upgrade(services, pdf)
        assert caught.value.code == code


def test_trust_missing(services: Services, by_clerk: bytes) -> None:
    with pytest.raises(DeskError) as caught:
        upgrade(services, by_clerk, trust=[services.der("stranger")])
    assert caught.value.code == "signature.timestamp_wrong"


# ---- files on disk ----


def hashes(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir()}


def test_file_to_file(services: Services, by_clerk: bytes, tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "out" / "a.pdf"
    source.write_bytes(by_clerk)
    found = upgrade_file(
        source, target, TimestampService(services.tsa), trust=[services.der("root")], clock=now
    )  # fmt: skip
    assert found.level == "B-LTA"
    assert source.read_bytes() == by_clerk
    assert check(services, target.read_bytes()).complete
    assert [f.name for f in target.parent.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("fault", ["nonce", *long("down", "past")])
def test_a_failure_replaces_nothing(services: Services, by_clerk: bytes, tmp_path: Path, fault: str) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(by_clerk)
    target.write_bytes(b"the good one")
    before = hashes(tmp_path)
    with services.fault(tsa=fault), pytest.raises(DeskError):
        upgrade_file(source, target, TimestampService(services.tsa), trust=[services.der("root")], clock=now)
    assert hashes(tmp_path) == before


@pytest.mark.parametrize("room", [0.5, 1.02])
def test_disk_full_leaves_nothing(services: Services, by_clerk: bytes, tmp_path: Path, room: float) -> None:
    """Full while the file is copied, and full while the new revision is written behind it."""
    source = tmp_path / "a.pdf"
    source.write_bytes(by_clerk)
    with small_disk(tmp_path / "disk", int(len(by_clerk) * room)) as folder:
        with pytest.raises(DeskError) as caught:
            upgrade_file(
                source, folder / "a.pdf", TimestampService(services.tsa), trust=[services.der("root")], clock=now
            )  # fmt: skip
        assert caught.value.code == "store.disk_full"
        assert list(folder.iterdir()) == []


# ---- renewal ----


def test_renewed_before_the_timestampers_certificate_ends(services: Services, by_clerk: bytes) -> None:
    pdf, found = upgrade(services, by_clerk, services.tsa_short)
    assert found.held_until is not None
    assert timedelta(days=39) < found.held_until - now() < timedelta(days=41)
    said = check(services, pdf)
    assert is_due(said, now(), timedelta(days=60))
    assert not is_due(said, now(), timedelta(days=30))
    same, nothing = upgrade(services, pdf, renew_within=timedelta(days=30))
    assert same == pdf
    assert not nothing.changed
    renewed, found = upgrade(services, pdf, renew_within=timedelta(days=60))
    assert found.changed
    assert found.held_until is not None
    assert found.held_until - now() > timedelta(days=3000)
    assert check(services, renewed).valid
    later = now() + timedelta(days=2000)
    assert not check(services, pdf, later).valid, "not renewed: its last timestamp can no longer be judged"
    said = check(services, renewed, later)
    assert said.valid
    assert said.complete
    assert [s.behind.proven_at is not None for s in said.signatures] == [True, True, False]
