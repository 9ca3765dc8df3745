# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk at a glance, counted by hand from a handful of pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import text

from digitizer_desk.steps.review.figures import TREND_DAYS, figures
from steps.conftest import Bench
from steps.reviewed import MORNING, sign_pages
from store.samples import FAULT, MEASURES, new_page, pack, picture

SKEW = replace(FAULT, rule="page.skew")


def test_an_empty_desk_has_no_rate(bench: Bench) -> None:
    shown = figures(bench.desk)
    assert (shown.rate, shown.rate_before, shown.reasons, shown.scanners) == (None, None, (), ())
    assert (shown.dossiers_today, shown.to_sign, shown.unsent, shown.oldest_unsent) == (0, 0, 0, None)


def test_rates_reasons_and_scanners(bench: Bench) -> None:
    sign_pages(bench, 4, findings=[FAULT, SKEW])
    sign_pages(bench, 4, MORNING - timedelta(days=6), findings=[SKEW], scanner="DS-780N")
    sign_pages(bench, 2, MORNING - timedelta(days=8), findings=[FAULT])
    sign_pages(bench, 9, MORNING - timedelta(days=40), findings=[FAULT], scanner="old")
    shown = figures(bench.desk)
    assert shown.rate == 6 / 8
    assert shown.rate_before == 1 / 2
    assert shown.reasons == (("skew", 2), ("sharpness", 1))
    assert [(s.scanner, s.pages, s.good) for s in shown.scanners] == [("fi-8170", 6, 4), ("DS-780N", 4, 3)]
    first = shown.scanners[0]
    assert len(first.days) == TREND_DAYS
    assert first.days[-1] == (date(2026, 11, 21), 4, 3)
    assert first.days[-9] == (date(2026, 11, 13), 2, 1)
    assert first.days[0] == (date(2026, 11, 8), 0, 0)
    assert shown.dossiers_today == 4


def test_a_page_scanned_again_still_counts_as_it_first_was(bench: Bench) -> None:
    dossier = sign_pages(bench, 2, findings=[FAULT])
    part = dossier.components[0]
    page = bench.desk.cabinet.pages.keep(part.id, picture(7), new_page(), bench.officer, replaces=part.pages[0].id)
    bench.desk.cabinet.pages.set_measures(page.id, MEASURES, [])
    assert figures(bench.desk).rate == 1 / 2


def test_what_waits_to_be_signed_and_sent(bench: Bench) -> None:
    dossier = bench.received()
    part = dossier.components[0].id
    page = bench.desk.cabinet.pages.keep(part, picture(1), new_page(), bench.officer)
    bench.desk.cabinet.pages.set_measures(page.id, MEASURES, [])
    bench.desk.cabinet.dossiers.set_declared(part, 1, bench.officer)
    law = bench.desk.law_of(dossier)
    bench.desk.cabinet.dossiers.set_form(part, next(f.id for f in law.forms if f.may_scan), bench.officer)
    assert figures(bench.desk).to_sign == 1
    parcel = pack(bench.desk.cabinet, dossier.id, part)
    shown = figures(bench.desk)
    assert (shown.to_sign, shown.unsent, shown.oldest_unsent, shown.sent_back) == (0, 1, parcel.made_at, 0)
    with bench.desk.cabinet.database.writing() as connection:
        connection.execute(text("UPDATE parcels SET state = 'rejected'"))
    shown = figures(bench.desk)
    assert (shown.unsent, shown.oldest_unsent, shown.sent_back) == (0, None, 1)
