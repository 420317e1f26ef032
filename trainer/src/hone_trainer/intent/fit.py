"""From a run's examples to a classifier, in parts that a killed run does not do twice."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from hone_trainer import classifier, heads, scope
from hone_trainer.artifact import Manifest
from hone_trainer.calibration import temperature
from hone_trainer.classifier import Classifier, softmax
from hone_trainer.curate.labels import doubts
from hone_trainer.encoder import Encoder
from hone_trainer.heads import Floats
from hone_trainer.intent import learning, views
from hone_trainer.intent.card import evidence
from hone_trainer.intent.labelled import Labelled, labelled
from hone_trainer.run import Run


def train(run: Run, engine: str, encoder: Encoder | None) -> None:
    """Train a classifier, write it, and gather its evidence."""
    learning.check(run.params)
    known = labelled(run)
    raw = None if encoder is None else views.embeddings(run, encoder, known.texts)
    seen = views.learn(run, known.texts[: known.count], encoder, raw)
    dense = None if raw is None or seen.lens is None else seen.lens.see(raw)
    sparse = seen.sparse(known.texts)
    found = run.stage(
        "head", "Learning.", 0.4, lambda: learning.learn(run, known, seen.featurizer, sparse, dense)
    )
    run.pause()
    run.event("stage", "Asking how sure it may be.", 0.8)
    head = heads.unpack(found, found)
    settings = _settings(run, known, found, dense if head.anchors else None)
    run.event("stage", "Writing the model and measuring it.", 0.85)
    files = classifier.pack(seen.featurizer, head, seen.lens)
    if encoder is not None:
        files |= {path.name: path for path in encoder.files}
    manifest = run.finish(Manifest(run.spec.task, engine, known.labels, settings), files)
    trained = Classifier.made(manifest, seen.featurizer, head, encoder, seen.lens)
    noise = _noise(known, found, settings["temperature"])
    # One question is small: several threads would wait for each other, and latency is that of one core.
    with threadpool_limits(1):
        card = evidence(run, trained, encoder)
    run.conclude({**card, "labelNoise": noise, "warmStart": found["warm"]})


def _settings(
    run: Run, known: Labelled, found: Mapping[str, Any], dense: Floats | None
) -> dict[str, Any]:
    """Set what makes chances come true, and what tells whether a text is in scope."""
    rows, held_out = found["rows"], found["held_out"]
    inside, strange = rows < known.count, known.classes[rows] < 0
    classes = known.classes[rows][inside]
    heat = temperature(held_out[inside], classes)
    right = held_out[inside].argmax(axis=1) == classes
    run.metric("accuracy", float(right.mean()), split="heldOut")
    near = None if dense is None else _near(dense, known.count)[rows]
    said = scope.signals(held_out, near)
    alarms = run.params["outOfScope"]["falseAlarms"]
    return {
        "temperature": heat,
        "scope": scope.learn(said[inside], said[strange], alarms).pack(),
        "thresholds": run.params["outOfScope"]["thresholds"],
    }


def _near(dense: Floats, count: int) -> Floats:
    """Return how near the examples in scope are to each text, itself left out."""
    made = np.zeros(len(dense), np.float32)
    for first in range(0, len(dense), 1000):
        rows = np.arange(first, min(first + 1000, len(dense)))
        alike = dense[rows] @ dense[:count].T
        own = rows[rows < count]
        alike[own - first, own] = -1
        made[rows] = scope.nearest(alike)
    return made


def _noise(known: Labelled, found: Mapping[str, Any], heat: float) -> dict[str, Any]:
    """Estimate how many labels are wrong, by what was said of examples unseen (cleanlab)."""
    inside = found["rows"] < known.count
    classes = known.classes[found["rows"]][inside]
    if len(set(classes.tolist())) < len(known.labels):
        return {"estimate": None, "examples": len(classes)}
    wrong = doubts(softmax(found["held_out"][inside] / np.float32(heat)), classes)
    return {"estimate": round(len(wrong) / len(classes), 6), "examples": len(classes)}
