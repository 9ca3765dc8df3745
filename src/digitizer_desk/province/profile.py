# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What one province is: which connector, where, who we are there, how its codes differ from ours; read from TOML.

Apart from the connectors because a province's IT writes this file, and a mistake in it must be named by its key before
anything is sent. No secret stands in it: secrets come from the key store, by the names of :class:`Secrets`.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.wire import ClientCertificate, checked_address

_STRICT = ConfigDict(strict=True, extra="forbid")

Kind = Literal["gateway", "opencps", "td", "folder", "national"]
#: the four tables of codes, as the profile names them
Table = Literal["procedures", "components", "papers", "units"]
_Seconds = Annotated[float, Field(gt=0, le=3600)]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the profile must not hold: the access key or password, the password of the client's key, the proxy's; for
    the national portal ``portal`` (its password) and ``lgsp`` (the key of the platform in front of it)."""

    login: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    portal: str = field(default="", repr=False)
    lgsp: str = field(default="", repr=False)


@checked(frozen=True, slots=True, config=_STRICT)
class Login:
    """``way``: ``key`` is an access key; ``oauth2`` client credentials (``user`` is the client id, ``token_address``
    '' = the province's own); ``password`` a name and a password, as the connector uses them."""

    way: Literal["key", "oauth2", "password"] = "key"
    user: str = ""
    token_address: str = ""
    scope: str = ""


@checked(frozen=True, slots=True, config=_STRICT)
class Tls:
    """PEM files, beside the profile unless their paths are whole. ``ca`` takes the place of the system's roots;
    ``certificate`` and ``key`` prove this desk to the province."""

    ca: str = ""
    certificate: str = ""
    key: str = ""


@checked(frozen=True, slots=True, config=_STRICT)
class Proxy:
    """``address`` '' = none; ``user`` '' = the proxy asks for no name."""

    address: str = ""
    user: str = ""


@checked(frozen=True, slots=True, config=_STRICT)
class Codes:
    """The province's codes by ours. What is not listed goes as it is, unless its table is named in ``complete``: then a
    parcel with such a code is held before anything is sent. ``file`` is a TOML file of the same four tables beside the
    profile, for several profiles to share; a code that stands in both goes as the profile says."""

    file: str = ""
    complete: tuple[Table, ...] = ()
    procedures: dict[str, str] = field(default_factory=dict)
    components: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def theirs(self, table: Table, ours: str) -> str | None:
        """The province's code for ours; None when it should be listed and is not."""
        listed: dict[str, str] = getattr(self, table)
        return listed.get(ours, None if ours and table in self.complete else ours)


@checked(frozen=True, slots=True, config=_STRICT)
class OpenCps:
    """``base`` is the path of REST v2; ``group`` the site (agency) every call names. ``marks`` gives the number of a
    mark (bản chụp 1, bản sao 2, bản gốc 3 ...) by our form of submission; a form not listed sets none."""

    base: str = "/o/rest/v2"
    group: Annotated[int, Field(ge=0)] = 0
    marks: dict[str, Annotated[int, Field(ge=0, le=4)]] = field(default_factory=dict)


@checked(frozen=True, slots=True, config=_STRICT)
class Td:
    tenant: str = "root"


@checked(frozen=True, slots=True, config=_STRICT)
class Lgsp:
    """The platform in front of the portal. ``way``: ``none``; ``bearer`` is OAuth 2.0 client credentials of ``user``,
    exchanged at ``token_address``; ``header`` sends name and key with every request as ``lgspaccesstoken``, with the
    names the platform gave the application and its partners."""

    way: Literal["none", "bearer", "header"] = "none"
    user: str = ""
    token_address: str = ""
    scope: str = ""
    application: str = ""
    partner: str = ""
    partner_customer: str = ""


@checked(frozen=True, slots=True, config=_STRICT)
class National:
    """How the national portal is told where files lie (DongBoHoSoMC).

    ``after`` is the profile of the connector that carries the files. ``unit`` is our code there (``madonvi``),
    ``unit_name`` goes as ``DonViXuLy``, ``destination`` as the header ``dstcode``; the three paths are the adapter's.
    ``files`` makes the address of a file: '' takes the one of the receipt, else ``{number}`` and ``{sha256}`` are
    filled in. ``second_message`` is what the portal's operator said of a second message for one dossier; one that
    *adds* cannot be served. ``opens``: whether the desk may tell of a dossier the portal does not have yet.
    ``unseen``: what to do when the portal has a dossier of others and does not show what is in it. ``state`` is
    ``TrangThaiHoSo``, ``organisation`` is ``LoaiDoiTuong`` of an applicant who is no person, ``by_post`` is
    ``HinhThuc`` 1, all for a dossier the portal does not show.
    """

    after: str = ""
    unit: str = ""
    unit_name: str = ""
    destination: str = ""
    login_path: str = "/login"
    service_path: str = "/integration"
    share_path: str = ""  # catalogues; '' = service_path
    files: str = ""
    deleted: Literal["words", "digits"] = "words"
    second_message: Literal["", "replaces", "updates"] = ""
    opens: bool = False
    unseen: Literal["hold", "send"] = "hold"
    state: Annotated[int, Field(ge=1, le=10)] = 2
    organisation: Annotated[int, Field(ge=2, le=4)] = 2
    by_post: bool = False
    lgsp: Lgsp = field(default_factory=Lgsp)


@checked(frozen=True, slots=True, config=_STRICT)
class Profile:
    """One province. Times in seconds; ``piece_mb`` in MiB."""

    kind: Kind
    name: str = ""
    address: str = ""
    desk_id: str = ""
    schema: Literal[1] = 1
    timeout_s: _Seconds = 30.0
    settle_s: Annotated[float, Field(ge=0, le=3600)] = 2.0
    piece_mb: Annotated[int, Field(ge=1, le=64)] = 4
    login: Login = field(default_factory=Login)
    tls: Tls = field(default_factory=Tls)
    proxy: Proxy = field(default_factory=Proxy)
    codes: Codes = field(default_factory=Codes)
    opencps: OpenCps = field(default_factory=OpenCps)
    td: Td = field(default_factory=Td)
    national: National = field(default_factory=National)


@dataclass(frozen=True, slots=True)
class Passage:
    """The way to one host, ready for a wire."""

    ca_file: Path | None = None
    client: ClientCertificate | None = None
    proxy_url: str = field(default="", repr=False)
    proxy_login: tuple[str, str] | None = field(default=None, repr=False)


def read(file: Path) -> Profile:
    """Read a profile; files it names are taken from beside it.

    Raises:
        DeskError: ``province.profile_unreadable`` with the file and the key at fault.
    """
    try:
        tree = tomllib.loads(file.read_text("utf-8-sig"))
        # from Python, strict dataclasses take nothing but themselves
        profile = TypeAdapter(Profile).validate_json(json.dumps(tree, default=str))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "kind"
        raise error("province.profile_unreadable", first["type"], file=file.name, where=where) from None
    except OSError as problem:
        raise error("province.profile_unreadable", type(problem).__name__, file=file.name, where="tệp") from None
    except ValueError:
        raise error("province.profile_unreadable", "no TOML", file=file.name, where="TOML") from None
    where = _at_fault(profile, tree)
    if where:
        raise error("province.profile_unreadable", "does not fit", file=file.name, where=where)
    if not profile.codes.file:
        return profile
    return replace(profile, codes=_with_shared(profile.codes, file.parent / profile.codes.file))


def _with_shared(own: Codes, file: Path) -> Codes:
    """These codes on top of those of a file several profiles share.

    Raises:
        DeskError: ``province.profile_unreadable``.
    """
    try:
        shared = TypeAdapter(Codes).validate_json(json.dumps(tomllib.loads(file.read_text("utf-8-sig")), default=str))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "TOML"
        raise error("province.profile_unreadable", first["type"], file=file.name, where=where) from None
    except (OSError, ValueError) as problem:
        raise error("province.profile_unreadable", type(problem).__name__, file=file.name, where="codes.file") from None
    if shared.file or shared.complete:
        raise error("province.profile_unreadable", "does not fit", file=file.name, where="file")
    merged = {table: getattr(shared, table) | getattr(own, table) for table in get_args(Table)}
    return Codes(file=own.file, complete=own.complete, **merged)


def _at_fault(profile: Profile, tree: dict[str, object]) -> str:
    """The first key that is readable alone and makes no sense with the others; '' when there is none."""
    for table in ("opencps", "td", "national"):
        if table in tree and table != profile.kind:
            return table
    if "codes" in tree and profile.kind == "folder":
        return "codes"  # a hand-over goes as the desk packed it
    if profile.kind == "folder":
        return ""
    try:
        checked_address(profile.address)
    except DeskError:
        return "address"
    if profile.login.way != "key" and not profile.login.user:
        return "login.user"
    if (profile.login.way == "password") != (profile.kind != "gateway"):
        return "login.way"  # the gateway takes a key or a token, the others a name and a password
    if profile.proxy.address and not usable_proxy(profile.proxy.address):
        return "proxy.address"
    if profile.kind == "opencps" and not profile.desk_id:
        return "desk_id"  # the ids of our files there are made of it
    if bool(profile.tls.key) and not profile.tls.certificate:
        return "tls.certificate"
    return _portal_at_fault(profile) if profile.kind == "national" else ""


def _portal_at_fault(profile: Profile) -> str:
    portal = profile.national
    if not portal.after or Path(portal.after).name != portal.after:
        return "national.after"  # without the connector before it there is nothing to tell of
    if not profile.desk_id:
        return "desk_id"  # the ids of our files there are made of it
    for key in ("login_path", "service_path", "share_path"):
        path: str = getattr(portal, key)
        if not path.startswith("/") and (path or key != "share_path"):
            return f"national.{key}"
    try:
        if portal.files:
            checked_address(portal.files.format(number="1", sha256="0").partition("?")[0])
    except (DeskError, LookupError, ValueError):
        return "national.files"
    if portal.lgsp.way != "none" and not portal.lgsp.user:
        return "national.lgsp.user"
    if portal.lgsp.way == "bearer":
        try:
            checked_address(portal.lgsp.token_address)
        except DeskError:
            return "national.lgsp.token_address"
    return ""


def usable_proxy(address: str) -> bool:
    """Whether it is http(s)://host[:port]; name and password do not belong into an address."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False


def passage(profile: Profile, secrets: Secrets, beside: Path) -> Passage:
    """Files and proxy of a profile, with their secrets. Relative paths start at ``beside``."""
    tls, proxy = profile.tls, profile.proxy
    client = None
    if tls.certificate:
        key = beside / tls.key if tls.key else None
        client = ClientCertificate(beside / tls.certificate, key, secrets.key)
    return Passage(
        ca_file=beside / tls.ca if tls.ca else None,
        client=client,
        proxy_url=proxy.address,
        proxy_login=(proxy.user, secrets.proxy) if proxy.user else None,
    )
