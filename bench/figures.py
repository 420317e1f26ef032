"""Measure what document 3 asks of training that one machine can show, and write bench/results/figures.md.

`make bench-figures` starts a Hone of its own. Runs are of the engine `linear` on sentences that are made up
here; nobody has a hand in them. A figure that is missed is written down as missed, and the script still ends well.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from spine import KEY, house
from training import OVER, PATH, examples
from websockets.sync.client import connect

OUT = Path(__file__).parent / "results" / "figures.md"
CORRECTIONS = 20
STEPWISE = {"optimizer": "adam", "epochs": 400, "earlyStopping": {"patience": 0}}
JOB = {"name": "figures", "engine": "linear", "data": {"dataset": "figures"}}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure beside its bar."""

    name: str
    measured: str
    bar: str
    met: bool


def until(fact: Callable[[], Any], seconds: float = 600) -> Any:
    """Look until something is so, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(0.05)
    raise SystemExit("what was waited for did not come true")


def submitted(client: httpx.Client, seeds: list[int]) -> tuple[list[Json], float, float]:
    """Submit runs at once and wait for the last; return them, the slowest admission and the time of all, in seconds."""
    begun, named, slowest = time.perf_counter(), list[str](), 0.0
    for seed in seeds:
        before = time.perf_counter()
        answer = client.post(PATH, json=JOB | {"seed": seed}).raise_for_status()
        slowest = max(slowest, time.perf_counter() - before)
        named.append(answer.json()["id"])

    def all_over() -> list[Json] | None:
        listed = client.get(PATH, params={"limit": 100}).json()["items"]
        mine = [each for each in listed if each["id"] in named]
        return mine if all(each["state"] in OVER for each in mine) else None

    until(all_over)
    took = time.perf_counter() - begun
    return [client.get(f"{PATH}/{each}").json() for each in named], slowest, took


def at_once(client: httpx.Client) -> list[Figure]:
    """Run 25 and then 50 at once, the 50 with the seeds of the 25, twice each."""
    figures: list[Figure] = []
    by_seed: dict[int, list[str]] = {}
    all_runs: list[Json] = []
    for seeds in (list(range(25)), [*range(25), *range(25)]):
        runs, slowest, took = submitted(client, seeds)
        good = sum(each["state"] == "succeeded" for each in runs)
        figures.append(
            Figure(
                f"{len(seeds)} runs at once",
                f"{good} of {len(runs)} succeeded, each admitted within {slowest:.2f} s, all over after {took:.0f} s",
                "all succeed, admitted within 1 s",
                good == len(runs) and slowest < 1,
            )
        )
        for seed, run in zip(seeds, runs, strict=True):
            told = json.dumps(run["figures"], sort_keys=True)
            by_seed.setdefault(seed, []).append(told)
        all_runs += runs
    good = sum(each["state"] == "succeeded" for each in all_runs)
    figures.append(
        Figure(
            "runs without a hand",
            f"{good / len(all_runs):.1%} of {len(all_runs)} came to their end",
            "98 %",
            good >= 0.98 * len(all_runs),
        )
    )
    same = sum(len(set(each)) == 1 for each in by_seed.values())
    figures.append(
        Figure(
            "the same spec again",
            f"{same} of {len(by_seed)} specs gave the same figures three times",
            "95 %",
            same >= 0.95 * len(by_seed),
        )
    )
    return figures


def feedback_to_data(client: httpx.Client) -> Figure:
    """Correct answers, and wait for each to be an example."""
    took: list[float] = []
    for number in range(CORRECTIONS):
        logged = {
            "modelId": "bench-classifier",
            "operationType": "classification",
            "input": f"My parcel {number} did not come.",
            "output": "billing",
        }
        call = client.post("/api/ai/operations/log", json=logged).raise_for_status().json()["id"]
        before = time.perf_counter()
        said = {
            "operationType": "classification",
            "operationId": call,
            "feedback": "negative",
            "correctedCategory": "delivery",
        }
        client.post("/api/ai/feedback", json=said).raise_for_status()

        def arrived(wanted: int = number + 1) -> bool:
            answer = client.get("/api/datasets/bench-classifier/statistics")
            return answer.status_code == 200 and answer.json()["total"] >= wanted

        until(arrived, 60)
        took.append(time.perf_counter() - before)
    return Figure(
        "feedback to data",
        f"{statistics.median(took):.1f} s in the middle, {max(took):.1f} s at most of {len(took)} corrections",
        "30 s",
        max(took) < 30,
    )


def progress(client: httpx.Client, url: str) -> Figure:
    """Watch a run that goes step by step, and tell how long nothing was heard of it."""
    run = client.post(PATH, json=JOB | {"params": STEPWISE}).raise_for_status().json()["id"]
    until(lambda: client.get(f"{PATH}/{run}").json()["progress"] > 0.1)
    heard: list[float] = []
    headers = {"authorization": f"Bearer {KEY}"}
    with connect(url.replace("http", "ws") + "/ws", additional_headers=headers) as socket:
        socket.send(json.dumps({"type": "subscribe", "channel": f"training:{run}"}))
        for message in socket:
            told = json.loads(message)
            if told["type"] == f"training:{run}":
                heard.append(time.perf_counter())
                if len(heard) > 25 or told["data"].get("state") in OVER:
                    break
    gaps = sorted(after - before for before, after in zip(heard, heard[1:], strict=False))
    at_95 = gaps[int(0.95 * len(gaps))]
    client.post(f"{PATH}/{run}/cancel")
    return Figure(
        "progress of a run",
        f"heard of every {statistics.median(gaps) * 1000:.0f} ms, 95 of 100 times within {at_95 * 1000:.0f} ms",
        "500 ms",
        at_95 <= 0.5,
    )


def shown(client: httpx.Client) -> Figure:
    """Tell how long a call takes to be in the figures of the last hour."""
    took: list[float] = []
    for _ in range(10):
        count = client.get("/api/ai/overview", params={"window": "1h"}).json()["totals"]["requests"]
        logged = {
            "modelId": "bench-classifier",
            "operationType": "classification",
            "input": "Where is it?",
            "output": "delivery",
        }
        before = time.perf_counter()
        client.post("/api/ai/operations/log", json=logged).raise_for_status()

        def counted(known: int = count) -> bool:
            found = client.get("/api/ai/overview", params={"window": "1h"}).json()
            return found["totals"]["requests"] > known

        until(counted, 60)
        took.append(time.perf_counter() - before)
    return Figure("a call among the metrics", f"{max(took):.1f} s at most of 10", "10 s", max(took) < 10)


def main() -> None:
    """Measure, and write what was measured."""
    with house(HONE_TRAINING__CPU="2") as (url, _):
        headers = {"authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            client.post("/api/datasets", json={"name": "figures", "kind": "intent"}).raise_for_status()
            path = "/api/datasets/figures/import?format=jsonl&status=validated"
            client.post(path, content=examples()).raise_for_status()
            figures = [
                feedback_to_data(client),
                shown(client),
                progress(client, url),
                *at_once(client),
            ]
    lines = [
        "# Figures that document 3 asks of training",
        "",
        f"Written by `make bench-figures`: one Hone on {os.cpu_count()} cores, with its database and this script beside it. Runs are of the",
        "engine `linear`, on 1,000 examples. Load of the machine at the end:"
        f" {os.getloadavg()[0]:.1f}.",
        "",
        "| | figure | measured | bar |",
        "| --- | --- | --- | --- |",
        *(
            f"| {'met' if each.met else '**not met**'} | {each.name} | {each.measured} | {each.bar} |"
            for each in figures
        ),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
