"""The evidence of a classifier: what it says of examples that it did not learn from, as it is served."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hone_trainer import artifact, disk, figures
from hone_trainer.artifact import Model, Prediction
from hone_trainer.classifier import Classifier
from hone_trainer.data import Example
from hone_trainer.encoder import Encoder
from hone_trainer.figures import Judged
from hone_trainer.heads import Floats
from hone_trainer.intent import views
from hone_trainer.run import Run

TIMED: Final = 200
"""Questions that latency is measured with."""
COMPARED: Final = 50
"""Questions that what is served and what was trained are compared by."""


def evidence(run: Run, trained: Classifier, encoder: Encoder | None) -> dict[str, Any]:
    """Ask the model that lies on the disk, write `predictions.jsonl`, and return its card."""
    served = artifact.load(run.folder / "model")
    assert isinstance(served, Classifier)
    model = _remembering(run, served, encoder)
    outside = run.params["outOfScope"]["label"]
    found: dict[str, Any] = {}
    for split in ("validation", "test"):
        examples = [e for e in run.examples.split(split) if e.label != outside]
        if not examples:
            continue
        said = model.predict([example.text for example in examples])
        judged = [
            (example.label, each.label or "", each.confidence)
            for example, each in zip(examples, said, strict=True)
        ]
        found[split] = figures.overall(judged)
        for name in ("accuracy", "macroF1"):
            run.metric(name, found[split][name], split=split, step=1)
        if split == "test":
            _write(run, examples, said)
            found |= _closely(judged, examples)
    return {
        "task": model.task,
        "engine": model.manifest.engine,
        "labels": len(model.manifest.labels),
        "figures": {name: found.pop(name) for name in ("validation", "test") if name in found},
        **found,
        "outOfScope": _scope(run, model),
        "template": _template(run, served, trained),
        "latency": figures.latency(
            lambda text: served.predict([text]),
            [example.text for example in run.examples.split("test")[:TIMED]],
            time.perf_counter,
        ),
        "size": sum(int(entry["size"]) for entry in model.manifest.files.values()),
    }


@dataclass(frozen=True, slots=True)
class _Memory:
    """An encoder that was asked before."""

    rows: Mapping[str, Floats]

    def encode(self, text: str) -> Floats:
        return self.rows[text]


def _remembering(run: Run, served: Classifier, encoder: Encoder | None) -> Classifier:
    """Encode what will be asked by all cores at once, and only what no run encoded before."""
    if encoder is None:
        return served
    texts = [e.text for split in ("validation", "test") for e in run.examples.split(split)]
    rows = views.embeddings(run, encoder, texts)
    return replace(served, encoder=_Memory(dict(zip(texts, rows, strict=True))))


def _template(run: Run, served: Classifier, trained: Classifier) -> dict[str, Any]:
    """Compare, to the last bit, what is served with what was trained."""
    texts = [example.text for example in run.examples.split("test")[:COMPARED]]
    equal = served.predict(texts) == trained.predict(texts)
    return {"equal": equal, "examples": len(texts)}


def _closely(judged: Sequence[Judged], examples: Sequence[Example]) -> dict[str, Any]:
    names = {
        "length": [figures.length(example.text) for example in examples],
        "source": [example.source for example in examples],
        "group": [example.group for example in examples],
    }
    return {
        "perClass": figures.by_class(judged),
        "confused": figures.confused(judged),
        "slices": figures.slices(judged, names),
        "calibration": figures.calibration(judged),
    }


def _scope(run: Run, model: Model) -> dict[str, float]:
    """Tell how many test texts in scope are turned away, and how many out of it are noticed."""
    outside = run.params["outOfScope"]["label"]
    found: dict[str, float] = {}
    for name, strange in (("falseAlarms", False), ("recall", True)):
        texts = [e.text for e in run.examples.split("test") if (e.label == outside) is strange]
        if texts:
            away = sum(not each.in_scope for each in model.predict(texts))
            found[name] = figures.rounded(away / len(texts))
    return found


def _write(run: Run, examples: Sequence[Example], said: Sequence[Prediction]) -> None:
    lines = [
        json.dumps(
            {
                "id": example.id,
                "expected": example.label,
                "label": each.label,
                "confidence": figures.rounded(each.confidence),
            },
            ensure_ascii=False,
        )
        for example, each in zip(examples, said, strict=True)
    ]
    disk.write(run.folder / "predictions.jsonl", ("\n".join(lines) + "\n").encode())
