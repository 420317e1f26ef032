"""`hone simulate`: a provider on a port, its options, and its end."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.console import hone


def test_it_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    options = ["--port", "0", "--api-key", "k", "--price", "venue=2.5/10/0.25/3"]
    options += ["--signing-key", "AKIDEXAMPLE=secret"]
    with subprocess.Popen(
        [sys.executable, "-m", "hone.cli", "simulate", *options, "--ledger", tmp_path / "ledger"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        body = {"model": "venue", "messages": [{"role": "user", "content": "Hello"}]}
        refused = httpx.post(f"{url}/chat/completions", json=body)
        answer = httpx.post(
            f"{url}/chat/completions", json=body, headers={"authorization": "Bearer k"}
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert (refused.status_code, answer.status_code) == (401, 200)
    assert (tmp_path / "ledger").read_text("utf-8").count("\n") == 1


@pytest.mark.parametrize("price", ["venue", "venue=1", "venue=a/b", "=1/2", "venue=1/2/3/4/5/6"])
def test_a_wrong_price_is_told(price: str) -> None:
    said = hone("simulate", "--price", price)
    assert said.code == 1
    assert said.error.startswith("hone: ")
    assert said.error.count("\n") == 1


@pytest.mark.parametrize("key", ["AKIDEXAMPLE", "=secret", "AKIDEXAMPLE="])
def test_a_wrong_signing_key_is_told(key: str) -> None:
    said = hone("simulate", "--signing-key", key)
    assert said.code == 1
    assert said.error.startswith("hone: ")
    assert said.error.count("\n") == 1


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = hone("simulate", "--port", server.getsockname()[1])
    assert said.code == 1
    assert said.error.startswith("hone: ")
    assert said.error.count("\n") == 1
