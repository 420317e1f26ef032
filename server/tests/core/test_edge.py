"""What stands before a real server: its headers, names, proxies, other origins and certificate."""

import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from hone.core.safe_headers import SAFE
from hone.core.settings import Server
from hone.core.tls import Certificate, CertificateUnusable
from tests.core.asgi_app import Served, serving
from tests.core.facts import wait_for
from tests.core.wire import Wire
from tests.fixtures.certificates import write_certificate

APP = "https://app.example.com"
CAREFUL = {name.decode(): value.decode() for name, value in SAFE}


@pytest.fixture(scope="module")
def plain() -> Iterator[Served]:
    """A server that nothing stands before."""
    with serving(Server(max_body_bytes=1 << 20)) as served:
        yield served


@pytest.fixture(scope="module")
def edged() -> Iterator[Served]:
    """A server behind everything."""
    settings = Server.model_validate(
        {
            "trusted_proxies": "127.0.0.0/8, ::1",
            "cors_origins": APP,
            "allowed_hosts": "hone.example.com,*.venue.example",
        }
    )
    with serving(settings) as served:
        yield served


@contextmanager
def speaking(served: Served, scheme: str = "http") -> Generator[httpx.Client]:
    url = f"{scheme}://127.0.0.1:{served.address[1]}"
    headers = {"host": "hone.example.com"}
    with httpx.Client(base_url=url, headers=headers, verify=False, trust_env=False) as client:
        yield client


# The headers of every answer.


@pytest.mark.parametrize("path", ["/hello", "/stream", "/echo"])
def test_every_answer_makes_browsers_careful(plain: Served, path: str) -> None:
    with Wire(plain.address) as wire, Wire(plain.address) as other:
        wire.send(f"POST {path} HTTP/1.1\r\nHost: x\r\ncontent-length: 0\r\n\r\n".encode())
        if path == "/stream":
            assert wire.socket.recv(1, socket.MSG_PEEK) == b"H"
            assert other.get("/release").status == 200
        headers = wire.answer().headers
        assert headers | CAREFUL == headers
        assert "strict-transport-security" not in headers


def test_an_answer_after_100_continue_is_no_exception(plain: Served) -> None:
    with Wire(plain.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n")
        wire.send(b"Expect: 100-continue\r\n\r\n")
        assert wire.answer().headers == {}
        wire.send(b"ok")
        answer = wire.answer()
        assert answer.body == b"ok"
        assert answer.headers | CAREFUL == answer.headers


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n",
    ],
)
def test_what_the_protocol_refuses_is_no_exception(plain: Served, request_bytes: bytes) -> None:
    with Wire(plain.address) as wire:
        wire.send(request_bytes)
        answer = wire.answer()
        assert answer.status in {400, 413}
        assert answer.headers | CAREFUL == answer.headers


# Names.


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("hone.example.com", 200),
        ("HONE.example.com:8700", 200),
        ("hone.example.com.", 200),
        ("a.venue.example", 200),
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:8700", 200),
        ("venue.example", 421),
        ("evil.example", 421),
        ("192.0.2.1", 421),
        ("hone.example.com.evil.example", 421),
        ("", 421),
    ],
)
def test_only_known_names_are_answered(edged: Served, name: str, status: int) -> None:
    with speaking(edged) as client:
        answer = client.get("/hello", headers={"host": name})
        assert answer.status_code == status
        if status == 421:
            assert answer.json()["error"]["code"] == "host_unknown"
            assert "HONE_SERVER__ALLOWED_HOSTS" in answer.json()["error"]["message"]
        assert client.get("/healthz", headers={"host": name}).status_code == 200


def test_a_websocket_of_an_unknown_name_is_refused(edged: Served) -> None:
    reached = socket.create_connection(edged.address)
    with pytest.raises(InvalidStatus), connect("ws://evil.example/", sock=reached):
        pass


# Proxies.


def test_a_trusted_proxy_is_believed(edged: Served) -> None:
    told = {"x-forwarded-for": "198.51.100.9, 192.0.2.7", "x-forwarded-proto": "https"}
    with speaking(edged) as client:
        answer = client.get("/origin", headers=told)
        assert answer.text == "192.0.2.7 https"
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        plainly = client.get("/origin", headers={"x-forwarded-for": "192.0.2.8"})
        assert plainly.text == "192.0.2.8 http"
        assert "strict-transport-security" not in plainly.headers


def test_without_a_trusted_proxy_nobody_is_believed(plain: Served) -> None:
    told = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}
    with speaking(plain) as client:
        assert client.get("/origin", headers=told).text == "127.0.0.1 http"


# Other origins.


def test_a_listed_origin_may_call_with_a_key_and_without_cookies(edged: Served) -> None:
    asked = {
        "origin": APP,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, x-hone-user, x-api-key,"
        " anthropic-version, anthropic-dangerous-direct-browser-access, x-stainless-lang",
    }
    with speaking(edged) as client:
        allowed = client.options("/v1/chat/completions", headers=asked)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == APP
        assert "x-stainless-lang" in allowed.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in allowed.headers
        answer = client.get("/hello", headers={"origin": APP})
        assert answer.headers["access-control-allow-origin"] == APP
        assert "x-request-id" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "other", ["https://evil.example", f"{APP}.evil.example", "http://app.example.com", "null"]
)
def test_another_origin_is_told_nothing(edged: Served, other: str) -> None:
    asked = {"origin": other, "access-control-request-method": "POST"}
    with speaking(edged) as client:
        refused = client.options("/v1/chat/completions", headers=asked)
        assert refused.status_code == 400
        assert "access-control-allow-origin" not in refused.headers
        answer = client.get("/hello", headers={"origin": other})
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "wrong",
    [
        {"cors_origins": "*"},
        {"cors_origins": "https://app.example.com/"},
        {"cors_origins": "null"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"trusted_proxies": "proxy"},
        {"allowed_hosts": "*"},
        {"allowed_hosts": "https://hone.example.com"},
        {"tls_certificate": "/etc/chain.pem"},
    ],
)
def test_a_setting_that_would_let_everybody_in_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Server.model_validate(wrong)


# TLS.


def test_the_server_speaks_tls_and_takes_a_new_certificate(tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path)
    with serving(Server(tls_certificate=chain, tls_key=key, max_body_bytes=1024)) as served:
        with speaking(served, "https") as client:
            answer = client.post("/echo", content=b"sealed")
            assert answer.text == "sealed"
            assert answer.headers["strict-transport-security"].startswith("max-age=")
            assert client.get("/origin").text == "127.0.0.1 https"
            refused = client.post("/echo", content=b"x" * 4096)
            assert refused.json()["error"]["code"] == "body_too_large"
        first = _presented(served)
        key.write_text("half written")
        write_certificate(tmp_path)
        wait_for(lambda: _presented(served) != first, 10)
        assert served.end() == 0


def test_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path)
    opened = Certificate.open(Server(tls_certificate=chain, tls_key=key))
    assert opened is not None
    assert opened.context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_certificate_that_cannot_be_used_is_told_at_the_start(tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path)
    key.write_text("no key")
    with pytest.raises(CertificateUnusable, match=r"chain\.pem"):
        Certificate.open(Server(tls_certificate=chain, tls_key=key))
    with pytest.raises(CertificateUnusable, match=r"missing\.pem"):
        Certificate.open(Server(tls_certificate=tmp_path / "missing.pem", tls_key=key))


def _presented(served: Served) -> bytes:
    """Return the certificate that a new connection is shown."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(served.address, timeout=10) as raw,
        context.wrap_socket(raw) as made,
    ):
        return made.getpeercert(binary_form=True) or b""
