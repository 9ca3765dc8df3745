# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The files of the law load strictly, pick the text of the day, and take only stricter additions."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.errors import DeskError
from digitizer_desk.rules.load import Rulebook, load_rulebook

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
LAW = (RESOURCES / "regulations" / "tt02-2019.toml").read_text(encoding="utf-8")
BIRTH = (RESOURCES / "procedures" / "khai-sinh.toml").read_text(encoding="utf-8")

ADDITION = """
schema = 1
id = "h08-2026"
adds_to = "tt02-2019"
title = "QĐ mẫu của tỉnh"
in_force_from = 2026-01-01
"""


def load(site: Path, regulations: Sequence[Path] = (RESOURCES / "regulations",)) -> Rulebook:
    return load_rulebook([*regulations, site], [RESOURCES / "procedures"])


def refused(site: Path, text: str, name: str = "tinh.toml", regulations: Sequence[Path] | None = None) -> DeskError:
    """Load with this one file added and give the refusal."""
    (site / name).write_text(text, encoding="utf-8")
    folders = (RESOURCES / "regulations",) if regulations is None else regulations
    with pytest.raises(DeskError) as caught:
        load(site, folders)
    assert caught.value.code == "rules.unreadable"
    assert caught.value.facts["file"] == name
    return caught.value


# ------------------------------------------------------------------------------------------------ as shipped


def test_the_law_of_a_day(rulebook: Rulebook) -> None:
    assert rulebook.in_force(date(2023, 5, 25)).id == "tt02-2019"
    assert rulebook.in_force(date(2026, 11, 21)).id == "tt02-2019"
    with pytest.raises(DeskError) as caught:
        rulebook.in_force(date(2023, 5, 24))
    assert caught.value.code == "rules.none_in_force"
    assert caught.value.facts["day"] == "24/05/2023"


def test_the_optional_one_is_there_by_id_only(rulebook: Rulebook) -> None:
    assert rulebook.regulation("tt05-2025").optional
    assert [r.id for r in rulebook.regulations] == ["tt02-2019", "tt05-2025"]
    with pytest.raises(DeskError) as caught:
        rulebook.regulation("tt99")
    assert caught.value.code == "rules.unreadable"


def test_default_scan_is_colour_300_dpi_duplex(rulebook: Rulebook) -> None:
    for law in rulebook.regulations:
        assert (law.scan.mode, law.scan.dpi, law.scan.source, law.scan.least_dpi) == (
            "color",
            300,
            "feeder-duplex",
            200,
        )
        assert law.scan.sheet_mm == (210.0, 297.0)
        assert law.order == ("scan", "check", "sign", "extract", "assign_code", "send")
        assert (law.signature.corner, law.code.separator) == ("top-left", ".")
        assert (law.pdf.least_version, law.pdf.size_budget_bytes) == ("1.4", 30 * 1024 * 1024)


def test_counting_and_format_faults_are_never_kept(rulebook: Rulebook) -> None:
    for law in rulebook.regulations:
        limits = [*law.component.values(), *law.file.values(), law.page["min_dpi"], law.page["colour"]]
        assert not any(limit.keep_allowed for limit in limits)
        assert law.page["sharpness"].keep_allowed


def test_the_four_classes_of_dieu_4_are_refused(rulebook: Rulebook) -> None:
    for law in rulebook.regulations:
        refusals = {form.id: form for form in law.forms if not form.may_scan}
        assert set(refusals) == {"shared_data", "paper_copy", "certified_paper_copy", "shown_only", "secret"}
        assert all("Điều 4 khoản 2" in form.source and form.reason for form in refusals.values())
        secret = refusals.pop("secret")
        assert (secret.overridable, secret.keeps_image) == (False, False)
        assert all(form.overridable and form.keeps_image for form in refusals.values())


def test_procedures_are_examples_and_use_every_refusal(rulebook: Rulebook) -> None:
    assert len(rulebook.procedures) >= 8
    assert all(p.example and "mẫu" in p.note and len(p.components) >= 3 for p in rulebook.procedures)
    assert all(any(c.mandatory for c in p.components) for p in rulebook.procedures)
    refusals = {c.refuse for p in rulebook.procedures for c in p.components if c.refuse}
    assert refusals == {"shared_data", "paper_copy", "certified_paper_copy", "shown_only", "secret"}
    birth = rulebook.procedure("1.001193")
    assert [c.mandatory for c in birth.components] == [True, True, True, False, False, False]
    assert birth.components[-1].refuse == "shown_only"


def test_procedures_are_found_by_code_and_by_words(rulebook: Rulebook) -> None:
    assert rulebook.procedure(" 1.001193.000.00.00.h08 ").title == "Đăng ký khai sinh"
    assert [p.code for p in rulebook.search("KHAI SINH dang ky")] == ["1.001193"]
    assert rulebook.search("1.0011")[0].code == "1.001193"
    assert rulebook.search("") == rulebook.procedures
    assert rulebook.search("không có gì") == ()
    with pytest.raises(DeskError) as caught:
        rulebook.procedure("9.999999")
    assert caught.value.code == "rules.procedure_unknown"
    assert caught.value.facts["procedure"] == "9.999999"


def test_files_are_nfc() -> None:
    for path in RESOURCES.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name


# ------------------------------------------------------------------------------------------------ strictness


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('mode = "color"', 'mode = "color"\nmodus = 1', "[scan] modus"),
        ("least_dpi = 200\n", "", "[scan] least_dpi"),
        ("dpi = 300\n", 'dpi = "300"\n', "[scan] dpi"),
        ("dpi = 300\n", "dpi = 300.5\n", "[scan] dpi"),
        ("max = 1.0", "max = true", "[page.skew] max"),
        ("max = 1.0", "max = nan", "[page.skew] max"),
        ("[page.skew]", "[page.schraeg]", "[page] skew"),
        ('severity = "fault"\nkeep_allowed = true', 'severity = "schlimm"', "[page.sharpness] severity"),
        ('label = "Bản chính"', "label = 7", "[forms.1] label"),
        ('id = "e_copy_register"', 'id = "original"', "toàn tệp"),
        ('"scan", "check", ', '"scan", ', "order"),
        ('reason = "Giấy tờ mật: không được quét, không lưu ảnh."\n', "", "[forms] 9"),
        ('instead_of = "so_dinh_danh"', 'instead_of = "so_nha"', "toàn tệp"),
        ("in_force_from = 2023-05-25", 'in_force_from = "2023-05-25"', "in_force_from"),
        ("schema = 1", "schema = 2", "schema"),
    ],
)
def test_a_bad_regulation_is_refused_with_its_place(site: Path, old: str, new: str, where: str) -> None:
    assert old in LAW
    problem = refused(site, LAW.replace(old, new, 1), regulations=())
    assert problem.facts["where"] == where


@pytest.mark.parametrize(("old", "new"), [("dpi = 300", "dpi = = 300"), ("[desk]", "[desk")])
def test_bad_toml_is_refused_with_its_line(site: Path, old: str, new: str) -> None:
    line = LAW[: LAW.index(old)].count("\n") + 1
    assert refused(site, LAW.replace(old, new, 1), regulations=()).facts["where"] == f"dòng {line}"


def test_a_file_that_is_no_text_is_refused(site: Path) -> None:
    (site / "tinh.toml").write_bytes(b"\xff\xfe id = 1")
    with pytest.raises(DeskError) as caught:
        load(site)
    assert (caught.value.code, caught.value.facts["where"]) == ("rules.unreadable", "UTF-8")


def test_windows_line_ends_bom_and_decomposed_letters_are_no_fault(site: Path) -> None:
    text = unicodedata.normalize("NFD", LAW).replace("\n", "\r\n")
    (site / "tinh.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(site, ()).regulation("tt02-2019").form("original").label == "Bản chính"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("mandatory = true", 'mandatory = "có"', "[component.1] mandatory"),
        ("mandatory = true\n", "", "[component.1] mandatory"),
        ("sides = 2", "sites = 2", "[component.1] sites"),
        ('form = "original"', 'form = "paper_copy"', "[component] 1"),
        ('refuse = "shown_only"', 'refuse = "secret"', "[component] 6"),
        ("KS.02", "KS.01", "toàn tệp"),
        ('code = "1.001193"', 'code = "khai-sinh"', "code"),
        ('["original"]', '["original", "carbon"]', "[component.1] forms"),
    ],
)
def test_a_bad_procedure_is_refused(site: Path, old: str, new: str, where: str) -> None:
    assert old in BIRTH
    (site / "ks.toml").write_text(BIRTH.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeskError) as caught:
        load_rulebook([RESOURCES / "regulations"], [site])
    assert caught.value.facts == {"file": "ks.toml", "where": where}


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    empty = load_rulebook([tmp_path / "none"], [tmp_path / "none"])
    assert empty.procedures == ()
    with pytest.raises(DeskError) as caught:
        empty.in_force(date(2026, 1, 1))
    assert caught.value.code == "rules.none_in_force"


# ------------------------------------------------------------------------------------------------ the province


def test_the_site_replaces_a_procedure(site: Path) -> None:
    own = BIRTH.replace("example = true", "example = false").replace('Đăng ký khai sinh"', 'Khai sinh của tỉnh"', 1)
    (site / "ks.toml").write_text(own, encoding="utf-8")
    book = load_rulebook([RESOURCES / "regulations"], [RESOURCES / "procedures", site])
    assert book.procedure("1.001193").title == "Khai sinh của tỉnh"
    assert not book.procedure("1.001193").example


def test_an_addition_judges_from_its_day_and_old_dossiers_keep_their_law(site: Path) -> None:
    changes = """
    fields = [{ name = "pham_vi", required = true, source = "QĐ mẫu, Điều 4" }]
    refuse_forms = ["photo_compared"]
    drop_left_out = ["bound"]
    [page.skew]
    max = 0.5
    source = "QĐ mẫu, Điều 1"
    [page.cut_edge]
    severity = "fault"
    keep_allowed = false
    source = "QĐ mẫu, Điều 2"
    [page.min_dpi]
    min = 300
    tolerance = 0.0
    source = "QĐ mẫu, Điều 3"
    [file.file_size]
    max = 10485760
    source = "QĐ mẫu, Điều 5"
    [scan]
    least_dpi = 300
    source = "QĐ mẫu, Điều 3"
    [desk]
    lock_minutes = 3
    password_least = 12
    source = "QĐ mẫu, Điều 6"
    [code]
    keep_leading_dot = false
    source = "QĐ mẫu, Điều 7"
    """
    (site / "tinh.toml").write_text(ADDITION + changes, encoding="utf-8")
    book = load(site)
    before, now = book.in_force(date(2025, 12, 31)), book.in_force(date(2026, 1, 1))
    assert (before.id, now.id) == ("tt02-2019", "tt02-2019+h08-2026")
    assert book.regulation("tt02-2019") is before
    assert (before.page["skew"].max, now.page["skew"].max) == (1.0, 0.5)
    assert now.page["skew"].source == "QĐ mẫu, Điều 1"
    assert (now.page["cut_edge"].severity, now.page["cut_edge"].keep_allowed) == (Severity.FAULT, False)
    assert (now.page["min_dpi"].min, now.page["min_dpi"].tolerance, now.scan.least_dpi) == (300, 0, 300)
    assert now.pdf.size_budget_bytes == 10 * 1024 * 1024
    assert (now.desk.lock_minutes, now.desk.password_least, now.desk.pause_minutes) == (
        3,
        12,
        before.desk.pause_minutes,
    )
    assert now.field("pham_vi").required
    assert not now.form("photo_compared").may_scan
    assert "bound" not in {reason.id for reason in now.left_out_reasons}
    assert (before.code.keep_leading_dot, now.code.keep_leading_dot) == (True, False)


def test_additions_pile_up(site: Path) -> None:
    (site / "b.toml").write_text(ADDITION + '[page.skew]\nmax = 0.8\nsource = "x"\n', encoding="utf-8")
    later = ADDITION.replace("h08-2026", "h08-2027").replace("2026-01-01", "2027-01-01")
    (site / "a.toml").write_text(later + '[page.light]\nmin = 0.9\nsource = "x"\n', encoding="utf-8")
    law = load(site).in_force(date(2027, 1, 1))
    assert law.id == "tt02-2019+h08-2026+h08-2027"
    assert (law.page["skew"].max, law.page["light"].min) == (0.8, 0.9)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ("[page.skew]\nmax = 2.0", "[page.skew] max"),
        ("[page.min_dpi]\nmin = 150", "[page.min_dpi] min"),
        ("[page.min_dpi]\ntolerance = 0.1", "[page.min_dpi] tolerance"),
        ('[page.min_dpi]\nseverity = "warning"', "[page.min_dpi] severity"),
        ("[page.min_dpi]\nkeep_allowed = true", "[page.min_dpi] keep_allowed"),
        ("[page.blank]\nmin = 1.0", "[page.blank] min"),
        ("[page.min_dqi]\nmin = 300", "[page.min_dqi]"),
        ('[component.too_few_pages]\nseverity = "info"', "[component.too_few_pages] severity"),
        ("[file.file_size]\nmax = 99999999", "[file.file_size] max"),
        ("[scan]\nleast_dpi = 150", "[scan] least_dpi"),
        ("[scan]\nleast_dpi = 400", "[scan] dpi"),
        ("[desk]\nlock_minutes = 60", "[desk] lock_minutes"),
        ("[desk]\npassword_least = 4", "[desk] password_least"),
    ],
)
def test_an_addition_that_loosens_is_refused(site: Path, changes: str, where: str) -> None:
    assert refused(site, f'{ADDITION}\n{changes}\nsource = "x"\n').facts["where"] == where


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ('refuse_forms = ["carbon"]', "refuse_forms carbon"),
        ('drop_left_out = ["lost"]', "drop_left_out lost"),
        ('fields = [{ name = "so_nha", required = true, source = "x" }]', "[fields] so_nha"),
        ('fields = [{ name = "pham_vi", required = false, source = "x" }]', "[fields.1] required"),
        ("[page.skew]\nmax = 0.5", "[page.skew] source"),
        ("[pages.skew]\nmax = 0.5", "pages"),
    ],
)
def test_an_addition_that_does_not_fit_is_refused(site: Path, changes: str, where: str) -> None:
    assert refused(site, f"{ADDITION}\n{changes}\n").facts["where"] == where


def test_an_addition_to_nothing_is_refused(site: Path) -> None:
    assert refused(site, ADDITION.replace("tt02-2019", "tt98")).facts["where"] == "adds_to"


def test_two_additions_from_one_day_are_refused(site: Path) -> None:
    (site / "a.toml").write_text(ADDITION, encoding="utf-8")
    assert refused(site, ADDITION.replace("h08-2026", "h08-b")).facts["where"] == "in_force_from"


def test_two_regulations_in_force_together_are_refused(site: Path) -> None:
    other = LAW.replace('id = "tt02-2019"', 'id = "tt77-2026"', 1).replace("2023-05-25", "2026-07-01", 1)
    assert refused(site, other).facts["where"] == "in_force_from"


def test_a_regulation_that_replaces_takes_over_on_its_day(site: Path) -> None:
    other = LAW.replace('id = "tt02-2019"', 'id = "tt77-2026"', 1).replace("2023-05-25", "2026-07-01", 1)
    (site / "b.toml").write_text(other.replace("replaces = []", 'replaces = ["tt02-2019"]'), encoding="utf-8")
    book = load(site)
    assert book.in_force(date(2026, 6, 30)).id == "tt02-2019"
    assert book.in_force(date(2026, 7, 1)).id == "tt77-2026"


def test_a_province_chooses_the_optional_one(site: Path) -> None:
    (site / "tinh.toml").write_text(ADDITION.replace("tt02-2019", "tt05-2025"), encoding="utf-8")
    book = load(site)
    assert book.in_force(date(2025, 12, 31)).id == "tt02-2019"
    chosen = book.in_force(date(2026, 1, 1))
    assert (chosen.id, chosen.optional) == ("tt05-2025+h08-2026", False)
