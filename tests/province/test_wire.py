# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a socket can do to an exchange: break, stall, drip, flood, talk nonsense, or be somebody else."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from digitizer_desk.province import wire as wires
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted, Later
from digitizer_desk.province.wire import NoAnswer, Trouble, Wire
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of
from stand_ins.tls import Authority

Script = Callable[[socket.socket, threading.Event], None]


@contextlib.contextmanager
def peer(script: Script) -> Iterator[str]:
    """A server that does as the script says to each connection; yields its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(OSError):
                        script(connection, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def wire(url: str, **changes: object) -> Wire:
    given = {"ca_file": None, "timeout_s": 5.0, "max_reply_bytes": 1000, **changes}
    return Wire(url, {"Authorization": "Bearer x"}, **given)  # type: ignore[arg-type]


def says(data: bytes) -> Script:
    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(data)

    return script


def keeps(seen: list[int]) -> Script:
    """Answers as long as it is asked; ``seen`` counts the requests of each connection."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        seen.append(0)
        while connection.recv(65536):
            seen[-1] += 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    return script


def drips(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b" ")


def drips_headers(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while not over.wait(0.02):
        connection.sendall(b"y")


def stalls(connection: socket.socket, over: threading.Event) -> None:
    over.wait(20)


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        (says(b""), Trouble.CUT),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n"), Trouble.UNREADABLE),
        (says(b"\x00" * 70_000), Trouble.UNREADABLE),
        (says(OK + b"X: " + b"y" * 70_000), Trouble.UNREADABLE),
        (says(OK + b"Content-Length: 10\r\n\r\n{}"), Trouble.CUT),
        (says(OK + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000), Trouble.UNREADABLE),
        (says(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"), Trouble.CUT),
        (says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), Trouble.CUT),
        (says(OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"), Trouble.UNREADABLE),
        (drips, Trouble.STALLED),
        (drips_headers, Trouble.STALLED),
        (stalls, Trouble.STALLED),
    ],
)
def test_a_bad_answer_is_no_answer(script: Script, trouble: Trouble):
    short = 0.3 if trouble is Trouble.STALLED else 5.0
    with peer(script) as url, pytest.raises(NoAnswer) as caught:
        wire(url, timeout_s=short).ask("GET", "/v1/health")
    assert caught.value.trouble is trouble


def test_a_province_may_think_longer_than_it_may_take_to_connect(monkeypatch: pytest.MonkeyPatch):
    def thinks(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        over.wait(0.6)
        connection.sendall(OK + b"Content-Length: 2\r\n\r\nok")

    monkeypatch.setattr(wires, "CONNECT_S", 0.2)
    with peer(thinks) as url:
        assert wire(url, timeout_s=5.0).ask("GET", "/").body == b"ok"


def test_a_good_answer_of_unsaid_length_is_read_to_its_end():
    with peer(says(OK + b"Content-Type: application/json; charset=utf-8\r\n\r\n{}")) as url:
        answer = wire(url).ask("GET", "/")
    assert (answer.status, answer.body, answer.media) == (200, b"{}", "application/json")


def test_a_body_nobody_takes_is_a_stall():
    with peer(stalls) as url, pytest.raises(NoAnswer) as caught:
        wire(url, timeout_s=0.3).ask("PUT", "/", body=bytes(50_000_000), media="application/pdf")
    assert caught.value.trouble is Trouble.STALLED


def test_a_redirect_is_not_followed():
    asked: list[bytes] = []

    def script(connection: socket.socket, over: threading.Event) -> None:
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    with peer(script) as url:
        assert wire(url).ask("GET", "/v1/health").status == 307
    assert len(asked) == 1


@pytest.mark.parametrize("after", [0, 1, 100_000, 400_000])
def test_a_connection_cut_in_the_upload_loses_nothing(province, link, after):
    pdf = pdf_of(600_000, seed=after)
    parcel = parcel_of(pdf)
    province.fault("cut", on="file", after=after)
    reply = link.deliver(parcel, pdf, lambda sent, total: None)
    assert isinstance(reply, Later)
    assert (reply.code, reply.attempt) == ("province.offline", True)
    assert link.look(parcel) is None
    assert isinstance(link.deliver(parcel, pdf, lambda sent, total: None), Accepted)


def test_a_server_killed_in_the_upload_loses_nothing(tmp_path, link_to):
    pdf = pdf_of(30_000_000)
    parcel = parcel_of(pdf)
    running = LocalProvince(tmp_path)
    link = link_to(running)

    def kill(sent: int, total: int) -> None:
        if sent > total // 2:
            running.kill()

    reply = link.deliver(parcel, pdf, kill)
    assert isinstance(reply, Later)
    assert reply.code == "province.offline"
    assert running.copies() == []
    with LocalProvince(tmp_path, port=running.port) as again:
        assert again.token == running.token
        assert not list(tmp_path.glob("files/*.part"))
        assert link.look(parcel) is None
        assert isinstance(link.deliver(parcel, pdf, lambda sent, total: None), Accepted)
        assert [(c[0], c[1]) for c in again.copies()] == [(parcel.id, parcel.file_sha256)]


def test_tls_with_an_authority_of_its_own(tmp_path, link_to):
    ours = Authority(tmp_path)
    pdf = pdf_of()
    with LocalProvince(tmp_path / "province", certificate=(ours.chain, ours.key)) as running:
        assert running.url.startswith("https://")
        assert isinstance(link_to(running, ca_file=ours.root).deliver(parcel_of(pdf), pdf, lambda s, t: None), Accepted)
        stranger = link_to(running)
        for reply in (stranger.deliver(parcel_of(pdf), pdf, lambda s, t: None), stranger.look(parcel_of(pdf))):
            assert isinstance(reply, Later)
            assert (reply.code, reply.pause_all) == ("province.certificate", True)
        assert stranger.health().code == "province.certificate"
        assert len(running.copies()) == 1


@pytest.mark.parametrize("fault", [{"name": "127.0.0.2"}, {"until": timedelta(days=-1)}])
def test_a_certificate_for_another_or_out_of_date_is_refused(tmp_path, link_to, fault):
    ours = Authority(tmp_path, **fault)
    with LocalProvince(tmp_path / "province", certificate=(ours.chain, ours.key)) as running:
        assert link_to(running, ca_file=ours.root).health().code == "province.certificate"


def test_a_host_that_speaks_no_tls_is_not_trusted():
    with peer(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        profile = GatewayProfile("p", url.replace("http:", "https:"), "quay-1", "x", timeout_s=5)
        assert GatewayLink(profile).health().code == "province.certificate"


def test_conversations_inside_another_share_its_connection():
    seen: list[int] = []
    with peer(keeps(seen)) as url:
        line = wire(url)
        with line.conversation():
            for _ in range(3):
                with line.conversation():
                    line.ask("GET", "/")
        with line.conversation():
            line.ask("GET", "/")
    assert seen == [3, 1]


def test_a_connection_that_rested_is_not_used_again(monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    monkeypatch.setattr(wires, "_RESTED_S", -1.0)
    with peer(keeps(seen)) as url:
        line = wire(url)
        with line.conversation():
            line.ask("GET", "/")
            line.ask("GET", "/")
    assert seen == [1, 1]


def test_a_request_that_was_stopped_spoils_no_other_on_its_line(province: LocalProvince):
    line = Wire(
        province.url, {"Authorization": f"Bearer {province.token}"}, ca_file=None, timeout_s=5, max_reply_bytes=9999
    )
    pdf = pdf_of(900_000, seed=9)

    def stop(_sent: int, _total: int) -> None:
        raise KeyboardInterrupt

    with line.conversation():
        path = f"/v1/files/{hashlib.sha256(pdf).hexdigest()}"
        with pytest.raises(KeyboardInterrupt):
            line.ask("PUT", path, body=pdf, media="application/pdf", progress=stop)
        assert line.ask("GET", "/v1/health").status == 200
        assert line.ask("PUT", path, body=pdf, media="application/pdf").status == 201
