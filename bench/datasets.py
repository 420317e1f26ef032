"""Measure how fast examples come and go: rows a minute of each format, through HTTP, in and out.

Starts a Hone of its own and imports `BENCH_EXAMPLES` rows (50,000) as JSON lines, CSV and Parquet, exports
them, freezes a version and pours it out. Run it with `make bench-datasets`; it writes
`bench/out/datasets.md` and never fails because a figure is low.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from spine import KEY, house

OUT = Path(__file__).parent / "out" / "datasets.md"
ROWS = int(os.environ.get("BENCH_EXAMPLES", "50_000"))
BAR = 50_000
"""Rows a minute."""
WORDS = (
    "card order refund parcel invoice voucher plan seat ticket menu room guest date time".split()
)
ASK = "where is my|please cancel the|I never got a|how do I change this|can you explain a".split(
    "|"
)


def rows() -> list[dict[str, str]]:
    """Make different questions with 50 labels."""
    dice = random.Random(7)
    return [
        {
            "input": f"{dice.choice(ASK)} {dice.choice(WORDS)} and {dice.choice(WORDS)} no {number}",
            "output": f"intent-{number % 50}",
        }
        for number in range(ROWS)
    ]


def timed(work: Callable[[], httpx.Response]) -> tuple[float, httpx.Response]:
    """Do something and tell how long it took."""
    begun = time.perf_counter()
    answer = work()
    answer.raise_for_status()
    return time.perf_counter() - begun, answer


def measure(client: httpx.Client) -> list[tuple[str, float]]:
    """Send and fetch every format."""
    said = rows()
    content = "".join(json.dumps(row) + "\n" for row in said).encode()
    figures: list[tuple[str, float]] = []
    for shape in ("jsonl", "csv", "parquet"):
        name = f"bench-{shape}"
        client.post("/api/datasets", json={"name": name, "kind": "intent"}).raise_for_status()
        where = f"/api/datasets/{name}"
        took, answer = timed(
            lambda where=where, shape=shape, content=content: client.post(
                f"{where}/import?format={shape}", content=content
            )
        )
        told = answer.json()
        assert told["added"] == ROWS, {**told, "problems": told["problems"][:3]}
        figures.append((f"import {shape}", took))
        following = {"jsonl": "csv", "csv": "parquet", "parquet": "openai"}[shape]
        took, answer = timed(
            lambda where=where, following=following: client.get(
                f"{where}/export?format={following}"
            )
        )
        figures.append((f"export {following}", took))
        content = answer.content
    took, _ = timed(lambda: client.post("/api/datasets/bench-jsonl/versions", json={}))
    figures.append(("freeze", took))
    took, _ = timed(lambda: client.get("/api/datasets/bench-jsonl/export?version=1"))
    figures.append(("export a version", took))
    took, _ = timed(lambda: client.get("/api/datasets/bench-jsonl/statistics"))
    figures.append(("statistics", took))
    took, _ = timed(lambda: client.get("/api/datasets/bench-jsonl/examples?label=intent-7"))
    figures.append(("a page of one label", took))
    return figures


def report(figures: list[tuple[str, float]]) -> str:
    """Write what was measured."""
    load = os.getloadavg()[0]
    lines = [
        f"# Datasets: {ROWS:,} examples",
        "",
        f"{os.cpu_count()} cores, load {load:.1f} at the end; bar: {BAR:,} rows a minute in and out.",
        "",
        "| what | seconds | rows a minute |",
        "|---|---|---|",
    ]
    for name, seconds in figures:
        many = name in {"statistics", "a page of one label"}
        rate = "" if many else f"{ROWS / seconds * 60:,.0f}"
        lines.append(f"| {name} | {seconds:.2f} | {rate} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Start a Hone, measure, and write the report."""
    with house("--workers", "1") as (url, _):
        headers = {"authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=url, headers=headers, timeout=600) as client:
            written = report(measure(client))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(written, "utf-8")
    sys.stdout.write(written)


if __name__ == "__main__":
    main()
