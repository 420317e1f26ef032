"""Runs are told to the real client of Weights & Biases, which writes them for `wandb sync`: `make test-wandb`.

No server of W&B is asked: what the client would send is what it writes, and is read here by its own messages.
"""

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from hone.core.settings import Training
from tests.core.facts import wait_for
from tests.training.conftest import RUNS, Desk

WANDB = os.environ.get("HONE_TEST_WANDB", "")
"""Python with `wandb`; without it this file is no test."""
READER = Path(__file__).with_name("wandb_reader.py")


def _written(folder: Path) -> list[dict[str, Any]]:
    """Read each file that the client wrote, oldest first."""
    files = sorted(folder.glob("wandb/*/run-*.wandb"), key=lambda file: file.stat().st_ctime_ns)
    found = [subprocess.check_output([WANDB, "-I", str(READER), str(file)]) for file in files]
    return [json.loads(each) for each in found]


def _clients(folder: Path) -> list[psutil.Process]:
    """Find the bridges that write here."""
    mine = psutil.Process().children(recursive=True)
    return [
        each
        for each in mine
        if "wandb_bridge.py" in " ".join(each.cmdline()) and each.cwd() == str(folder)
    ]


@pytest.mark.timeout(900)
async def test_a_run_is_told_whole_though_its_client_is_killed(desk: Desk) -> None:
    await desk.dataset()
    training = Training(cpu=2, memory_gb=4, gpus=0, wandb_offline=True, wandb_python=Path(WANDB))
    params = {"optimizer": "adam", "epochs": 800, "batchSize": 8, "regularization": {"l2": 0.001}}
    begun = await desk.begin(params=params | {"earlyStopping": {"patience": 0}})
    folder = desk.place.settings.data_dir / "training" / "wandb"
    async with desk.working(training=training):
        (client,) = await asyncio.to_thread(wait_for, lambda: _clients(folder), 120)
        await desk.until(begun["id"], lambda run: run["progress"] > 0.5, 300)
        client.send_signal(signal.SIGKILL)
        ended = await desk.ended(begun["id"], 400)
        assert ended["state"] == "succeeded", ended["error"]

        async def told() -> bool:
            found = await desk.get(f"{RUNS}/{begun['id']}/trackers")
            return [each["state"] for each in found["items"]] == ["told"]

        async with asyncio.timeout(120):
            while True:
                if await told():
                    break
                await asyncio.sleep(0.2)
    files = await asyncio.to_thread(_written, folder)
    assert len(files) >= 2, "one for each client"
    last = files[-1]
    assert {each["run"]["id"] for each in files} == {begun["id"]}
    assert last["run"]["project"] == "Venue-ticket-classifier"
    assert (last["config"]["engine"], last["config"]["regularization.l2"]) == ("linear", 0.001)
    losses = {
        row["train/step"]: row["train/loss"] for row in last["history"] if "train/loss" in row
    }
    assert losses == await _losses(desk, begun["id"])
    steps = [row["_step"] for row in last["history"]]
    assert steps == sorted(set(steps)), "what comes twice has the same number"
    assert last["summary"]["final/accuracy"] == ended["figures"]["accuracy"]
    assert last["ended"] == 0


async def _losses(desk: Desk, run_id: str) -> dict[int, float]:
    found: dict[int, float] = {}
    after = ""
    while True:
        page = await desk.get(f"{RUNS}/{run_id}/metrics{after}")
        if not page["items"]:
            return found
        found |= {each["step"]: each["value"] for each in page["items"] if each["name"] == "loss"}
        after = f"?after={page['next']}"
