# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How ``check`` tells its verdicts: the JSON keys of the contract, and the rows of a table.

Apart from the command because the keys are a contract other programs read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitizer_desk.dossier.finding import Colour, Finding, Region
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import finding_words
from digitizer_desk.steps.check_files import CountVerdict, FileVerdict, PageVerdict


def as_json_values(verdict: FileVerdict | CountVerdict, rules: str, declared: int | None) -> list[dict[str, Any]]:
    """One object a page, then one for the file; one alone for the count of all."""
    if isinstance(verdict, CountVerdict):
        return [
            {
                "component": True,
                "pages": verdict.pages,
                "declared": verdict.declared,
                "passed": verdict.passed,
                "rules": rules,
                "findings": [_finding(f, None) for f in verdict.findings],
            }
        ]
    summary: dict[str, Any] = {
        "file": str(verdict.file),
        "summary": True,
        "pages": len(verdict.pages),
        "declared": declared,
        "passed": verdict.passed,
        "rules": rules,
        "findings": [_finding(f, None) for f in verdict.findings]
        + [_finding(f, page.number) for page in verdict.pages for f in page.findings],
    }
    if verdict.pdf_version is not None:
        summary |= {
            "pdf_version": verdict.pdf_version,
            "pdfa": verdict.pdfa,
            "signed": verdict.signed,
            "encrypted": verdict.encrypted,
        }
    return [*(_page(page) for page in verdict.pages), summary]


def _page(page: PageVerdict) -> dict[str, Any]:
    m = page.measures
    return {
        "file": str(page.file),
        "page": page.number,
        "width": m.width,
        "height": m.height,
        "dpi": [round(v, 1) for v in m.dpi],
        "dpi_source": m.dpi_source.value,
        "colour": m.colour.value,
        "sharpness": m.sharpness,
        "skew_deg": m.skew_deg,
        "blank": m.blank,
        "rotation": m.rotation,
        "cut_edges": list(m.cut_edges),
        "damaged_corners": list(m.damaged_corners),
        "light": m.light,
        "red_seal": m.red_seal,
        "note": m.note,
        "duplicate_of": _page_named(page.duplicate_of),
        "qr": [],
        "real_dpi": m.real_dpi,
        "sheet_mm": [round(v, 1) for v in m.sheet_mm] if m.sheet_mm else None,
        "backing_mm": [round(v, 1) for v in m.backing_mm],
        "ink": m.ink,
        "exposure": {"paper": m.light, "ink": m.ink_tone},
        "cast": [round(v, 1) for v in m.cast] if m.cast else None,
        "blur": _region(m.blur_region),
        "streaks": [_region(streak) for streak in m.streaks],
        "seal": _seal(page),
        "blue_ink": m.blue_ink,
        "show_through_of": _page_named(page.show_through_of),
        "findings": [_finding(f, page.number) for f in page.findings],
        "ms": page.ms,
    }


def _seal(page: PageVerdict) -> dict[str, Any] | None:
    """The red seal: where, how red, and whether the rules found it washed out."""
    m = page.measures
    if not m.red_seal and m.seal_strength is None:
        return None
    faint = any(finding.word == "seal" for finding in page.findings)
    return {"state": "faint" if faint else "good", "strength": m.seal_strength, "region": _region(m.seal_region)}


def _region(region: Region | None) -> list[float] | None:
    """[left, top, right, bottom] as shares (0-1) of the page's width and height."""
    return [round(v, 4) for v in (region.left, region.top, region.right, region.bottom)] if region else None


def _page_named(found: tuple[Path, int] | None) -> dict[str, Any] | None:
    return {"file": str(found[0]), "page": found[1]} if found else None


def _finding(finding: Finding, page: int | None) -> dict[str, Any]:
    words = finding_words(finding, page)
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "value": finding.value,
        "limit": finding.limit,
        "law": finding.law,
        "message": f"{words.what} {words.do}".strip(),
    }


class Grounds:
    """The articles of law that findings rest on, each named once and pointed to by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, law: str) -> str:
        """The number of an article in brackets, after a space; nothing for none."""
        return f" [{self._numbers.setdefault(law, len(self._numbers) + 1)}]" if law else ""

    def lines(self) -> list[str]:
        """One for each article, in the order of their numbers."""
        return [f"[{number}] {law}" for law, number in self._numbers.items()]


def verdict_rows(verdict: FileVerdict | CountVerdict, grounds: Grounds) -> list[tuple[str, str, str]]:
    """Rows for a person: the verdict of the file, then one for each page with findings."""
    if isinstance(verdict, CountVerdict):
        return [("(tất cả)", f"{verdict.pages}/{verdict.declared}", _told(verdict.findings, None, grounds) or _ENOUGH)]
    mark = "✔ Đạt" if verdict.passed else "✖ Không đạt"
    whole = " ".join(part for part in (mark, _told(verdict.findings, None, grounds)) if part)
    first = (verdict.file.name, f"{len(verdict.pages)} trang", " · ".join(p for p in (whole, _of_pdf(verdict)) if p))
    pages = ((str(page.number), _told(page.findings, page.number, grounds)) for page in verdict.pages)
    return [first, *(("", f"trang {number}", told) for number, told in pages if told)]


def _told(findings: Sequence[Finding], page: int | None, grounds: Grounds) -> str:
    return " ".join(finding_words(finding, page).what + grounds.mark(finding.law) for finding in findings)


def _of_pdf(verdict: FileVerdict) -> str:
    """What a PDF is, for a person; nothing for a picture."""
    if verdict.pdf_version is None:
        return ""
    kind = f"PDF/A-{verdict.pdfa.lower()}" if verdict.pdfa else "không phải PDF/A"
    return f"PDF {verdict.pdf_version}, {kind}, {'đã ký' if verdict.signed else 'chưa ký'}"


@dataclass(slots=True)
class Totals:
    """What an IT unit wants to know of a whole folder: how many files there are of each kind of trouble."""

    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: FileVerdict | CountVerdict | DeskError) -> None:
        """Count one outcome; a count of all files together is no file."""
        if isinstance(verdict, CountVerdict):
            return
        self.files += 1
        if isinstance(verdict, DeskError):
            self.counts[_TROUBLES.get(verdict.code, "không đọc được")] += 1
            return
        words = {finding.word for finding in (*verdict.findings, *(f for p in verdict.pages for f in p.findings))}
        told = {
            "đạt": verdict.passed,
            "không đạt": not verdict.passed,
            "dưới độ phân giải quy định": "min_dpi" in words,
            "đen trắng": any(page.measures.colour is Colour.BILEVEL for page in verdict.pages),
            "phiên bản PDF thấp": "pdf_version" in words,
            "không phải PDF/A": verdict.pdf_version is not None and not verdict.pdfa,
            "chưa ký": verdict.pdf_version is not None and not verdict.signed,
            "có mật khẩu": bool(verdict.encrypted),
        }
        self.counts.update(word for word, found in told.items() if found)

    def sentence(self) -> str:
        """One line: "12 tệp: 9 đạt, 3 không đạt, 2 chưa ký"."""
        return f"{self.files} tệp: " + ", ".join(f"{n} {word}" for word, n in self.counts.most_common())


_ENOUGH = "✔ Đủ trang"
#: errors that mean the file itself is what is wrong, as counted
_TROUBLES = {
    "image.encrypted": "có mật khẩu",
    "image.damaged": "hỏng",
    "image.empty": "hỏng",
    "image.too_small": "quá nhỏ",
    "image.too_big": "quá lớn",
    "image.too_many_pages": "quá lớn",
    "image.too_slow": "đọc không xong",
}
