"""The evidence of what answers: how it does on questions that it did not learn from, as it is served."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from hone_trainer import artifact, disk, figures
from hone_trainer.data import Example
from hone_trainer.figures import rounded
from hone_trainer.response.library import KNOWLEDGE, says
from hone_trainer.response.responder import Ranked, Responder
from hone_trainer.run import Run

TIMED: Final = 200
"""Questions that latency is measured with."""
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    place: int
    """That of the first right entry, from 1; 0 where none was found."""
    answered: bool
    chance: float

    @property
    def right(self) -> bool:
        """Whether the first entry is right."""
        return self.place == 1


def evidence(run: Run) -> dict[str, Any]:
    """Ask the model that lies on the disk, write `predictions.jsonl`, and return its card."""
    model = cast("Responder", artifact.load(run.folder / "model"))
    measured: dict[str, Any] = {}
    closely: dict[str, Any] = {}
    for split in ("validation", "test"):
        examples = [each for each in run.examples.split(split) if each.source != KNOWLEDGE]
        if not examples:
            continue
        ranked = [model.rank(example.text) for example in examples]
        outcomes = [_outcome(model, *each) for each in zip(examples, ranked, strict=True)]
        measured[split] = _figures(outcomes)
        for name in ("recallAt1", "answered", "wrong"):
            run.metric(name, measured[split][name], split=split)
        if split == "test":
            _write(run, examples, ranked, outcomes)
            closely = _closely(examples, outcomes)
    texts = [example.text for example in run.examples.split("test")[:TIMED]]
    kinds = Counter(entry.kind for entry in model.signs.library.entries)
    return {
        "task": model.task,
        "engine": model.manifest.engine,
        "library": {"answers": kinds["answer"], "passages": kinds["passage"]},
        "encoder": model.encoder is not None,
        "figures": measured,
        **closely,
        "limit": rounded(model.learned.limit),
        "alpha": run.params["alpha"],
        "latency": figures.latency(lambda text: model.predict([text]), texts, time.perf_counter),
        "size": sum(int(entry["size"]) for entry in model.manifest.files.values()),
    }


def _outcome(model: Responder, example: Example, ranked: Ranked) -> Outcome:
    answer = str(example.output)
    right = (place for place, e in enumerate(ranked.entries, 1) if says(e, answer))
    answered = bool(ranked.entries) and ranked.chance >= model.learned.limit
    return Outcome(next(right, 0), answered, ranked.chance)


def _figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    count = len(outcomes)
    answered = [each for each in outcomes if each.answered]
    wrong = sum(not each.right for each in answered)
    return {
        "accuracy": rounded((len(answered) - wrong) / count),
        "recallAt1": rounded(sum(each.right for each in outcomes) / count),
        "recallAt5": rounded(sum(0 < each.place <= 5 for each in outcomes) / count),
        "meanReciprocalRank": rounded(sum(1 / e.place for e in outcomes if e.place) / count),
        "answered": rounded(len(answered) / count),
        "wrong": rounded(wrong / count),
        "wrongOfAnswered": rounded(wrong / len(answered)) if answered else 0.0,
        "calibrationError": figures.calibration(_judged(outcomes))["error"],
        "examples": float(count),
    }


def _closely(examples: Sequence[Example], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    names: Mapping[str, Sequence[str | None]] = {
        "length": [figures.length(example.text) for example in examples],
        "source": [example.source for example in examples],
        "group": [example.group for example in examples],
    }
    slices: list[dict[str, Any]] = []
    for name, values in names.items():
        kinds = Counter(value for value in values if value is not None)
        for value, count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:SHOWN]:
            part = [each for each, own in zip(outcomes, values, strict=True) if own == value]
            slices.append({"slice": name, "value": value, **_figures(part), "examples": count})
    return {"slices": slices, "calibration": figures.calibration(_judged(outcomes))}


def _judged(outcomes: Sequence[Outcome]) -> list[tuple[str, str, float]]:
    return [("right" if each.right else "wrong", "right", each.chance) for each in outcomes]


def _write(
    run: Run, examples: Sequence[Example], ranked: Sequence[Ranked], outcomes: Sequence[Outcome]
) -> None:
    lines = [
        json.dumps(
            {
                "id": example.id,
                "expected": example.output,
                "label": found.entries[0].text if outcome.answered else None,
                "confidence": rounded(outcome.chance),
                "right": outcome.answered and outcome.right,
                "source": found.entries[0].id if found.entries else None,
            },
            ensure_ascii=False,
        )
        for example, found, outcome in zip(examples, ranked, outcomes, strict=True)
    ]
    disk.write(run.folder / "predictions.jsonl", ("\n".join(lines) + "\n").encode())
