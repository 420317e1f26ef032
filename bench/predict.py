"""Measure the predictor on one core: how long a label takes, alone and among others, and what it holds.

`make bench-predict` trains the engine of ENGINE (linear) on the training file of BANKING77 below DATA
(`../shared/data`), or takes the folder of a run that is done as its argument, and writes
`bench/out/predict.md`. Calls go over HTTP to `python -m hone_trainer.serving`, as a server's do.
"""

import asyncio
import gzip
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

import httpx

from hone.core import badge

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data"))
ENGINE = os.environ.get("ENGINE", "linear")
SECRET = bytes(32)
ORGANIZATION = UUID(int=1)
CALLS = 1000
AMONG = 16


def train(folder: Path) -> Path:
    """Train on the public training file."""
    with gzip.open(DATA / "intent" / "banking77_train.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    random.Random(7).shuffle(rows)
    with (folder / "data.jsonl").open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            split = "test" if number % 10 == 0 else "train"
            text, label = row["text"], row["intent"]
            line = {"id": f"ex_{number}", "input": text, "output": label, "split": split}
            file.write(json.dumps(line) + "\n")
    spec = {"format": 1, "run": "bench", "task": "intent", "engine": ENGINE, "seed": 7}
    (folder / "spec.json").write_text(json.dumps(spec), "utf-8")
    subprocess.run([sys.executable, "-m", "hone_trainer", str(folder / "spec.json")], check=True)
    return folder


def serve(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a predictor of one thread on one core, with one model."""
    opened = socket.socket()
    opened.bind(("127.0.0.1", 0))
    opened.listen(256)
    known = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        ["taskset", "-c", "0", sys.executable, "-m", "hone_trainer.serving", str(opened.fileno())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[opened.fileno()],
        env=known,
    )
    model = folder / "model"
    size = sum(each.stat().st_size for each in model.rglob("*") if each.is_file())
    release = {"organization": ORGANIZATION.hex, "name": "m", "version": "1.0.0", "id": "1"}
    state = {
        "revision": 1,
        "secrets": [SECRET.hex()],
        "memory": 1 << 30,
        "queue": 1024,
        "models": [{**release, "folder": str(model.absolute()), "size": size}],
    }
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(state).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["failed"] == {}
    return process, f"http://127.0.0.1:{opened.getsockname()[1]}"


async def measure(url: str, texts: list[str], among: int, calls: int) -> tuple[list[float], float]:
    """Return the milliseconds of each call, and the seconds of all."""
    headers = {"authorization": f"Bearer {badge.issue(SECRET, ORGANIZATION)}"}
    took: list[float] = []
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:

        async def one(share: list[str]) -> None:
            for text in share:
                began = time.perf_counter()
                answer = await client.post("/v1/classify", json={"model": "m", "input": text})
                took.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.text

        asked = [texts[number % len(texts)] for number in range(calls)]
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for worker in range(among):
                group.create_task(one(asked[worker::among]))
        return took, time.perf_counter() - began


def worked(pid: int) -> float:
    """Return the milliseconds of a processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and write the page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else train(Path(tempfile.mkdtemp()))
    lines = [json.loads(line) for line in (folder / "data.jsonl").open(encoding="utf-8")]
    texts = [line["input"] for line in lines if line["split"] == "test"]
    process, url = serve(folder)
    try:
        asyncio.run(measure(url, texts, 1, 200))
        rows: list[str] = []
        for among in (1, AMONG):
            before = worked(process.pid)
            took, seconds = asyncio.run(measure(url, texts, among, CALLS))
            own = (worked(process.pid) - before) / CALLS
            cuts = statistics.quantiles(took, n=100)
            rows.append(
                f"| {among} | {cuts[49]:.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} | {own:.2f} |"
                f" {CALLS / seconds:,.0f} |"
            )
        status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
        held = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    finally:
        process.terminate()
        process.wait()
    load = os.getloadavg()[0]
    page = [
        "# The predictor, on one core",
        "",
        "| calls at a time | p50 ms | p95 ms | p99 ms | its own CPU ms | calls/s |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"{len(texts):,} questions of the test split; {int(held) / 1024:.0f} MB in memory; load of the"
        f" machine {load:.1f}. The client's own time is in these figures.",
    ]
    out = ROOT / "bench" / "out"
    out.mkdir(exist_ok=True)
    (out / "predict.md").write_text("\n".join(page) + "\n", "utf-8")
    sys.stdout.write("\n".join(page) + "\n")


if __name__ == "__main__":
    main()
