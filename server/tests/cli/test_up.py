"""`hone up`: it says when it is ready, refuses what cannot work, and ends when it is told to."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hone.core.keyring import MasterKey, key_file
from tests.cli.console import CONFIG
from tests.cli.processes import Running, running
from tests.core.facts import promised, wait_for
from tests.fixtures.database import Urls
from tests.fixtures.house import ADMIN_KEY, answers, free_port, run_hone
from tests.fixtures.postgres import open_folder

pytestmark = pytest.mark.xdist_group("cli-up")
ENV = {"HONE_BOOTSTRAP__ADMIN_KEY": ADMIN_KEY, "UPSTREAM_KEY": "none"}
OPTIONS = ("--workers", "1")


@pytest.fixture(scope="module")
def used() -> Iterator[Path]:
    """Give a folder in which Hone ran once, so that every later start is quick."""
    with open_folder() as folder:
        data, config = folder / "data", folder / "hone.yaml"
        config.write_text(CONFIG, encoding="utf-8")
        port = free_port()
        arguments = ("up", "--port", port, "--data-dir", data, "--config", config, *OPTIONS)
        with running(folder / "first.log", *arguments, env=ENV) as hone:
            hone.await_said("Hone is ready")
            headers = {"authorization": f"Bearer {ADMIN_KEY}"}
            models = httpx.get(f"http://127.0.0.1:{port}/v1/models", headers=headers).json()
            (folder / "models").write_text(" ".join(each["id"] for each in models["data"]))
            assert hone.end() == 0
        yield folder


@pytest.fixture
def hone(used: Path, tmp_path: Path) -> Iterator[Running]:
    """Give a running `hone up`."""
    port = free_port()
    arguments = ("up", "--port", port, "--data-dir", used / "data", *OPTIONS)
    with running(tmp_path / "log", *arguments, env=ENV) as started:
        started.await_said("Hone is ready")
        yield started


def test_the_declared_file_is_applied(used: Path) -> None:
    assert "assistant" in (used / "models").read_text("utf-8").split()
    assert "+ route assistant" in " ".join((used / "first.log").read_text("utf-8").split())


def test_the_first_start_tells_no_key_that_was_given(used: Path) -> None:
    log = (used / "first.log").read_text("utf-8")
    assert "Organization 'Default' is ready." in log
    assert ADMIN_KEY not in log


def test_it_is_ready_ends_by_ctrl_c_and_forgets_old_counts(used: Path, tmp_path: Path) -> None:
    left = used / "data" / "metrics" / "server-63.cells"
    left.write_bytes(b"")
    port = free_port()
    arguments = ("up", "--port", port, "--data-dir", used / "data", *OPTIONS)
    with running(tmp_path / "log", *arguments, env=ENV) as hone:
        hone.await_said("Hone is ready")
        line = next(each for each in hone.said.splitlines() if each.startswith("Hone is ready"))
        assert re.fullmatch(
            rf"Hone is ready at http://127\.0\.0\.1:{port} \(pid {hone.process.pid}, [\d.]+ s\)",
            line,
        )
        assert answers(f"http://127.0.0.1:{port}/readyz")
        assert not left.exists()
        assert hone.interrupt() == 0
        assert not answers(f"http://127.0.0.1:{port}/healthz")


def test_a_server_that_starts_again_says_nothing_twice(hone: Running) -> None:
    first = hone.child("server")
    url = re.search(r"http://[\d.:]+", hone.said)
    assert url is not None
    subprocess.run(["kill", "-9", str(first)], check=True)
    hone.await_said("it starts again")
    wait_for(lambda: answers(f"{url[0]}/readyz"))
    assert hone.child("server") != first
    assert hone.said.count("Hone is ready") == 1
    assert hone.end() == 0


def test_a_second_one_on_the_same_data_is_refused(hone: Running, used: Path) -> None:
    began = time.monotonic()
    done = run_hone("up", "--data-dir", str(used / "data"), "--port", str(free_port()))
    assert done.returncode == 1
    assert time.monotonic() - began < promised(40)
    told = f"hone: Another Hone (pid {hone.process.pid}) uses {used / 'data'}"
    assert done.stderr.splitlines()[-1].startswith(told)
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run_hone("up", "--data-dir", str(tmp_path / "data"), "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"hone: Port {port} on 127.0.0.1 is in use. Stop the program that holds it, or choose"
        " another port with --port.\n"
    )
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "70000"], "hone: port: "),
        (["--host", "203.0.113.1"], "hone: Cannot listen on 203.0.113.1"),
        (["--host", "no such host"], "hone: no such host is not an address"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path: Path, options: list[str], told: str) -> None:
    done = run_hone("up", "--data-dir", str(tmp_path / "data"), *options)
    assert done.returncode == 1
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


def test_a_declared_file_that_is_missing_ends_the_start(used: Path) -> None:
    options = ["--port", "0", "--config", str(used / "nowhere.yaml")]
    done = run_hone("up", "--data-dir", str(used / "data"), *options)
    assert done.returncode == 1
    assert f"hone: {used / 'nowhere.yaml'} cannot be read: No such file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", [None, MasterKey.generate().write()], ids=["lost", "another"])
def test_data_without_their_master_key_are_refused(used: Path, given: str | None) -> None:
    """A new key made in silence would leave everything that is sealed unreadable."""
    path = key_file(used / "data")
    kept = path.read_text("ascii")
    path.unlink()
    if given is not None:
        path.write_text(given, "ascii")
    try:
        done = run_hone("up", "--data-dir", str(used / "data"), "--port", "0")
        assert path.exists() == (given is not None)
    finally:
        path.write_text(kept, "ascii")
    assert done.returncode == 1
    assert f"sealed under the master key {MasterKey.read(kept).id}" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unsafe_role_is_refused(urls: Urls, tmp_path: Path) -> None:
    env = {"HONE_DATABASE__URL": urls.owner, "HONE_DATABASE__OWNER_URL": urls.owner}
    done = run_hone("up", "--data-dir", str(tmp_path / "data"), "--port", "0", env=env)
    assert done.returncode == 1
    assert "hone: HONE_DATABASE__URL names a role that is superuser, owner or BYPASSRLS" in (
        done.stderr
    )
    assert "Traceback" not in done.stderr


def test_sigterm_during_the_start_ends_it(used: Path, tmp_path: Path) -> None:
    arguments = ("up", "--port", "0", "--data-dir", used / "data", *OPTIONS)
    with running(tmp_path / "log", *arguments, env=ENV) as hone:
        hone.await_said("PostgreSQL is ready")
        assert hone.end(signal.SIGTERM) == 0
        assert "Traceback" not in hone.said
