"""Runs as jobs of a real Ray head: `make test-ray`; the head's own environment is `scripts/setup ray`."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from hone.core.settings import Settings, Training
from tests.core.facts import wait_for
from tests.training.conftest import RUNS, Desk
from tests.training.test_runs import LONG

RAY = os.environ.get("HONE_TEST_RAY", "")
"""The program `ray`; without it this file is no test."""

PORT, PANEL = 26379, 28265
EPOCHS = 6000
"""More than are done in the seconds until a dead head is noticed."""
ADDRESS = f"http://127.0.0.1:{PANEL}"


class Head:
    """A Ray head that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(RAY, "start", "--head", "--block", f"--port={PORT}", f"--dashboard-port={PANEL}"),
                *("--num-cpus=2", "--object-store-memory=100000000", "--disable-usage-stats"),
                *("--include-dashboard=true", f"--temp-dir={self.folder}"),
            ],
            env=os.environ | {"RAY_raylet_start_wait_time_s": "180"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.answers, 240)

    def answers(self) -> bool:
        with contextlib.suppress(OSError), urlopen(f"{ADDRESS}/api/jobs/", timeout=5) as answer:
            return answer.status == 200
        return False

    def idle(self) -> bool:
        """Tell whether no job is at work."""
        with urlopen(f"{ADDRESS}/api/jobs/", timeout=10) as answer:
            return b"RUNNING" not in answer.read()

    def kill(self) -> None:
        """End it and all it started, jobs too, as when a machine is gone."""
        if self.process is None:
            return
        every = psutil.Process(self.process.pid).children(recursive=True)
        for each in [psutil.Process(self.process.pid), *every]:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        self.process.wait()
        self.process = None


@pytest.fixture(scope="module")
def head() -> Iterator[Head]:
    folder = Path("/tmp/hone-ray")
    made = Head(folder)
    made.start()
    yield made
    made.kill()


def settings(desk: Desk) -> Settings:
    training = Training(cpu=2, memory_gb=4, gpus=0, executor="ray", ray_address=ADDRESS)
    return desk.place.settings.model_copy(update={"training": training})


@pytest.mark.timeout(600)
async def test_a_run_is_a_job_of_the_cluster(desk: Desk, head: Head) -> None:
    await desk.dataset()
    begun = await desk.begin()
    async with desk.working(training=settings(desk).training):
        ended = await desk.ended(begun["id"], 240)
    assert ended["state"] == "succeeded", ended["error"]
    assert ended["figures"]["accuracy"] > 0.5
    assert ended["resources"]["peakMemoryBytes"] > 10 << 20
    here = await desk.begin()
    async with desk.working():
        again = await desk.ended(here["id"], 240)
    assert again["figures"] == ended["figures"], "the same specification gives the same result"


@pytest.mark.timeout(600)
async def test_a_job_is_paused_resumed_and_cancelled(desk: Desk, head: Head) -> None:
    await desk.dataset()
    begun = await desk.begin(params=LONG)
    async with desk.working(training=settings(desk).training):
        await desk.until(begun["id"], lambda run: run["progress"] > 0.4, 240)
        await desk.post(f"{RUNS}/{begun['id']}/pause")
        await desk.until(begun["id"], lambda run: run["state"] == "paused", 120)
        await desk.post(f"{RUNS}/{begun['id']}/resume")
        await desk.until(begun["id"], lambda run: run["state"] == "running", 120)
        await desk.post(f"{RUNS}/{begun['id']}/cancel")
        ended = await desk.ended(begun["id"], 120)
    assert ended["state"] == "cancelled"
    assert await asyncio.to_thread(head.idle)


@pytest.mark.timeout(900)
async def test_a_run_goes_on_when_its_head_was_lost(desk: Desk, head: Head) -> None:
    await desk.dataset()
    begun = await desk.begin(params=LONG | {"epochs": EPOCHS})
    async with desk.working(training=settings(desk).training):
        await desk.until(begun["id"], lambda run: run["progress"] > 0.4, 240)
        head.kill()
        await desk.until(begun["id"], lambda run: run["state"] == "queued", 120)
        await asyncio.to_thread(head.start)
        ended = await desk.ended(begun["id"], 400)
    assert ended["state"] == "succeeded", ended["error"]
    epochs = [each async for each in _epochs(desk, begun["id"])]
    assert sorted(epochs) == list(range(1, EPOCHS + 1)), "no epoch is lost, and none counts twice"


async def _epochs(desk: Desk, run_id: str) -> AsyncIterator[int]:
    """Read the epochs of which a loss was measured, page by page."""
    path = after = f"{RUNS}/{run_id}/metrics"
    while True:
        page = await desk.get(after)
        if not page["items"]:
            return
        for each in page["items"]:
            if each["name"] == "loss":
                yield each["step"]
        after = f"{path}?after={page['next']}"
