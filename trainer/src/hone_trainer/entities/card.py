"""The evidence of a tagger: what it finds in texts that it did not learn from, as it is served."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hone_trainer import artifact, disk, figures
from hone_trainer.artifact import Prediction
from hone_trainer.entities.labelled import Labelled, labelled
from hone_trainer.entities.scoring import Score, score
from hone_trainer.entities.tokens import Span
from hone_trainer.figures import rounded
from hone_trainer.run import Run

TIMED: Final = 200
"""Texts that latency is measured with."""
SHOWN: Final = 20


def evidence(run: Run) -> dict[str, Any]:
    """Ask the model that lies on the disk, write `predictions.jsonl`, and return its card."""
    model = artifact.load(run.folder / "model")
    measured: dict[str, Any] = {}
    closely: dict[str, Any] = {}
    for split in ("validation", "test"):
        known = labelled(run.examples.split(split))
        if not known.examples:
            continue
        said = model.predict([example.text for example in known.examples])
        measured[split] = figures_of(known.spans, said)
        for name in ("f1", "accuracy"):
            run.metric(name, measured[split][name], split=f"{split}End")
        if split == "test":
            _write(run, known, said)
            closely = _closely(known, said)
    texts = [example.text for example in run.examples.split("test")[:TIMED]]
    return {
        "task": model.task,
        "engine": model.manifest.engine,
        "labels": len(model.manifest.labels),
        "figures": measured,
        **closely,
        "latency": figures.latency(lambda text: model.predict([text]), texts, time.perf_counter),
        "size": sum(int(entry["size"]) for entry in model.manifest.files.values()),
    }


def found(said: Prediction) -> list[Span]:
    """Return the entities of a prediction as bare spans."""
    return [Span(each.start, each.end, each.label) for each in said.entities]


def figures_of(spans: Sequence[Sequence[Span]], said: Sequence[Prediction]) -> dict[str, float]:
    """Return F1 of spans, by strict offsets; accuracy is the share of texts in which all is right."""
    scores = score(spans, [found(each) for each in said])
    by_label = [each.f1 for label, each in scores.items() if label]
    whole = [set(own) == set(found(each)) for own, each in zip(spans, said, strict=True)]
    return {
        "f1": rounded(scores[""].f1),
        "precision": rounded(scores[""].precision),
        "recall": rounded(scores[""].recall),
        "macroF1": rounded(sum(by_label) / len(by_label)) if by_label else 1.0,
        "accuracy": rounded(sum(whole) / len(whole)) if whole else 0.0,
        "calibrationError": figures.calibration(_judged(spans, said))["error"],
        "examples": float(len(whole)),
    }


def _closely(known: Labelled, said: Sequence[Prediction]) -> dict[str, Any]:
    spans = known.spans
    scores = score(spans, [found(each) for each in said])
    names = {
        "length": [figures.length(example.text) for example in known.examples],
        "source": [example.source for example in known.examples],
        "group": [example.group for example in known.examples],
    }
    return {
        "perClass": [_class(label, each) for label, each in scores.items() if label],
        "confused": _confused(spans, said),
        "slices": _slices(spans, said, names),
        "calibration": figures.calibration(_judged(spans, said)),
    }


def _class(label: str, counted: Score) -> dict[str, Any]:
    return {
        "label": label,
        "precision": rounded(counted.precision),
        "recall": rounded(counted.recall),
        "f1": rounded(counted.f1),
        "support": counted.there,
    }


def _confused(spans: Sequence[Sequence[Span]], said: Sequence[Prediction]) -> list[dict[str, Any]]:
    """Return the labels that the same stretch of text was given instead, most frequent first."""
    pairs = Counter[tuple[str, str]]()
    for own, each in zip(spans, said, strict=True):
        labels = {(span.start, span.end): span.label for span in found(each)}
        for span in own:
            other = labels.get((span.start, span.end))
            if other is not None and other != span.label:
                pairs[span.label, other] += 1
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    return [{"expected": one, "said": other, "count": count} for (one, other), count in ordered]


def _slices(
    spans: Sequence[Sequence[Span]],
    said: Sequence[Prediction],
    names: Mapping[str, Sequence[str | None]],
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for name, values in names.items():
        kinds = Counter(value for value in values if value is not None)
        for value, count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:SHOWN]:
            rows = [row for row, own in enumerate(values) if own == value]
            part = figures_of([spans[row] for row in rows], [said[row] for row in rows])
            made.append({"slice": name, "value": value, **part, "examples": count})
    return made


def _judged(
    spans: Sequence[Sequence[Span]], said: Sequence[Prediction]
) -> list[tuple[str, str, float]]:
    """Say of each entity that was found whether it is there, and how sure that was."""
    return [
        (
            "right" if Span(each.start, each.end, each.label) in own else "wrong",
            "right",
            each.confidence,
        )
        for own, one in zip(spans, said, strict=True)
        for each in one.entities
    ]


def _write(run: Run, known: Labelled, said: Sequence[Prediction]) -> None:
    lines = [
        json.dumps(
            {
                "id": example.id,
                "expected": [span._asdict() for span in own],
                "label": [span._asdict() for span in found(each)],
                "confidence": rounded(each.confidence),
            },
            ensure_ascii=False,
        )
        for example, own, each in zip(known.examples, known.spans, said, strict=True)
    ]
    disk.write(run.folder / "predictions.jsonl", ("\n".join(lines) + "\n").encode())
