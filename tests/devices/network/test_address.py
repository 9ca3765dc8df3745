# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Addresses as people type them: what each may mean, and what is none."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.devices.network.address import NetworkScanner, candidates, driver_of, is_kept_form, place_of
from digitizer_desk.errors import DeskError


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("192.168.1.20", "http://192.168.1.20/eSCL", "saned://192.168.1.20"),
        (" MayQuet.local ", "http://mayquet.local/eSCL", "saned://mayquet.local"),
        ("fe80::1", "http://[fe80::1]/eSCL", "saned://[fe80::1]"),
        ("10.0.0.5:9095", "http://10.0.0.5:9095/eSCL", "https://10.0.0.5:9095/eSCL"),
        ("[2001:DB8::7]:8080", "http://[2001:db8::7]:8080/eSCL", "https://[2001:db8::7]:8080/eSCL"),
        ("10.0.0.5:6566", "saned://10.0.0.5", "saned://10.0.0.5"),
        ("http://10.0.0.5", "http://10.0.0.5/eSCL", "http://10.0.0.5/eSCL"),
        ("https://may-1/eSCL/", "https://may-1/eSCL", "https://may-1/eSCL"),
        ("saned://may-1", "saned://may-1", "saned://may-1"),
        ("net:may-1", "saned://may-1", "saned://may-1"),
        ("airscan:escl:Quay 1:http://10.0.0.5:80/eSCL", "http://10.0.0.5:80/eSCL", "http://10.0.0.5:80/eSCL"),
        ("unix://scanner.sock", "unix://scanner.sock/eSCL", "unix://scanner.sock/eSCL"),
    ],
)
def test_what_an_address_may_mean(typed: str, first: str, last: str) -> None:
    urls = candidates(typed)
    assert (urls[0], urls[-1]) == (first, last)
    assert all(is_kept_form(url) for url in urls)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "192.168.1.300", "192.168.1", "máy quét", "a b", "-x", "host:0", "host:70000", "[::1", "::1]",
        "fe80::1%a\nb", "fe80::1%eth0", "ftp://host", "http://", "http://host/a b", "http://host/?x=1",
        "http://host/#x", "saned://host:80", "unix://a/../b?x", "unix:///etc", "host\nnet.conf", "a" * 300,
        "airscan:escl:x", "http://host/e,SCL",
    ],
)  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(DeskError) as caught:
        candidates(typed)
    assert caught.value.code == "scanner.address_bad"


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(DeskError) as caught:
        candidates("http://admin:bimat@10.0.0.5/eSCL")
    assert "bimat" not in str(caught.value.facts) + caught.value.detail


@given(st.text(max_size=60))
def test_no_text_gets_past_as_more_than_one_line_or_word(typed: str) -> None:
    """What is written into the drivers' files can end no line there, whatever was typed."""
    urls: tuple[str, ...] = ()
    with contextlib.suppress(DeskError):
        urls = candidates(typed)
    for url in urls:
        assert url.isascii()
        assert not set(url) & set(" \t\r\n,\"'=#;")
        assert is_kept_form(url)


@pytest.mark.parametrize(
    ("scanner", "name"),
    [
        (NetworkScanner("Quầy 1: Đăng ký", "http://10.0.0.5/eSCL"), "airscan:escl:Quay 1 Dang ky:http://10.0.0.5/eSCL"),
        (NetworkScanner("", "http://10.0.0.5/eSCL"), "airscan:escl:10.0.0.5:http://10.0.0.5/eSCL"),
        (NetworkScanner("扫描", "http://10.0.0.5/eSCL"), "airscan:escl:eSCL:http://10.0.0.5/eSCL"),
        (NetworkScanner("Kho", "saned://[fe80::1]"), "net:[fe80::1]"),
    ],
)
def test_the_name_sane_opens_it_by(scanner: NetworkScanner, name: str) -> None:
    assert scanner.id == name


@pytest.mark.parametrize(
    ("device", "driver", "place"),
    [
        ("net:10.0.0.5:fujitsu:fi-7160:1", "fujitsu", ("10.0.0.5", 6566)),
        ("net:[fe80::1]:test:0", "test", ("fe80::1", 6566)),
        ("net:[fe80::1]", "net", ("fe80::1", 6566)),
        ("net:kho", "net", ("kho", 6566)),
        ("airscan:escl:Quay 1:http://10.0.0.5/eSCL", "airscan", ("10.0.0.5", 80)),
        ("airscan:escl:Quay 1:https://10.0.0.5/eSCL", "airscan", ("10.0.0.5", 443)),
        ("airscan:wsd:Quay 1:http://[fe80::1]:5358/Scan", "airscan", ("fe80::1", 5358)),
        ("airscan:escl:Quay 1:http://10.0.0.5:x/eSCL", "airscan", None),
        ("airscan:escl:Quay 1:unix://s/eSCL", "airscan", None),
        ("airscan:e0:Quay 1", "airscan", None),
        ("fujitsu:fi-7160:1", "fujitsu", None),
        ("", "", None),
    ],
)
def test_who_drives_a_scanner_and_where_it_is(device: str, driver: str, place: tuple[str, int] | None) -> None:
    assert (driver_of(device), place_of(device)) == (driver, place)
