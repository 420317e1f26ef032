"""Measure what the loop makes of labelled data: `make bench-loop` writes bench/results/loop.md and loop.json.

DATA (`../shared/data`) is read and never copied. Every figure comes from `python -m hone_trainer`, run as a user's
run is, with the parameters that a run has by default; what it is asked, it has not learned from.
With --only the rows of all else stay as they were measured before; each row says its day. Runs lie below bench/out/loop
and are not made twice while neither the trainer nor the data change.
"""

import argparse
from itertools import chain
from pathlib import Path

import loop_entities
from loop_intent import Row, measure
from loop_report import read, write

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure every set of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--folds", type=int, default=5, help="fewer are a smoke test")
    parser.add_argument("--only", default="", help="a set, or SET:FIGURE; other rows stay")
    parser.add_argument("--results", type=Path, default=ROOT / "bench" / "results" / "loop")
    given = parser.parse_args()
    intent = given.data / "intent"
    if not intent.is_dir():
        raise SystemExit(
            f"{intent} is not there: DATA names a folder with intent/*_train*.jsonl.gz"
        )
    rows: list[Row] = []
    kept = list(read(given.results)) if given.only else []
    for row in chain(
        measure(intent, ROOT / "bench" / "out" / "loop", given.folds, given.only),
        loop_entities.measure(given.data / "entities", given.folds, given.only),
    ):
        print(row.told(), flush=True)
        rows.append(row)
        write(given.results, rows, given.folds, kept)


if __name__ == "__main__":
    main()
