import signal
import socket
from contextlib import suppress

import httpx
import pytest

from hone.simulator import SimulatorConfig, run
from tests.simulator.running import in_process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_quietly(number: signal.Signals):
    with in_process() as (simulator, process):
        for model in ("m", "m#fault=cut", "m#fault=cut,after=2", "m#fault=malformed"):
            with suppress(httpx.RemoteProtocolError):
                simulator.chat(model)
            with suppress(httpx.RemoteProtocolError), simulator.streaming(model) as response:
                response.read()
        with simulator.streaming("m#tokens=100000,pace=5") as response:
            next(response.iter_bytes())
            process.send_signal(number)
            assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_running_answers_may_end_after_the_signal():
    with in_process() as (simulator, process):
        with simulator.streaming("m#tokens=10,pace=10") as response:
            lines = response.iter_lines()
            next(lines)
            process.send_signal(signal.SIGTERM)
            assert "data: [DONE]" in list(lines)
        assert process.wait(10) == 0


def test_the_port_is_free_again_after_kill_9():
    with in_process() as (simulator, process):
        simulator.chat()
        process.kill()
        process.wait()
        port = int(simulator.url.rpartition(":")[2])
    with in_process(port=port) as (again, _):
        assert again.url == simulator.url
        assert again.chat().status_code == 200


def test_a_port_that_is_taken_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        run(SimulatorConfig(), port=taken.getsockname()[1])


def test_what_is_not_http_is_refused_quietly():
    with in_process() as (simulator, process):
        host, _, port = simulator.url.removeprefix("http://").rpartition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(b"NOT HTTP AT ALL\r\n\r\n")
            assert raw.recv(1000).startswith(b"HTTP/1.1 400")
        assert simulator.chat().status_code == 200
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_caller_that_does_not_read_cannot_keep_it_from_ending():
    with in_process() as (simulator, process):
        host, _, port = simulator.url.removeprefix("http://").rpartition(":")
        body = (
            b'{"model":"m#tokens=1000000","stream":true,"messages":[{"role":"user","content":"x"}]}'
        )
        head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(head % len(body) + body)
            assert raw.recv(12) == b"HTTP/1.1 200"
            process.terminate()
            assert process.wait(10) == 0
