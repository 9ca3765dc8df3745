# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the standard, the draw that can be repeated, and the switching rules."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from digitizer_desk.dossier.review import Level, Verdict
from digitizer_desk.errors import DeskError
from digitizer_desk.rules.sampling import Scheme, draw, load_sampling

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sampling"
A, R = Verdict.ACCEPTED, Verdict.REFUSED


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_sampling([FOLDER])


@pytest.mark.parametrize(
    ("first", "last", "sample", "accept"),
    [  # the published table, general level II, AQL 2.5
        (26, 50, 5, 0),
        (51, 90, 20, 1),
        (91, 150, 20, 1),
        (151, 280, 32, 2),
        (281, 500, 50, 3),
        (501, 1200, 80, 5),
        (1201, 3200, 125, 7),
    ],
)
def test_normal_plans_are_those_of_the_printed_table(scheme, first, last, sample, accept):
    for size in (first, last):
        plan = scheme.plan(size, Level.NORMAL)
        assert (plan.sample, plan.accept) == (sample, accept)


@pytest.mark.parametrize(
    ("size", "sample", "accept"), [(26, 8, 0), (90, 32, 1), (150, 32, 1), (280, 32, 1), (500, 50, 2), (1200, 80, 3)]
)
def test_tightened_plans_accept_less(scheme, size, sample, accept):
    plan = scheme.plan(size, Level.TIGHTENED)
    assert (plan.sample, plan.accept) == (sample, accept)


@pytest.mark.parametrize("size", [1, 25])
def test_a_small_lot_is_looked_at_as_a_whole(scheme, size):
    assert (scheme.plan(size, Level.NORMAL).sample, scheme.plan(size, Level.NORMAL).accept) == (size, 0)


def test_a_sample_is_never_larger_than_the_lot_and_whole_means_whole(scheme):
    for size in range(1, 400):
        for level in Level:
            assert 1 <= scheme.plan(size, level).sample <= size
    assert scheme.plan(412, Level.WHOLE).sample == 412
    with pytest.raises(ValueError, match="page"):
        scheme.plan(0, Level.NORMAL)


def test_the_same_seed_draws_the_same_pages_for_ever():
    pages = [f"page-{number}" for number in range(10)]
    assert draw("6f1d", pages, 4) == ("page-0", "page-8", "page-1", "page-6")  # by sha256sum and sort in a shell
    shuffled = pages[:]
    random.Random(1).shuffle(shuffled)
    assert draw("6f1d", shuffled, 4) == draw("6f1d", pages, 4)
    assert draw("6f1e", pages, 4) != draw("6f1d", pages, 4)


def test_every_page_is_as_likely_as_any_other():
    pages = [str(number) for number in range(20)]
    times = Counter(page for seed in range(2000) for page in draw(str(seed), pages, 5))
    assert set(times) == set(pages)
    assert all(400 < count < 600 for count in times.values())  # 500 expected, 5 standard deviations are 97


def test_verdicts(scheme):
    plan = scheme.plan(412, Level.NORMAL)
    assert (plan.sample, plan.accept) == (50, 3)

    def verdict(*rules: str) -> Verdict:
        return scheme.verdict(plan.accept, plan.sample, rules)

    assert verdict(*[""] * 49) is Verdict.OPEN
    assert verdict(*[""] * 50) is A
    assert verdict(*[""] * 47, *["limit"] * 3) is A
    assert verdict(*["limit"] * 4) is R, "refused before the whole sample was seen"
    assert verdict("", "refuse") is R
    assert verdict(*["count"] * 50) is A


def history(level: Level, *verdicts: Verdict) -> list[tuple[Level, Verdict] | None]:
    return [(level, verdict) for verdict in verdicts]


def test_two_of_five_refused_is_tightened_and_five_accepted_is_normal_again(scheme):
    normal, tightened = Level.NORMAL, Level.TIGHTENED
    assert scheme.level_after([]) is normal
    assert scheme.level_after(history(normal, A, R, A, A, A)) is normal
    assert scheme.level_after(history(normal, R, A, A, A, A, R)) is normal, "six apart"
    strict = history(normal, R, A, A, A, R)
    assert scheme.level_after(strict) is tightened
    assert scheme.level_after(strict + history(tightened, A, A, A, A)) is tightened
    assert scheme.level_after(strict + history(tightened, A, A, A, A, A)) is normal
    assert scheme.level_after(strict + history(tightened, A, A, R, A, A, A, A)) is tightened
    assert scheme.level_after(strict + history(tightened, A, A, A, A, A) + history(normal, R)) is normal


def test_five_refused_under_tightened_is_everything_until_the_cause_is_found(scheme):
    bad = history(Level.NORMAL, R, R) + history(Level.TIGHTENED, R, A, R, A, R, A, R)
    assert scheme.level_after(bad) is Level.TIGHTENED
    bad += history(Level.TIGHTENED, R)
    assert scheme.level_after(bad) is Level.WHOLE
    assert scheme.level_after(bad + history(Level.WHOLE, A, A, A, A, A, A)) is Level.WHOLE
    assert scheme.level_after([*bad, None]) is Level.TIGHTENED
    assert scheme.level_after([*history(Level.NORMAL, R), None, *history(Level.NORMAL, R)]) is Level.TIGHTENED


def test_lots_planned_at_another_level_say_nothing(scheme):
    late = history(Level.NORMAL, R, R) + history(Level.NORMAL, A, A, A, A, A)
    assert scheme.level_after(late) is Level.TIGHTENED
    assert scheme.level_after([(Level.NORMAL, Verdict.OPEN)] * 9) is Level.NORMAL


# -- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("whole_below = 26", "whole_bellow = 26", "whole_below"),
        ("refused = 2 ", 'refused = "2" ', "switching.refused"),
        ("up_to = 15", "up_to = 5", "letters"),
        ("K = 125", "", "sizes"),
        ("H = 3", "H = 1", "normal"),
        ('D = "up"', 'D = "down"\nZ = 4', "normal"),
        ('C = 0\nD = "up"\nE = "down"', 'C = "down"\nD = "up"\nE = "down"', "[normal] A"),
        ('class = "minor"', 'class = "tiny"', "faults: class"),
        ('key = "8"', 'key = "7"', "faults: id and key"),
        ("schema = 1", "schema = [", "toàn tệp"),
    ],
)
def test_a_file_that_does_not_fit_together_names_the_place(tmp_path, old, new, where):
    source = (FOLDER / "tcvn7790-1.toml").read_text(encoding="utf-8")
    assert old in source
    (tmp_path / "bad.toml").write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeskError) as caught:
        load_sampling([tmp_path])
    assert caught.value.code == "rules.unreadable"
    assert caught.value.facts["file"] == "bad.toml"
    assert where in caught.value.facts["where"]


def test_the_sites_file_replaces_the_built_in_one(tmp_path):
    source = (FOLDER / "tcvn7790-1.toml").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text(source.replace("whole_below = 26", "whole_below = 60"), encoding="utf-8")
    assert load_sampling([FOLDER, tmp_path]).plan(59, Level.NORMAL).sample == 59
    with pytest.raises(DeskError) as caught:
        load_sampling([FOLDER], "not-there")
    assert caught.value.facts["file"] == "not-there"
    with pytest.raises(DeskError):
        load_sampling([tmp_path / "empty"])


def test_faults_have_classes_and_the_words_the_machine_has_for_them(scheme):
    assert [fault.key for fault in scheme.faults] == list("12345678")
    blurred = scheme.fault("blurred")
    assert blurred is not None
    assert (blurred.rule, "sharpness" in blurred.findings) == ("limit", True)
    assert {f.id for f in scheme.faults if f.rule == "refuse"} == {"missing", "wrong_dossier", "signature"}
    assert scheme.fault("gone") is None
