# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results and the list of older ones in the cabinet: written once, read again after closing, journaled without data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk.dossier.model import Component, Signature
from digitizer_desk.dossier.result import Cancelled, CopyForm, Granted, ListedResult, PaperKind
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.results.listed import key_of
from digitizer_desk.store.vault import Vault
from store.room import Clock
from store.samples import CLERK, START, make_dossier, pack

KEY = bytes(range(32))
RESULT = Component("r1", 0, "KQ.G01", "Giấy khai sinh", True, kind=PaperKind.RESULT)


def opened(folder: Path) -> Cabinet:
    return open_cabinet(folder, Vault(KEY), Clock())


def line(number: int, **changes: object) -> ListedResult:
    values = (("ma_loai_giay_to", "KQ.G01"), ("so_ky_hieu", f"{number}/2021"), ("ho_ten", "Nguyễn Thị Hường"))
    made = ListedResult(f"l{number}", f"24{number}", "1.001193", "person", values, "ab" * 32, number, START)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_result_is_what_it_was_after_closing(tmp_path: Path) -> None:
    cabinet = opened(tmp_path)
    cabinet.dossiers.add(make_dossier(), CLERK)
    before = len(cabinet.dossiers.load("d1").components)
    cabinet.results.add("d1", RESULT, CLERK)
    cabinet.results.grant("d1", Granted(CLERK.id, START, "ở tỉnh"), CLERK)
    cabinet.results.cancel("r1", Cancelled(CLERK.id, START, "Cấp sai họ tên"), CLERK)
    cabinet.results.make_findable("d1", "15/2021 Giấy khai sinh")
    cabinet.results.make_findable("d1", "15/2021 Giấy khai sinh")
    cabinet.close()
    cabinet = opened(tmp_path)
    dossier = cabinet.dossiers.load("d1")
    result = dossier.component("r1")
    assert (result.kind, result.number, result.title) == (PaperKind.RESULT, before + 1, "Giấy khai sinh")
    assert result.cancelled == Cancelled(CLERK.id, START, "Cấp sai họ tên")
    assert dossier.granted == Granted(CLERK.id, START, "ở tỉnh")
    assert all(c.kind is PaperKind.COMPONENT and c.cancelled is None for c in dossier.components[:-1])
    assert [found.id for found in cabinet.dossiers.find("giay khai sinh 15/2021", 5)] == ["d1"]
    told = " ".join(str(entry.facts) for entry in cabinet.journal.entries())
    assert "Cấp sai" not in told, "the journal never holds what somebody typed about a person"
    cabinet.results.set_kind("r1", PaperKind.INTERMEDIATE, CLERK)
    cabinet.results.grant("d1", None, CLERK)
    dossier = cabinet.dossiers.load("d1")
    assert (dossier.component("r1").kind, dossier.granted) == (PaperKind.INTERMEDIATE, None)
    assert cabinet.journal.check().ok
    cabinet.close()


def test_what_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    cabinet = opened(tmp_path)
    for write in (
        lambda: cabinet.results.add("no", RESULT, CLERK),
        lambda: cabinet.results.set_kind("no", PaperKind.RESULT, CLERK),
        lambda: cabinet.results.grant("no", None, CLERK),
        lambda: cabinet.listed.get("no"),
    ):
        with pytest.raises(DeskError) as refused:
            write()
        assert refused.value.code == "dossier.unknown"
    cabinet.close()


def test_uncertified_tells_the_forms_apart(tmp_path: Path) -> None:
    cabinet = opened(tmp_path)
    cabinet.dossiers.add(make_dossier(), CLERK)
    pack(cabinet, "d1", "d1c1")
    assert cabinet.results.uncertified(CopyForm.TEXT) == ("d1",)
    document = cabinet.dossiers.load("d1").component("d1c1").document
    assert document is not None
    for form, left in ((CopyForm.TEXT, ((), ("d1",))), (CopyForm.SEAL, ((), ()))):
        agency = Signature("organisation", "UBND", "aa", START, START, "thu", form)
        newer = replace(document, version=document.version + 1, signatures=(*document.signatures, agency))
        cabinet.documents.freeze_again(document, cabinet.documents.pdf(document), newer, CLERK)
        document = newer
        assert (cabinet.results.uncertified(CopyForm.TEXT), cabinet.results.uncertified(CopyForm.SEAL)) == left
    assert cabinet.documents.versions("d1c1")[-1].signatures[-1].form is CopyForm.SEAL
    cabinet.close()


def test_a_list_is_taken_whole_and_a_line_once(tmp_path: Path) -> None:
    cabinet = opened(tmp_path)
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.listed.add([line(1), line(2)], CLERK)
    with pytest.raises(DeskError) as twice:
        cabinet.listed.add([line(3), line(4, id="x", dossier_code="241", values=line(1).values)], CLERK)
    assert twice.value.code == "store.conflict"
    assert cabinet.listed.waiting() == 2, "not a line of it"
    assert cabinet.listed.known([key_of(line(1)), key_of(line(3))]) == {key_of(line(1))}
    assert cabinet.listed.find("huong 2/2021") == (line(2),)
    cabinet.listed.became("l1", "d1c1", CLERK)
    with pytest.raises(DeskError) as taken:
        cabinet.listed.became("l1", "d1c2", CLERK)
    assert taken.value.code == "store.conflict"
    assert [one.id for one in cabinet.listed.find()] == ["l2", "l1"], "those still to be done come first"
    told = " ".join(str(entry.facts) for entry in cabinet.journal.entries())
    assert "Hường" not in told
    cabinet.close()
