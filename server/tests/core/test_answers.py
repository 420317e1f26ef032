"""What applications answer, and what they must not: a real server, its bytes on the wire."""

from collections.abc import Iterator

import pytest

from hone.core.settings import Server
from tests.core.asgi_app import Served, serving
from tests.core.wire import Wire

LAST = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(Server()) as running:
        yield running


def test_an_answer_has_the_date_and_the_headers_that_all_answers_have(served: Served) -> None:
    with Wire(served.address) as wire:
        headers = wire.get("/hello").headers
        assert headers["date"].endswith("GMT")
        assert headers["x-content-type-options"] == "nosniff"


def test_an_answer_of_unknown_length_is_chunked(served: Served) -> None:
    with Wire(served.address) as wire:
        wire.send(b"GET /open" + LAST)
        head, _, body = wire.rest().partition(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head
        assert body == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


def test_a_head_request_is_answered_without_a_body(served: Served) -> None:
    with Wire(served.address) as wire:
        wire.send(b"HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hello" + LAST)
        answers = wire.rest()
        assert answers.count(b"content-length: 5\r\n") == 2
        assert answers.count(b"hello") == 1


def test_an_old_client_is_told_that_the_connection_ends(served: Served) -> None:
    with Wire(served.address) as wire:
        wire.send(b"GET /hello HTTP/1.0\r\nHost: x\r\n\r\n")
        assert wire.answer().headers["connection"] == "close"
        assert wire.is_ended()


def test_the_query_is_no_part_of_the_path(served: Served) -> None:
    with Wire(served.address) as wire:
        assert wire.get("/where%20to?a=b%20c&d=/e").body == b"/where to?a=b%20c&d=/e"
        wire.send(b"GET http://x/where?f#g" + LAST)
        assert wire.answer().body == b"/where?f"


@pytest.mark.parametrize("path", ["/split", "/name", "/raise", "/nothing"])
def test_an_application_that_does_not_answer_is_an_error(served: Served, path: str) -> None:
    with Wire(served.address) as wire:
        answer = wire.get(path)
        assert answer.status == 500
        assert answer.error["type"] == "server_error"
        assert "x-evil" not in answer.headers
        assert wire.is_ended()


def test_an_answer_that_is_too_short_ends_the_connection(served: Served) -> None:
    with Wire(served.address) as wire:
        wire.send(b"GET /short HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.rest().endswith(b"\r\n\r\nhello")


def test_an_answer_that_is_too_long_is_not_sent(served: Served) -> None:
    with Wire(served.address) as wire:
        wire.send(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.rest().endswith(b"\r\n\r\n")
