"""Entities by cross-validation, with the parameters that a run has by default.

A span counts when its start, its end and its label are right; white space at its ends, which some labels of the files
have, does not count. A row has one value for each fold.
"""

import gzip
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hone_trainer.data import Example
from hone_trainer.engines import settled
from hone_trainer.engines.entity import ENGINE
from hone_trainer.entities.card import found
from hone_trainer.entities.fit import learned, taught
from hone_trainer.entities.labelled import labelled
from hone_trainer.entities.scoring import score
from loop_intent import SEED, Row

FOLDS = 5
FIGURES = ("span F1", "span precision", "span recall", "learning, seconds", "each, ms")


def measure(folder: Path, folds: int, only: str) -> Iterator[Row]:
    """Measure every set of a folder: files `<set>_train.jsonl.gz`."""
    for path in sorted(folder.glob("*_train.jsonl.gz")):
        name = path.name.removesuffix("_train.jsonl.gz")
        if name.startswith(only.split(" ", 1)[0]):
            yield from _measure(name, examples(path), folds)


def examples(path: Path) -> list[Example]:
    """Read a file of texts with entities."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file]
    return [
        Example(
            str(number),
            row["text"],
            [
                {"start": e["start"], "end": e["end"], "label": e["entity"]}
                for e in row["entities"]
            ],
            "train",
        )
        for number, row in enumerate(rows)
    ]


def _measure(name: str, rows: Sequence[Example], folds: int) -> list[Row]:
    """Hold out each fold in turn."""
    fold = np.random.default_rng(SEED).permutation(len(rows)) % FOLDS
    measured = [Row(name, ENGINE.name, figure) for figure in FIGURES]
    for number in range(folds):
        inside = [rows[row] for row in np.flatnonzero(fold != number)]
        outside = [rows[row] for row in np.flatnonzero(fold == number)]
        for row, value in zip(measured, _figures(inside, outside), strict=True):
            row.values.append(value)
    return measured


def _figures(
    inside: Sequence[Example], outside: Sequence[Example]
) -> tuple[float, ...]:
    params = settled(ENGINE, {})
    began = time.monotonic()
    tagger, learner = taught(labelled(inside), params, SEED)
    while learner.epoch < params["epochs"]:
        learner.step()
    took = time.monotonic() - began
    model = learned(tagger, learner)
    began = time.process_time()
    said = model.predict([example.text for example in outside])
    each = 1000 * (time.process_time() - began) / len(outside)
    total = score(labelled(outside).spans, [found(one) for one in said])[""]
    return total.f1, total.precision, total.recall, took, each
