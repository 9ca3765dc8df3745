# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Holds a request to an OpenAPI file: path, method, parameters, media type, body."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import yaml


@functools.cache
def _read(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text("utf-8"))


class Spec:
    """One OpenAPI file. ``wrong`` gathers what was asked and is not in it."""

    def __init__(self, file: Path) -> None:
        self.whole = _read(file)
        self.wrong: list[str] = []
        self.used: set[tuple[str, str]] = set()

    def hold(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Any:
        """The body as read; what is wrong goes into :attr:`wrong`."""
        parts = urlsplit(target)
        for template, operations in self.whole["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), parts.path) and method.lower() in operations:
                break
        else:
            self.wrong.append(f"{method} {parts.path}: unknown")
            return None
        self.used.add((method.lower(), template))
        operation, here = operations[method.lower()], f"{method} {template}"
        known = [self._resolved(p) for p in [*operation.get("parameters", []), *operations.get("parameters", [])]]
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        places = {"query": query, "header": {k.lower(): v for k, v in headers.items()}}
        for parameter in known:
            if parameter["in"] == "path":
                continue
            name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
            given = places[parameter["in"]].get(name)
            if given is None:
                if parameter.get("required"):
                    self.wrong.append(f"{here}: {name} is missing")
            else:
                self._valid(f"{here} {name}", parameter["schema"], given)
        for name in set(query) - {p["name"] for p in known if p["in"] == "query"}:
            self.wrong.append(f"{here}: ?{name} is unknown")
        return self._body(here, operation, headers, body)

    def _body(self, here: str, operation: dict[str, Any], headers: Mapping[str, str], body: bytes) -> Any:
        wanted = operation.get("requestBody")
        if wanted is None:
            if body:
                self.wrong.append(f"{here}: has a body")
            return None
        whole = headers.get("Content-Type", "")
        media = whole.partition(";")[0]
        if media not in wanted["content"]:
            self.wrong.append(f"{here}: {media}")
            return None
        if media == "application/json":
            read: Any = json.loads(body)
        elif media == "multipart/form-data":
            read = parts_of(whole, body)
        else:
            read = dict(parse_qsl(body.decode(), keep_blank_values=True))
        plain = {k: v if isinstance(v, str) else "bytes" for k, v in read.items()} if media[0] == "m" else read
        self._valid(here, wanted["content"][media]["schema"], plain)
        return read

    def _valid(self, here: str, schema: dict[str, Any], value: Any) -> None:
        checker = jsonschema.Draft202012Validator({**schema, "components": self.whole.get("components", {})})
        self.wrong += [f"{here}: {fault.message[:200]}" for fault in checker.iter_errors(value)]

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in parameter:
            return self.whole["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        return parameter


def parts_of(media: str, body: bytes) -> dict[str, Any]:
    """multipart/form-data: text parts as str, files as (name, bytes)."""
    line = re.search(r"boundary=(\S+)", media)[1]
    found: dict[str, Any] = {}
    for part in body.split(f"--{line}".encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        name = re.search(rb'name="([^"]*)"', head)[1].decode()
        file = re.search(rb'filename="([^"]*)"', head)
        found[name] = (unquote(file[1].decode()), content) if file else content.decode()
    return found
