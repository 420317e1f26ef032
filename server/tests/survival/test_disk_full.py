"""A disk without room: calls are refused before they cost anything, and taken again by themselves."""

import os
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hone.serving import hold_spool
from tests.core.facts import promised, wait_for
from tests.fixtures.control import chat, metrics
from tests.fixtures.house import House, answers, open_house
from tests.fixtures.postgres import open_folder
from tests.survival.accounts import settle

SEGMENT = 1 << 20
DISK = 16 << 20
SMALL = {"HONE_SPOOL__SEGMENT_BYTES": str(SEGMENT)}
LONG = [{"role": "user", "content": os.urandom(60_000).hex()}]
"""What cannot be packed small."""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Give a data directory whose spool lies on a small disk of its own."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    with open_folder() as folder:
        spool = folder / "data" / "spool"
        spool.mkdir(parents=True)
        options = ["-t", "tmpfs", "-o", f"size={DISK}", "hone-test", str(spool)]
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            pytest.skip("this system does not let us mount a small disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", spool], check=True)


@contextmanager
def filled(house: House) -> Generator[None]:
    """Leave no room on the disk of the spool."""
    filler = house.data_dir / "spool" / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 64 << 10
        while size:
            try:
                file.write(b"\1" * size)
            except OSError:
                size //= 2
    try:
        yield
    finally:
        filler.unlink()


def ask(house: House) -> httpx.Response:
    """Make a call that takes much room in the log."""
    return chat(house, messages=LONG, max_tokens=4)


def use_up(house: House, received: list[str]) -> httpx.Response:
    """Call until what was made ahead is used up; return the refusal."""
    for _ in range(200):
        answer = ask(house)
        if answer.status_code != 200:
            return answer
        received.append(answer.headers["x-request-id"])
    raise AssertionError("the disk never was full")


def refused(house: House) -> float:
    return sum(value for name, value in metrics(house).items() if _tells_of_the_spool(name))


def _tells_of_the_spool(name: str) -> bool:
    return name.startswith("hone_gateway_rejected_total") and 'code="spool_' in name


def readiness(house: House) -> tuple[int, str, str]:
    """Return what the probe says of the spool."""
    answer = httpx.get(f"{house.url}/readyz")
    check = answer.json()["checks"]["spool"]
    return answer.status_code, check["status"], check["detail"]


def test_a_full_disk_refuses_calls_before_they_cost_anything(small_disk: Path) -> None:
    received: list[str] = []
    with open_house(folder=small_disk, workers=1, env=SMALL) as house:
        # As a backup does: what was drained stays, so the disk really fills.
        with hold_spool(house.data_dir / "spool"), filled(house):
            refusal = use_up(house, received)
            assert refusal.status_code == 503
            assert refusal.json()["error"]["code"] == "spool_full"
            assert refusal.headers["retry-after"]
            assert str(house.folder) not in refusal.text
            billed = len(house.simulator.ledger())
            assert billed == len(received)
            for _ in range(5):
                assert ask(house).json()["error"]["code"] == "spool_full"
            assert len(house.simulator.ledger()) == billed
            assert refused(house) >= 6
            wait_for(lambda: readiness(house)[0] == 503)
            _, state, detail = readiness(house)
            assert state == "unavailable"
            assert "spool_full" in detail
            assert "disk" in detail
        wait_for(lambda: readiness(house)[0] == 200)
        answer = ask(house)
        assert answer.status_code == 200, "it recovers by itself"
        received.append(answer.headers["x-request-id"])
        settle(house, received)


@pytest.mark.promise
def test_a_spool_that_cannot_be_made_is_told_apart_and_made_as_soon_as_it_can() -> None:
    with open_folder() as folder:
        (folder / "data").mkdir()
        obstacle = folder / "data" / "spool"
        obstacle.write_text("in the way")
        with open_house(folder=folder, workers=1, wait=False) as house:
            wait_for(lambda: answers(f"{house.url}/healthz"), 60)
            wait_for(lambda: "spool_" in chat(house).text)
            refusal = chat(house)
            assert refusal.json()["error"]["code"] == "spool_unwritable"
            assert str(folder) not in refusal.text
            assert house.simulator.ledger() == []
            assert refused(house) >= 1
            assert "spool_unwritable" in readiness(house)[2]
            obstacle.unlink()
            began = time.monotonic()
            house.await_ready()
            assert time.monotonic() - began < promised(5)
            answer = chat(house)
            assert answer.status_code == 200
            settle(house, [answer.headers["x-request-id"]])
