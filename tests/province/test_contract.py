# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The contract is valid OpenAPI; its examples keep it, and so does what desk and server really say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import urllib3
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from digitizer_desk.training.province import LocalProvince
from province.samples import finished, parcel_of, pdf_of, record_of, record_signature


@pytest.fixture
def spec(contract: Path) -> dict[str, Any]:
    return yaml.safe_load(contract.read_text("utf-8"))


def checker(spec: dict[str, Any], name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": spec["components"]},
        format_checker=jsonschema.FormatChecker(),
    )


def test_is_valid_openapi(spec):
    assert list(OpenAPIV31SpecValidator(spec).iter_errors()) == []
    assert spec["openapi"].startswith("3.1")


def test_every_operation_says_what_it_is_in_vietnamese_and_what_refusal_looks_like(spec):
    for path in spec["paths"].values():
        for verb, operation in path.items():
            if verb == "parameters":
                continue
            assert operation["summary"]
            assert {"401", "403"} <= set(operation["responses"])


def examples(node: Any, components: dict[str, Any]) -> list[tuple[str, Any]]:
    """(schema name, value) of every media type with examples."""
    found = []
    if isinstance(node, dict):
        if "examples" in node and "$ref" in node.get("schema", {}):
            for example in node["examples"].values():
                place = example.get("$ref", "").rpartition("/")[2]
                value = (components["examples"][place] if place else example)["value"]
                found.append((node["schema"]["$ref"].rpartition("/")[2], value))
        for value in node.values():
            found += examples(value, components)
    return found


def test_its_examples_keep_it(spec):
    found = examples(spec["paths"], spec["components"]) + examples(spec["components"], spec["components"])
    assert {name for name, _ in found} >= {"Record", "Receipt", "StoredFile", "Health", "Problem"}
    for name, value in found:
        checker(spec, name).validate(value)


def test_our_record_keeps_it(spec):
    record = json.loads(parcel_of(pdf_of()).body)
    checker(spec, "Record").validate(record)
    assert record["fields"] == {
        "ten_giay_to": {"label": "Tên giấy tờ", "value": "Giấy chứng sinh", "source": "typed"},
        "so_ky_hieu": {"label": "Số, ký hiệu", "value": "15/2026", "source": "ocr"},
    }
    assert record["document"]["signatures"][0]["captured_at"] == "2026-11-20T08:31:00+07:00"


@pytest.mark.parametrize(
    ("place", "value"),
    [("made_at", "2026-11-20T01:31:00Z"), ("schema", 2), ("officer", "mau"), ("secret", "more than agreed")],
)
def test_the_schema_refuses_what_is_not_agreed(spec, place, value):
    record = {**record_of(finished(pdf_of())), place: value}
    assert not checker(spec, "Record").is_valid(record)


def test_every_answer_of_the_server_is_in_the_contract(spec, province: LocalProvince):
    """Each status the contract gives, provoked, with the body the contract gives for it."""
    pdf = pdf_of()
    parcel = parcel_of(pdf)
    other = parcel_of(pdf, title="Khác", parcel_id=parcel.id)
    orphan = parcel_of(pdf_of(seed=99))
    ours = {"Authorization": f"Bearer {province.token}", "Desk-Id": "quay-1"}
    file, at = f"/v1/files/{parcel.file_sha256}", f"/v1/parcels/{parcel.id}"
    as_pdf, as_json = {"Content-Type": "application/pdf"}, {"Content-Type": "application/json"}
    signed, as_p7s = f"/v1/signatures/{parcel.digest}", {"Content-Type": "application/pkcs7-signature"}
    signature = record_signature(parcel.body.encode())
    calls: list[tuple[str, str, dict[str, str], bytes | None, int]] = [
        ("GET", "/v1/health", {}, None, 200),
        ("GET", "/v1/health", {"Authorization": "Bearer wrong"}, None, 401),
        ("GET", at, {}, None, 404),
        ("HEAD", file, {}, None, 404),
        ("GET", file, {}, None, 404),
        ("PUT", file, {**as_pdf, "Authorization": ""}, pdf, 401),
        ("PUT", file, as_json, pdf, 415),
        ("PUT", file, as_pdf, b"", 411),
        ("PUT", file, as_pdf, b"%PDF-1.7 other bytes", 422),
        ("PUT", file, as_pdf, bytes((1 << 20) + 1), 413),
        ("PUT", at, as_json, parcel.body.encode(), 424),
        ("PUT", file, as_pdf, pdf, 201),
        ("PUT", file, as_pdf, pdf, 200),
        ("HEAD", file, {}, None, 200),
        ("GET", file, {}, None, 200),
        ("PUT", signed, {**as_p7s, "Authorization": ""}, signature, 401),
        ("PUT", signed, as_p7s, b"", 411),
        ("PUT", signed, as_p7s, bytes((64 << 10) + 1), 413),
        ("PUT", signed, as_json, signature, 415),
        ("PUT", signed, as_p7s, b"no signature", 422),
        ("PUT", signed, as_p7s, record_signature(b"other bytes"), 422),
        ("PUT", signed, as_p7s, signature, 201),
        ("PUT", signed, as_p7s, signature, 200),
        ("PUT", signed, as_p7s, record_signature(parcel.body.encode()), 409),
        ("PUT", at, as_json, b"{", 400),
        ("PUT", at, as_json, b"{}", 422),
        ("PUT", at, as_json, bytes((1 << 20) + 1), 413),
        ("PUT", at, as_json, parcel.body.encode(), 201),
        ("PUT", at, as_json, parcel.body.encode(), 200),
        ("PUT", at, as_json, other.body.encode(), 409),
        ("GET", at, {}, None, 200),
        ("PUT", f"/v1/parcels/{orphan.id}", as_json, orphan.body.encode(), 424),
    ]
    with urllib3.PoolManager() as pool:
        for method, path, headers, body, expected in calls:
            answer = pool.request(
                method, province.url + path, headers={**ours, **headers}, body=body, retries=False, redirect=False
            )
            assert answer.status == expected, (method, path, answer.data)
            assert_in_contract(spec, method, path, answer)
        for kind, expected in (("forbidden", 403), ("old_version", 426), ("busy", 503)):
            province.fault(kind)
            answer = pool.request("PUT", province.url + file, headers={**ours, **as_pdf}, body=pdf, retries=False)
            assert answer.status == expected
            assert_in_contract(spec, "PUT", file, answer)


def assert_in_contract(spec: dict[str, Any], method: str, path: str, answer: urllib3.BaseHTTPResponse) -> None:
    template = next(t for t in spec["paths"] if t.partition("{")[0] == path[: len(t.partition("{")[0])])
    response = spec["paths"][template][method.lower()]["responses"][str(answer.status)]
    if "$ref" in response:
        response = spec["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media = answer.headers["Content-Type"].partition(";")[0]
    if method == "HEAD":
        assert not answer.data
    elif media == "application/json":
        name = response["content"][media]["schema"]["$ref"].rpartition("/")[2]
        checker(spec, name).validate(answer.json())
    else:
        assert media in response["content"]
        assert answer.headers["Repr-Digest"].startswith("sha-256=:")
