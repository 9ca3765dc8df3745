# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The record is canonical: the same values give the same bytes, in any order and however the letters are composed."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.province.mapping import body_of
from province.samples import finished, parcel_of, pdf_of, record_of

_KEYS = st.text("abcxyz_ăđê", min_size=1, max_size=6)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_reads_back_to_the_same_bytes(what):
    text, digest = body_of(what)
    assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert body_of(json.loads(text)) == (text, digest)
    assert body_of(dict(reversed(what.items()))) == (text, digest)
    assert unicodedata.is_normalized("NFC", text)


@given(st.dictionaries(_KEYS, st.text("aăâeêoôơuưđ ̣́̀", max_size=8), max_size=4))
def test_composition_of_letters_makes_no_difference(what):
    decomposed = {unicodedata.normalize("NFD", k): unicodedata.normalize("NFD", v) for k, v in what.items()}
    assert body_of(decomposed) == body_of(what)


@given(st.dictionaries(_KEYS, _VALUES, max_size=6), _KEYS, st.integers())
def test_another_value_gives_another_digest(what, key, value):
    changed = {**what, key: value}
    same = key in what and type(what[key]) is int and what[key] == value
    assert (body_of(changed)[1] == body_of(what)[1]) is same


@pytest.mark.parametrize("bad", [{"a": 1.5}, {"a": float("nan")}, {1: "a"}, {"a": {"b": b"x"}}, {"a": {1, 2}}])
def test_what_has_no_canonical_form_is_refused(bad):
    with pytest.raises(TypeError):
        body_of(bad)


def test_keys_that_differ_in_composition_only_are_refused():
    with pytest.raises(ValueError, match="become one"):
        body_of({"\u0103": 1, "a\u0306": 2})


def test_the_same_values_give_the_same_record_for_ever():
    pdf = pdf_of()
    first, second = parcel_of(pdf, parcel_id="parcel-1"), parcel_of(pdf, parcel_id="parcel-1")
    assert (first.body, first.digest) == (second.body, second.digest)
    assert first.body.startswith('{"applicant":{"born_or_founded":"01/02/1999","identifier":"001199000123",')
    assert '"title":"Giấy chứng sinh"' in first.body
    # the digest of this very record, frozen: a change of structure must be a new schema number, not an accident
    assert first.digest == "c8159f0ae164e1f6b68f2bd682cc9514b8e8a89af5c1e9d107b9ebd3074629ac"


def test_times_are_vietnams_and_without_fractions():
    assert record_of(finished(pdf_of()))["made_at"] == "2026-11-20T08:31:00+07:00"


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        record_of(finished(pdf_of()), made_at=datetime(2026, 11, 20))  # noqa: DTZ001


def test_a_field_without_label_goes_by_its_name():
    fields = record_of(finished(pdf_of()), labels=None)["fields"]
    assert fields["so_ky_hieu"]["label"] == "so_ky_hieu"
    assert "pham_vi" not in fields


@pytest.mark.parametrize("missing", ["document", "metadata", "result_code"])
def test_an_unfinished_component_makes_no_record(missing):
    with pytest.raises(ValueError, match="without"):
        record_of(replace(finished(pdf_of()), **{missing: None}))
