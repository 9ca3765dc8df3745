# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The practice province's page: what has arrived, for the eyes of a trainee.

Apart from the server because it is one text. No script, no font or picture from elsewhere; every value is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.training.gateway.books import Entry
from digitizer_desk.training.gateway.uploads import Standing

#: how many parcels the page shows; a training folder may be used for months
_MOST = 100

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6775;--line:#d9dfe6;--paper:#fff;--ground:#f4f6f8;--mark:#1f5f8b}
@media (prefers-color-scheme:dark){:root{
 --ink:#e6ebf0;--soft:#9fabb8;--line:#36414d;--paper:#1f2730;--ground:#151b21;--mark:#7cc0ee}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"Noto Sans",sans-serif}
.banner{background:#8a5a00;color:#fff;text-align:center;padding:.5rem;font-weight:600;letter-spacing:.04em}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{margin:0;font-size:1.6rem}
.count{color:var(--soft);margin:.2rem 0 1.5rem}
article{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:0 0 1rem}
h2{font-size:1.1rem;margin:0}
.top{display:flex;justify-content:space-between;gap:1rem;align-items:baseline;flex-wrap:wrap}
.number{font-variant-numeric:tabular-nums;color:var(--soft)}
a,summary{color:var(--mark)}
summary{cursor:pointer}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.5rem 1.5rem;margin:.8rem 0}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0;overflow-wrap:anywhere}
code{font-size:.85rem;overflow-wrap:anywhere}
.empty{text-align:center;color:var(--soft);padding:4rem 1rem}
"""


def page(name: str, entries: Sequence[Entry], halves: Sequence[Standing] = ()) -> str:
    """The whole page. ``entries`` newest first; ``halves`` are files that came in part."""
    if entries:
        content = "\n".join(_article(entry) for entry in entries[:_MOST])
        if len(entries) > _MOST:
            content += f'<p class="empty">Chỉ hiện {_MOST} gói mới nhất.</p>'
    else:
        content = '<p class="empty">Chưa nhận được gói nào. Trang này tự làm mới khi có gói gửi đến.</p>'
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="15"><title>{escape(name)}</title><style>{_STYLE}</style></head>
<body><div class="banner">TỈNH MÔ PHỎNG – CHỈ ĐỂ TẬP HUẤN</div>
<main><h1>{escape(name)}</h1><p class="count">Đã nhận {len(entries)} gói</p>
{_halves(halves)}
{content}
</main></body></html>
"""


def _halves(halves: Sequence[Standing]) -> str:
    """Uploads that are under way or were left: none of it counts as received."""
    if not halves:
        return ""
    rows = [
        (f"Tệp {_size(half.size)}", f"{_size(half.offset)} đã đến, giữ tới {_time(half.expires.isoformat())}")
        for half in halves
    ]
    return f'<article><div class="top"><h2>Đang gửi dở, chưa tính là nhận</h2></div>{_list(rows)}</article>'


def _article(entry: Entry) -> str:
    values = entry.values
    dossier, component, document = values["dossier"], values["component"], values["document"]
    facts = [
        ("Mã hồ sơ", dossier["code"]),
        ("Mã kết quả số hóa", entry.result_code or "không cấp"),
        ("Nhận lúc", _time(entry.accepted_at)),
        ("Tài liệu", f"{_size(document['size'])}, {document['pages']} trang, lần {document['version']}"),
    ]
    facts += [
        (_ROLES.get(s["role"], "Chữ ký"), f"{s['signer']} – chụp {_time(s['captured_at'])}, ký {_time(s['signed_at'])}")
        for s in document["signatures"]
    ]
    if entry.record_signer:
        facts.append(("Dữ liệu do", f"{entry.record_signer} ký số"))
    return f"""<article><div class="top"><h2>{escape(component["title"])}</h2>
<span class="number">{escape(entry.number)}</span></div>
{_list(facts)}
<p><a href="/xem/{escape(entry.parcel_id)}.pdf">Xem tài liệu PDF</a></p>
<details><summary>Dữ liệu và dấu băm</summary>{_list(_data(values))}
<p>SHA-256 của tệp<br><code>{entry.sha256}</code></p></details></article>"""


_ROLES = {"clerk": "Cán bộ ký", "organisation": "Cơ quan ký"}


def _data(values: dict[str, Any]) -> list[tuple[str, str]]:
    fields = values.get("fields")
    if not isinstance(fields, dict):
        return []
    return [
        (str(f.get("label", name)), str(f.get("value", "")))
        for name, f in sorted(fields.items())
        if isinstance(f, dict)
    ]


def _list(facts: Sequence[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts) + "</dl>"


def _time(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
    except ValueError:
        return text


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MB".replace(".", ",") if count >= 1 << 20 else f"{max(1, count >> 10)} KB"
