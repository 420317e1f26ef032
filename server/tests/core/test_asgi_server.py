"""A server process: its start, its pulse, its neighbours, and its end."""

from hone.core.asgi_server import LOST
from hone.core.listening import listen
from hone.core.settings import Server
from tests.core.asgi_app import start
from tests.core.facts import wait_for
from tests.core.wire import Wire

SETTINGS = Server(shutdown_timeout=10)


def test_sigterm_ends_an_idle_server_with_success() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, SETTINGS)
    with Wire(served.address) as wire:
        assert wire.get("/hello").status == 200
        assert served.end() == 0
        assert wire.is_ended()


def test_open_requests_are_finished_after_sigterm_and_the_heart_beats_on() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, SETTINGS)
    with Wire(served.address) as wire, Wire(served.address) as other:
        assert other.get("/hello").status == 200
        wire.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n")
        wire.send(b"Expect: 100-continue\r\n\r\n")
        assert wire.answer().status == 100
        served.process.terminate()
        # This one is idle, so its end shows that the server is on its way out.
        assert other.is_ended()
        last = served.beats.value
        wait_for(lambda: served.beats.value >= last + 2)
        wire.send(b"ok")
        answer = wire.answer()
        assert (answer.body, answer.headers["connection"]) == (b"ok", "close")
    served.process.join(20)
    assert served.process.exitcode == 0


def test_requests_that_do_not_end_are_cut_at_the_shutdown_timeout() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, Server(shutdown_timeout=0.1))
    with Wire(served.address) as wire:
        wire.send(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.socket.recv(1) == b"H"
        assert served.end() == 0


def test_an_application_that_cannot_start_ends_the_process_with_a_failure() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, SETTINGS, lifespan=["refuse"])
    assert served.process.exitcode == 3


def test_an_application_that_fails_later_ends_the_process_too() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, SETTINGS, lifespan=["break"])
    with Wire(served.address) as wire:
        assert wire.get("/release").status == 200
    served.process.join(10)
    assert served.process.exitcode == LOST


def test_a_process_that_ends_leaves_the_socket_to_the_others() -> None:
    with listen("127.0.0.1", 0) as sock:
        first = start(sock, SETTINGS)
        second = start(sock, SETTINGS)
    assert first.end() == 0
    for _ in range(10):
        with Wire(second.address) as wire:
            assert wire.get("/hello").body == b"hello"
    assert second.end() == 0


def test_refusals_are_told() -> None:
    with listen("127.0.0.1", 0) as sock:
        served = start(sock, SETTINGS)
    with Wire(served.address) as wire:
        wire.send(b"nonsense\r\n\r\n")
        assert wire.answer().status == 400
    assert served.news.recv() == "malformed_request"
    assert served.end() == 0
