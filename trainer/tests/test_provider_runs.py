"""Fine-tuning at a provider, which is simulated: begun once, followed, cancelled, and never served from here."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hone_trainer import artifact
from hone_trainer.errors import Refused
from tests.test_run import lines, prepare, told

FEW = {"pollSeconds": 0, "evaluate": 2, "model": "small", "suffix": "mine"}
SIMULATOR = """
from hone.simulator import SimulatorConfig, run
run(SimulatorConfig(api_keys=("secret",)), port=0, ready=lambda port: print(port, flush=True))
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-c", SIMULATOR], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.terminate()


def rows(count: int = 14, output: Any = "Good.") -> list[dict[str, Any]]:
    return [
        {
            "id": f"ex_{number}",
            "input": f"Question {number}",
            "output": output,
            "split": {0: "test", 1: "validation"}.get(number, "train"),
        }
        for number in range(count)
    ]


def spec(folder: Path, examples: list[dict[str, Any]], task: str = "sft", **params: Any) -> Path:
    settings = {"run": folder.name, "task": task, "engine": "provider"}
    return prepare(folder, examples, params=FEW | params, **settings)


def command(path: Path, provider: str, token: str = "secret") -> "subprocess.Popen[bytes]":
    told_by = {"HONE_TUNING_BASE_URL": provider, "HONE_TUNING_TOKEN": token}
    return subprocess.Popen(
        [sys.executable, "-m", "hone_trainer", str(path)],
        env=dict(os.environ) | told_by,
        stderr=subprocess.DEVNULL,
    )


def run(path: Path, provider: str, token: str = "secret") -> int:
    return command(path, provider, token).wait(60)


def jobs(provider: str, name: str) -> list[dict[str, Any]]:
    headers = {"authorization": "Bearer secret"}
    listed = httpx.get(f"{provider}/fine_tuning/jobs", headers=headers).json()["data"]
    return [job for job in listed if job["metadata"] == {"hone_run": name}]


def test_a_run_ends_with_the_name_of_a_model(provider: str, tmp_path: Path) -> None:
    path = spec(tmp_path, rows())
    before = artifact.Manifest("sft", "provider", (), {"model": "small", "served": "provider"})
    artifact.write(tmp_path / "champion", before, {})
    assert run(path, provider) == 0
    assert "not compared here" in (tmp_path / "events.jsonl").read_text()
    manifest = artifact.read(tmp_path / "model")
    name = manifest.settings["model"]
    assert name.startswith("ft:small:hone:mine:")
    assert (dict(manifest.files), manifest.settings["served"]) == ({}, "provider")
    with pytest.raises(Refused, match=re.escape(f"by its provider, as {name}")):
        artifact.load(tmp_path / "model").predict(["hello"])
    assert [each["value"] for each in lines(tmp_path / "metrics.jsonl") if each["name"] == "loss"]
    assert len(lines(tmp_path / "predictions.jsonl")) == 1
    assert not any("secret" in each.read_text() for each in tmp_path.rglob("*.json*"))


def test_preferences_are_sent_as_pairs(provider: str, tmp_path: Path) -> None:
    pairs = rows(output={"chosen": "Good.", "rejected": "Bad."})
    assert run(spec(tmp_path, pairs, task="dpo"), provider) == 0
    (job,) = jobs(provider, tmp_path.name)
    assert job["method"]["type"] == "dpo"


def test_a_run_that_is_killed_begins_no_second_job(provider: str, tmp_path: Path) -> None:
    path = spec(tmp_path, rows(), pollSeconds=60)
    for ending in (signal.SIGKILL, signal.SIGTERM):
        process = command(path, provider)
        while not jobs(provider, tmp_path.name) and process.poll() is None:
            pass
        process.send_signal(ending)
        assert process.wait(60) in (75, -ending)
    path = spec(tmp_path, rows())
    assert run(path, provider) == 0
    assert [job["status"] for job in jobs(provider, tmp_path.name)] == ["succeeded"]


def test_a_run_that_is_cancelled_cancels_the_job(provider: str, tmp_path: Path) -> None:
    process = command(spec(tmp_path, rows(), pollSeconds=60), provider)
    while not jobs(provider, tmp_path.name) or not _noted(tmp_path):
        assert process.poll() is None
    (tmp_path / "cancel").touch()
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 75
    assert [job["status"] for job in jobs(provider, tmp_path.name)] == ["cancelled"]


def _noted(folder: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return any("The job is" in each["message"] for each in lines(folder / "events.jsonl"))
    return False


@pytest.mark.parametrize(
    ("examples", "token", "code", "words"),
    [
        (rows(), "wrong", "PROVIDER_REFUSED", "API key"),
        (rows(5), "secret", "INSUFFICIENT_DATA", "10 are needed"),
        (rows(output=7), "secret", "DATA_INVALID", "no text"),
    ],
)
def test_what_fails_is_told_in_words(
    provider: str, tmp_path: Path, examples: list[Any], token: str, code: str, words: str
) -> None:
    assert run(spec(tmp_path, examples), provider, token) == 2
    assert told(tmp_path)["code"] == code
    assert words in told(tmp_path)["message"]


def test_what_the_provider_refuses_to_learn_is_told(provider: str, tmp_path: Path) -> None:
    assert run(spec(tmp_path, rows(6), minExamples=1), provider) == 2
    assert told(tmp_path)["code"] == "PROVIDER_FAILED"
    assert "at least 10" in told(tmp_path)["message"]


def test_without_an_address_it_says_what_is_lacking(tmp_path: Path) -> None:
    path = spec(tmp_path, rows())
    assert (
        subprocess.run([sys.executable, "-m", "hone_trainer", str(path)], check=False).returncode
        == 2
    )
    assert json.loads((tmp_path / "error.json").read_text())["details"]["needs"] == [
        "HONE_TUNING_BASE_URL",
        "HONE_TUNING_TOKEN",
    ]
