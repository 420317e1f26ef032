"""Measure many training runs at once: how soon each is admitted, whether all end, what the control plane holds.

Starts a Hone of its own and submits `BENCH_RUNS` runs (25) of the engine `linear`, each with a seed of its own. Run it
with `make bench-training`; it writes `bench/out/training.md` and never fails because a figure is low.
"""

import json
import os
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
from spine import KEY, house

OUT = Path(__file__).parent / "out" / "training.md"
RUNS = int(os.environ.get("BENCH_RUNS", "25"))
EXAMPLES = 1000
LABELS = 20
OVER = {"succeeded", "failed", "cancelled"}
PATH = "/api/training/runs"
WORDS = (
    "card order refund parcel invoice voucher plan seat ticket menu room guest date time".split()
)


def examples() -> bytes:
    """Make sentences whose label is in two of their words."""
    dice = random.Random(7)
    lines: list[str] = []
    for number in range(EXAMPLES):
        label = number % LABELS
        told = f"{dice.choice(WORDS)} topic{label} {dice.choice(WORDS)} about{label} {dice.random():.5f}"
        lines.append(json.dumps({"input": told, "output": f"intent-{label}"}))
    return "\n".join(lines).encode()


def control_plane(root: psutil.Process) -> Counter[str]:
    """Tell what each of Hone's own processes holds; neither PostgreSQL nor trainers."""
    found: Counter[str] = Counter()
    for each in [root, *root.children(recursive=True)]:
        try:
            command = " ".join(each.cmdline())
            if "postgres" not in command and "spec.json" not in command:
                found[each.name()] += each.memory_full_info().pss
        except psutil.Error:
            continue
    return found


def measure(client: httpx.Client, root: psutil.Process) -> dict[str, Any]:
    """Submit all, and watch until the last one is over."""
    client.post("/api/datasets", json={"name": "bench", "kind": "intent"}).raise_for_status()
    path = "/api/datasets/bench/import?format=jsonl&status=validated"
    client.post(path, content=examples()).raise_for_status()
    job = {"name": "bench", "engine": "linear", "data": {"dataset": "bench"}}
    # The first one asks the trainer what it can do.
    client.post("/api/training/estimate", json=job).raise_for_status()
    rest = control_plane(root)
    admitted: list[float] = []
    begun = time.perf_counter()
    for seed in range(RUNS):
        before = time.perf_counter()
        client.post(PATH, json=job | {"seed": seed}).raise_for_status()
        admitted.append(time.perf_counter() - before)
    peak: Counter[str] = Counter()
    while True:
        peak = max(peak, control_plane(root), key=Counter.total)
        runs = client.get(PATH, params={"limit": RUNS}).json()["items"]
        if all(each["state"] in OVER for each in runs):
            break
        time.sleep(0.5)
    states = [each["state"] for each in runs]
    return {
        "runs that succeeded": f"{states.count('succeeded')} of {RUNS}",
        "admission, slowest": f"{max(admitted):.3f} s",
        "admission, median": f"{statistics.median(admitted):.3f} s",
        "all over after": f"{time.perf_counter() - begun:.1f} s",
        "control plane, at rest": _told(rest),
        "control plane, most memory": _told(peak),
    }


def _told(held: Counter[str]) -> str:
    parts = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in held.most_common())
    return f"{held.total() / 2**20:.0f} MB ({parts})"


def main() -> None:
    """Measure, and write what was measured."""
    with house("--workers", "1", HONE_TRAINING__CPU="2") as (url, process):
        headers = {"authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            figures = measure(client, psutil.Process(process))
    load = os.getloadavg()[0]
    lines = [
        f"# {RUNS} training runs at once, on {os.cpu_count()} cores",
        "",
        f"Load of the machine meanwhile: {load:.1f}.",
        "",
        "| what | figure |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in figures.items()),
    ]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(OUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
