"""A real server against clients that are slow, endless, or wrong."""

import asyncio
import os
import select
import signal
import time
from collections.abc import Iterator

import pytest
import uvicorn
from uvicorn.server import ServerState
from websockets.sync.client import connect

from hone.core.guard import Guard
from hone.core.protocol import GuardedProtocol
from hone.core.settings import Server
from tests.core.asgi_app import App, Served, serving
from tests.core.wire import Wire

TIMEOUT = 0.4
MAX_HEAD = 16 << 10
MAX_BODY = 64 << 10
HEAD = b"Host: x\r\n"


@pytest.fixture(scope="module")
def hasty() -> Iterator[Served]:
    """A server with short deadlines."""
    settings = Server(header_timeout=TIMEOUT, body_timeout=TIMEOUT, max_body_bytes=1 << 20)
    with serving(settings) as served:
        yield served


@pytest.fixture(scope="module")
def patient() -> Iterator[Served]:
    """A server with low limits and no deadline that a test could meet."""
    limits = Server(
        header_timeout=60, body_timeout=60, max_header_bytes=MAX_HEAD, max_body_bytes=MAX_BODY
    )
    with serving(limits) as served:
        yield served


def refusal(wire: Wire, status: int, code: str) -> str:
    """Read a refusal and the end of the connection; return its message."""
    answer = wire.answer()
    assert (answer.status, answer.error["code"]) == (status, code)
    assert answer.error["type"] == "invalid_request_error"
    assert answer.headers["connection"] == "close"
    assert "date" in answer.headers
    assert "server" not in answer.headers
    assert wire.is_ended()
    return answer.error["message"]


# The normal course.


def test_a_connection_is_kept_for_the_next_request(patient: Served) -> None:
    with Wire(patient.address) as wire:
        assert [wire.get("/hello").body for _ in range(3)] == [b"hello"] * 3


def test_pipelined_requests_are_answered_in_order(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(
            b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
            b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
            b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nthr"
        )
        wire.send(b"ee")
        assert [wire.answer().body for _ in range(3)] == [b"one", b"hello", b"three"]


def test_a_body_may_be_as_large_as_the_limit(patient: Served) -> None:
    body = b"x" * MAX_BODY
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % MAX_BODY)
        wire.send(body)
        assert wire.answer().body == body
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send(b"%x\r\n%s\r\n0\r\n\r\n" % (MAX_BODY, body))
        assert wire.answer().body == body


def test_a_large_read_is_no_large_head(patient: Served) -> None:
    request = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n" + b"x" * 30_000
    with Wire(patient.address) as wire:
        wire.send(request * 5)
        assert [len(wire.answer().body) for _ in range(5)] == [30_000] * 5


def test_expect_100_continue_is_answered_before_the_body_is_sent(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n")
        wire.send(b"Expect: 100-continue\r\n\r\n")
        assert wire.answer().status == 100
        wire.send(b"body")
        assert wire.answer().body == b"body"


def test_messages_are_echoed_over_a_websocket(patient: Served) -> None:
    host, port = patient.address
    with connect(f"ws://{host}:{port}/ws") as websocket:
        for text in ("one", "two"):
            websocket.send(text)
            assert websocket.recv() == text


def test_a_websocket_has_no_deadline(hasty: Served) -> None:
    host, port = hasty.address
    with connect(f"ws://{host}:{port}/ws") as websocket:
        with pytest.raises(TimeoutError):
            websocket.recv(timeout=TIMEOUT * 2.5)
        websocket.send("still here")
        assert websocket.recv() == "still here"


@pytest.mark.parametrize("split", [False, True])
def test_an_offer_of_http_2_is_ignored_and_the_body_arrives(patient: Served, split: bool) -> None:
    head = (
        b"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
        b"Content-Length: 34\r\n\r\n"
    )
    body = b"GET /release HTTP/1.1\r\nHost: y\r\n\r\n"
    with Wire(patient.address) as wire:
        for part in [head, body] if split else [head + body]:
            wire.send(part)
        assert wire.answer().body == body
        assert wire.get("/hello").body == b"hello"


def test_trailers_do_not_become_headers(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /headers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send(b"1\r\nx\r\n0\r\nAuthorization: forged\r\n\r\n")
        assert b"forged" not in wire.answer().body


# Deadlines.


def test_a_head_that_drips_is_refused_at_its_deadline(hasty: Served) -> None:
    begun = time.monotonic()
    with Wire(hasty.address) as wire:
        head = b"GET /hello HTTP/1.1\r\n" + b"X-Slow: 1\r\n" * 1000
        assert wire.drip(head, pause=0.02) < len(head)
        assert TIMEOUT * 0.8 < time.monotonic() - begun < 10
        refusal(wire, 408, "request_timeout")


def test_the_deadline_holds_for_a_later_head_too(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        assert wire.get("/hello").status == 200
        wire.send(b"GET /hel")
        refusal(wire, 408, "request_timeout")


def test_half_a_head_behind_another_request_has_a_deadline(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        wire.send(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\nGET /hel")
        assert wire.answer().body == b"hello"
        refusal(wire, 408, "request_timeout")


def test_empty_lines_do_not_keep_a_connection(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        assert wire.get("/hello").status == 200
        wire.send(b"\r\n")
        refusal(wire, 408, "request_timeout")


def test_a_client_that_sends_nothing_is_let_go_without_a_word(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        assert wire.is_ended()


def test_an_idle_connection_outlives_the_deadlines(hasty: Served) -> None:
    with Wire(hasty.address) as wire, Wire(hasty.address) as other:
        assert wire.get("/hello").status == 200
        assert other.is_ended()
        assert wire.get("/hello").status == 200


def test_a_body_that_stalls_is_refused(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nbo")
        refusal(wire, 408, "request_timeout")


def test_a_body_that_is_slow_but_moves_is_taken(hasty: Served) -> None:
    body = b"x" * 12
    with Wire(hasty.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert wire.drip(body, pause=TIMEOUT / 8) == len(body)
        assert wire.answer().body == body


def test_no_body_is_late_while_we_do_not_read_it(hasty: Served) -> None:
    size = 800_000
    with Wire(hasty.address) as wire, Wire(hasty.address) as other, Wire(hasty.address) as last:
        wire.send(b"POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        wire.send(b"x" * (size - 1))
        assert other.is_ended()
        assert last.is_ended()
        with Wire(hasty.address) as releasing:
            assert releasing.get("/release").status == 200
        wire.send(b"x")
        assert len(wire.answer().body) == size


def test_a_client_that_waits_for_100_continue_is_not_late(hasty: Served) -> None:
    with Wire(hasty.address) as wire, Wire(hasty.address) as other:
        wire.send(b"POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n")
        wire.send(b"Expect: 100-continue\r\n\r\n")
        assert other.is_ended()
        with Wire(hasty.address) as releasing:
            assert releasing.get("/release").status == 200
        assert wire.answer().status == 100
        wire.send(b"body")
        assert wire.answer().body == b"body"


def test_a_body_that_stalls_after_its_answer_ends_the_connection(hasty: Served) -> None:
    with Wire(hasty.address) as wire:
        wire.send(b"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nbo")
        assert wire.answer().body == b"hello"
        assert wire.is_ended()


def test_an_answer_under_way_is_not_cut_by_a_slow_body(hasty: Served) -> None:
    with Wire(hasty.address) as wire, Wire(hasty.address) as other:
        wire.send(b"POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nbo")
        assert other.is_ended()
        with Wire(hasty.address) as releasing:
            assert releasing.get("/release").status == 200
        assert wire.answer().body == b"firstlast"


def test_time_in_which_the_server_stood_still_does_not_count(hasty: Served) -> None:
    assert hasty.process.pid is not None
    with Wire(hasty.address) as wire:
        wire.send(b"GET /hello HTTP/1.1\r\n")
        os.kill(hasty.process.pid, signal.SIGSTOP)
        try:
            readable, _, _ = select.select([wire.socket], [], [], TIMEOUT * 3)
            assert not readable
            wire.send(HEAD + b"\r\n")
        finally:
            os.kill(hasty.process.pid, signal.SIGCONT)
        assert wire.answer().body == b"hello"


async def test_an_idle_connection_ends_at_its_timeout() -> None:
    loop = asyncio.get_running_loop()
    config = uvicorn.Config(App(), lifespan="off", log_config=None, timeout_keep_alive=1)
    state = ServerState()
    guard = Guard(Server(header_timeout=TIMEOUT))
    server = await loop.create_server(
        lambda: GuardedProtocol(config, state, {}, guard=guard), "127.0.0.1", 0
    )
    async with server, asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        begun = loop.time()
        assert await reader.read() == b""
        assert loop.time() - begun > 0.5
        writer.close()
        await writer.wait_closed()


# Sizes.


def test_a_head_of_three_megabytes_is_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"GET /hello HTTP/1.1\r\n" + HEAD)
        wire.send_until_answered(b"X-Large: " + b"x" * (3 << 20) + b"\r\n")
        refusal(wire, 431, "headers_too_large")


@pytest.mark.parametrize(
    "endless",
    [b"x" * 4096, b"a: b\r\n" * 500, b"x-name" * 500],
    ids=["one value", "many headers", "one name"],
)
def test_an_endless_head_is_refused(patient: Served, endless: bytes) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"GET /hello HTTP/1.1\r\nX-First: ")
        if endless != b"x" * 4096:
            wire.send(b"1\r\n")
        wire.send_until_answered(endless)
        refusal(wire, 431, "headers_too_large")


def test_an_endless_request_line_is_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"GET /")
        wire.send_until_answered(b"x" * 4096)
        refusal(wire, 431, "headers_too_large")


def test_endless_empty_lines_are_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send_until_answered(b"\r\n" * 2048)
        refusal(wire, 431, "headers_too_large")


def test_a_large_head_in_one_read_is_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        large = b"GET /hello HTTP/1.1\r\nX-Large: " + b"x" * MAX_HEAD + b"\r\n\r\n"
        wire.send(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n" + large)
        assert wire.answer().body == b"hello"
        refusal(wire, 431, "headers_too_large")


def test_a_head_just_below_the_limit_is_taken(patient: Served) -> None:
    with Wire(patient.address) as wire:
        value = b"x" * (MAX_HEAD - 100)
        wire.send(b"GET /headers HTTP/1.1\r\nX-Large: " + value + b"\r\n\r\n")
        assert wire.answer().body == b"x-large: " + value


def test_endless_trailers_are_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
        wire.send_until_answered(b"trailer: x\r\n" * 100)
        refusal(wire, 431, "headers_too_large")


def test_a_declared_length_above_the_limit_is_refused_at_once(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1))
        refusal(wire, 413, "body_too_large")


def test_a_client_that_goes_on_sending_still_reads_the_refusal(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        for _ in range(64):
            wire.send(b"x" * 65536)
        refusal(wire, 413, "body_too_large")


def test_a_client_that_never_ends_is_cut_off_in_the_end(patient: Served) -> None:
    begun = time.monotonic()
    with Wire(patient.address) as wire:
        wire.send(b"nonsense\r\n\r\n")
        refusal(wire, 400, "malformed_request")
        poll = select.poll()
        poll.register(wire.socket, select.POLLHUP | select.POLLERR)
        with pytest.raises(ConnectionError):
            while time.monotonic() - begun < 20:
                poll.poll(100)
                wire.send(b"x")


def test_a_refused_expectation_is_not_continued(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n")
        wire.send(b"Expect: 100-continue\r\n\r\n")
        refusal(wire, 413, "body_too_large")


def test_a_chunked_body_above_the_limit_is_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send_until_answered(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        refusal(wire, 413, "body_too_large")


def test_a_body_above_the_limit_ends_a_connection_that_was_answered(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /hello HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert wire.answer().body == b"hello"
        wire.send_until_answered(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert wire.is_ended()


# What is not HTTP.


@pytest.mark.parametrize(
    "nonsense",
    [
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /hello HTTP/9.9\r\n\r\n",
        b"GET /he llo HTTP/1.1\r\n\r\n",
        b"GET /h\xc3\xa9llo HTTP/1.1\r\nHost: x\r\n\r\n",
        b"get /hello HTTP/1.1\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nX-Nul: a\0b\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nX Space: a\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nX-Space : a\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET /hello HTTP/1.1\r\nX-Bare: a\rb\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_in_the_envelope(patient: Served, nonsense: bytes) -> None:
    with Wire(patient.address) as wire:
        wire.send(nonsense)
        message = refusal(wire, 400, "malformed_request")
        assert "callback" not in message


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked, gzip\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
def test_a_body_of_doubtful_length_is_refused(patient: Served, framing: bytes) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n0\r\n\r\n")
        refusal(wire, 400, "malformed_request")


def test_a_broken_chunk_is_refused(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.send(b"not a size\r\n")
        refusal(wire, 400, "malformed_request")


def test_earlier_requests_are_answered_before_a_refusal(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\n\r\nnonsense\r\n")
        with Wire(patient.address) as releasing:
            assert releasing.get("/release").status == 200
        assert wire.answer().body == b"firstlast"
        assert wire.answer().body == b"hello"
        refusal(wire, 400, "malformed_request")


def test_a_queued_request_with_a_broken_body_never_begins(patient: Served) -> None:
    with Wire(patient.address) as wire:
        wire.send(
            b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
            b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nbroken\r\n"
        )
        with Wire(patient.address) as releasing:
            assert releasing.get("/release").status == 200
        assert wire.answer().body == b"firstlast"
        refusal(wire, 400, "malformed_request")
