# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Invented people, one token and a fixed moment: what every picture and every test of a window starts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from digitizer_desk.devices.token import Certificate, PinState, TokenInfo
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.ui.models.signing import PaperToSign, SigningOrder

NOW = datetime(2026, 11, 21, 9, 41, 3, tzinfo=VIETNAM)
CLERK = "Lê Văn An"
OFFICE = "UBND phường Sông Mây"
DOSSIER = "000.00.12.H08-261121-0007"

_TOKEN = TokenInfo(
    module="/usr/lib/token.so",
    slot=0,
    label="TOKEN TAP HUAN",
    serial="5A11C0DE",
    manufacturer="Nhà sản xuất mẫu",
    model="Mẫu 1",
    manifest="generic",
    pin=PinState(),
)


def certificate(
    *,
    holder: str = CLERK,
    issuer: str = "Ban Cơ yếu",
    serial: str = "01",
    sha256: str = "a" * 64,
    pin: PinState | None = None,
) -> Certificate:
    """A certificate of an invented officer; ``pin`` are the flags of its token."""
    return Certificate(
        token=replace(_TOKEN, pin=pin or PinState()),
        key_id="01",
        der=b"",
        holder=holder,
        organisation=OFFICE,
        issuer=issuer,
        serial=serial,
        sha1=sha256[:40],
        sha256=sha256,
        not_before=NOW - timedelta(days=400),
        not_after=NOW + timedelta(days=214),
        key_kind="rsa",
        may_sign=True,
    )


def order() -> SigningOrder:
    """Four papers of a birth registration."""
    papers = (
        PaperToSign("c1", "Tờ khai đăng ký khai sinh", 2),
        PaperToSign("c2", "Giấy chứng sinh", 2),
        PaperToSign("c3", "Căn cước công dân của cha, mẹ", 4),
        PaperToSign("c4", "Giấy chứng nhận kết hôn", 1),
    )
    return SigningOrder(
        dossier_code=DOSSIER,
        papers=papers,
        mark=f"{CLERK} · 21/11/2026 09:38:12 +07:00",
        signer=CLERK,
        office=OFFICE,
        next_words="nhập dữ liệu",
    )
