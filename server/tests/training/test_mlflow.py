"""Runs are told to a real MLflow server: `make test-mlflow`; its environment is `scripts/setup mlflow`."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hone.core.settings import Training
from tests.core.facts import wait_for
from tests.training.conftest import Desk

MLFLOW = os.environ.get("HONE_TEST_MLFLOW", "")
"""The program `mlflow`; without it this file is no test."""

URL = "http://127.0.0.1:25001"
API = f"{URL}/api/2.0/mlflow"


def _answers() -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{URL}/health", timeout=5).status_code == 200
    return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [MLFLOW, "server", "--host", "127.0.0.1", "--port", "25001", "--workers", "1"]
    store = ["--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.db"]
    process = subprocess.Popen(
        [*command, *store, "--default-artifact-root", str(tmp_path / "artifacts")],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"PATH": f"{Path(MLFLOW).parent}:{os.environ['PATH']}"},
    )
    yield process
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _told(model: str) -> dict[str, Any]:
    """Read the one run that the server knows of a model."""
    by_name = {"experiment_name": f"Venue/{model}"}
    found = httpx.get(f"{API}/experiments/get-by-name", params=by_name, timeout=20)
    if found.status_code != 200:
        return {}
    ids = [found.json()["experiment"]["experiment_id"]]
    listed = httpx.post(f"{API}/runs/search", json={"experiment_ids": ids}, timeout=20).json()
    (run,) = listed.get("runs", [{}])
    return run


def _finished() -> dict[str, Any]:
    run = _told("ticket-classifier")
    return run if run.get("info", {}).get("status") == "FINISHED" else {}


@pytest.mark.timeout(900)
async def test_a_run_is_told_though_the_server_comes_late(
    desk: Desk, server: subprocess.Popen[bytes]
) -> None:
    await desk.dataset()
    training = Training(cpu=2, memory_gb=4, gpus=0, mlflow_url=URL)
    params = {"optimizer": "adam", "epochs": 3, "regularization": {"l2": 0.001}}
    begun = await desk.begin(params=params)
    async with desk.working(training=training):
        # It begins before anybody listens, and does not mind.
        ended = await desk.ended(begun["id"], 300)
        assert ended["state"] == "succeeded", ended["error"]
        assert await asyncio.to_thread(wait_for, _answers, 200)
        run = await asyncio.to_thread(wait_for, _finished, 120) or {}
    tags = {each["key"]: each["value"] for each in run["data"]["tags"]}
    assert tags["hone.run"] == begun["id"]
    params_told = {each["key"]: each["value"] for each in run["data"]["params"]}
    assert (params_told["engine"], params_told["regularization.l2"]) == ("linear", "0.001")
    metrics = {each["key"]: each for each in run["data"]["metrics"]}
    assert metrics["train/loss"]["step"] >= 1
    assert metrics["final/accuracy"]["value"] == ended["figures"]["accuracy"]
