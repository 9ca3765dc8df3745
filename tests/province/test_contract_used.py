# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Everything the desk asks, and every answer it gets, stands in the contract: path, method, headers, media, status."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema
import pytest
import yaml

from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.incoming.reading import Decided, FetchedPack, Listed, Unchanged
from digitizer_desk.province.link import Accepted
from digitizer_desk.province.tus import Uploads
from digitizer_desk.province.wire import Answer, NoAnswer, Wire
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of, reuse_body, signed_parcel, waiting

#: said with every request, described in the contract's text
ALWAYS = {"authorization", "accept", "user-agent", "desk-id", "content-type"}
Exchange = tuple[str, str, dict[str, str], bytes, Answer]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    seen: list[Exchange] = []
    ask = Wire.ask

    def listen(self: Wire, method: str, path: str, **others: Any) -> Answer:
        answer = ask(self, method, path, **others)
        headers = {**self._headers, **(others.get("headers") or {})}
        if others.get("body") is not None:
            headers |= {"Content-Type": others["media"], "Content-Length": "0"}
        seen.append((method, path, headers, bytes(others.get("body") or b""), answer))
        return answer

    monkeypatch.setattr(Wire, "ask", listen)
    return seen


def nothing(_sent: int, _total: int) -> None:
    return None


def whole_day(province: LocalProvince) -> None:
    """Every call of the connector, by both logins, good and refused."""
    profile = GatewayProfile("p", province.url, "quay-1", province.token, piece_bytes=10_000)
    by_key = GatewayLink(profile)
    by_token = GatewayLink(replace(profile, client_id="quay-1"))
    by_nobody = GatewayLink(replace(profile, client_id="quay-1", secret="wrong"))
    stranger = GatewayLink(replace(profile, secret="wrong"))
    for number, link in enumerate((by_key, by_token)):
        for size in (4_000, 44_000):
            pdf = pdf_of(size, seed=100 + number)
            parcel = parcel_of(pdf)
            assert link.look(parcel) is None
            assert isinstance(link.deliver(parcel, pdf, nothing), Accepted)
            assert isinstance(link.deliver(replace(parcel, tries=1), pdf, nothing), Accepted)
            assert isinstance(link.look(parcel), Accepted)
    pdf = pdf_of(4_000, seed=200)
    assert isinstance(by_key.deliver(signed_parcel(pdf), pdf, nothing), Accepted)
    pdf = pdf_of(50_000, seed=300)
    for link in (by_nobody, stranger):
        link.health()
        link.look(parcel_of(pdf))
        link.deliver(parcel_of(pdf), pdf, nothing)
    for kind in ("busy", "forbidden", "login", "too_large"):
        province.fault(kind, on="upload")
        stranger_to_pieces = GatewayLink(profile)
        stranger_to_pieces.deliver(parcel_of(pdf), pdf, nothing)
    what_is_read(province, by_key, stranger)
    uploads = Uploads(by_key._ask, by_key._wire.below, "/v1/uploads", piece=10_000)
    with pytest.raises(InterruptedError):
        uploads.send(pdf, META, "", left := Left(), nothing)
    assert uploads._offset(left.place, len(pdf)) == 0
    uploads.drop(left.place)
    uploads.drop(left.place)


def what_is_read(province: LocalProvince, known: GatewayLink, stranger: GatewayLink) -> None:
    """Everything a desk reads, as it is, unchanged, gone and refused."""
    province.offer("wait", dossier=waiting(1))
    first = known.reading.waiting("")
    assert isinstance(first, Listed)
    assert isinstance(known.reading.waiting(first.mark), Unchanged)
    assert isinstance(known.reading.decisions(""), Decided)
    province.offer("paper", owner="001199000123", paper={"reference": "KHO-7", "title": "Giấy khai sinh"})
    assert len(known.reading.papers("001199000123")) == 1
    body = reuse_body("contract-1", "KHO-7")
    assert known.reading.tell_reuse("contract-1", body) == known.reading.tell_reuse("contract-1", body)
    known.reading.tell_reuse("contract-2", reuse_body("contract-2", "nowhere"))
    known.reading.tell_reuse("contract-1", reuse_body("contract-1", "another"))
    pack = province.folder / "rules.zip"
    pack.write_bytes(b"PK")
    pack.with_name("rules.zip.p7s").write_bytes(b"0")
    province.offer("pack", id="h08", sequence=1, file=str(pack))
    (offered,) = known.reading.packs()
    assert known.reading.pack(offered) == FetchedPack(b"PK", b"0")
    known.reading.pack(replace(offered, sequence=9))
    for question in (stranger.reading.waiting, stranger.reading.decisions, stranger.reading.papers):
        question("1")


META = {"filename": "a.pdf", "filetype": "application/pdf", "sha256": "0" * 64}


class Left:
    """Somebody who goes away when the upload has begun."""

    place = ""

    def __call__(self, place: str) -> None:
        self.place = place
        raise InterruptedError


def test_all_that_is_said_stands_in_the_contract(contract: Path, province: LocalProvince, said: list[Exchange]):
    spec = yaml.safe_load(contract.read_text("utf-8"))
    try:
        whole_day(province)
    except NoAnswer as problem:
        pytest.fail(str(problem))
    used = {check(spec, *exchange) for exchange in said}
    # ... and what stands there is used, but for the download, which is for people
    assert {(verb, path) for path in spec["paths"] for verb in spec["paths"][path] if verb != "parameters"} - used == {
        ("get", "/v1/files/{sha256}")
    }


def check(
    spec: dict[str, Any], method: str, path: str, headers: dict[str, str], body: bytes, answer: Answer
) -> tuple[str, str]:
    """The operation an exchange belongs to; fails where the contract does not know a part of it."""
    (template,) = [t for t in spec["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), path.partition("?")[0])]
    here = f"{method} {template} -> {answer.status}"
    operation = spec["paths"][template][method.lower()]
    parameters = [
        spec["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p
        for p in operation.get("parameters", []) + spec["paths"][template].get("parameters", [])
    ]
    known = {p["name"].lower() for p in parameters if p["in"] == "header"}
    assert {h.lower() for h in headers} - ALWAYS - known <= ({"content-length"} if body or method == "POST" else set())
    asked = {name for name, _ in parse_qsl(path.partition("?")[2], keep_blank_values=True)}
    assert asked <= {p["name"] for p in parameters if p["in"] == "query"}, here
    required = {p["name"].lower() for p in parameters if p["in"] == "header" and p.get("required")}
    assert required - {"content-length"} <= {h.lower() for h in headers}, here
    if "Content-Type" in headers:
        assert headers["Content-Type"] in operation["requestBody"]["content"], here
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        response = spec["components"]["responses"][response["$ref"].rpartition("/")[2]]
    for name, header in response.get("headers", {}).items():
        if "$ref" in header and header["$ref"].endswith(("TusResumable", "UploadOffset", "ReprDigest")):
            assert name.lower() in answer.headers, f"{here}: {name}"
    if answer.body and answer.media == "application/json":
        schema = response["content"][answer.media]["schema"]
        whole = {**schema, "components": spec["components"]}
        jsonschema.Draft202012Validator(whole).validate(json.loads(answer.body))
    return method.lower(), template
