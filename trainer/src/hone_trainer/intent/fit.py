"""From a run's examples to a classifier, in parts that a killed run does not do twice."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hone_trainer import classifier, heads, scope
from hone_trainer import lens as lenses
from hone_trainer.artifact import Manifest
from hone_trainer.calibration import temperature
from hone_trainer.classifier import Classifier, softmax
from hone_trainer.curate.labels import doubts
from hone_trainer.encoder import Encoder
from hone_trainer.heads import Floats
from hone_trainer.intent import learning, tuned, views
from hone_trainer.intent.card import evidence
from hone_trainer.intent.labelled import Labelled, labelled
from hone_trainer.run import Run


def train(run: Run, engine: str, encoder: Encoder | None) -> None:
    """Train a classifier, write it, and gather its evidence."""
    learning.check(run.params)
    known = labelled(run)
    featurizer = views.read(run, known.texts[: known.count])
    sparse = featurizer.rows(known.texts)
    meant = None if encoder is None else tuned.meanings(run, known, sparse, encoder)
    lens = None if meant is None else lenses.grind(meant.raw[: known.count])
    dense = None if meant is None or lens is None else lens.see(meant.raw)
    spared = None if meant is None else meant.spared
    found = run.stage(
        "head",
        "Learning.",
        0.4,
        lambda: learning.learn(run, known, featurizer, sparse, dense, spared),
    )
    run.pause()
    run.event("stage", "Asking how sure it may be.", 0.8)
    head = heads.unpack(found, found)
    rows, unseen = found["rows"], found["held_out"]
    judged = dense
    if meant is not None and meant.untuned is not None and meant.was is not None:
        # No example is unseen by this encoder: what was said before it was tuned is the nearest that is honest.
        rows, unseen, judged = meant.untuned.rows, meant.untuned.held_out, meant.was
    settings = _settings(run, known, rows, unseen, judged if head.anchors else None)
    run.event("stage", "Writing the model and measuring it.", 0.85)
    files = classifier.pack(featurizer, head, lens)
    if meant is not None:
        encoder = meant.encoder
        files |= {path.name: path for path in encoder.files}
    manifest = run.finish(Manifest(run.spec.task, engine, known.labels, settings), files)
    trained = Classifier.made(manifest, featurizer, head, encoder, lens)
    before = None if meant is None else meant.untuned
    # Of a tuned encoder too few examples are unseen to doubt labels by.
    noise = (
        _noise(known, rows, unseen)
        if before is None
        else _noise(known, before.rows, before.held_out)
    )
    # One question is small: several threads would wait for each other, and latency is that of one core.
    with threadpool_limits(1):
        card = evidence(run, trained, encoder)
    tuning = None if meant is None else meant.facts
    run.conclude({**card, "labelNoise": noise, "warmStart": found["warm"], "encoderTuning": tuning})


def _settings(
    run: Run, known: Labelled, rows: NDArray[np.intp], held_out: Floats, dense: Floats | None
) -> dict[str, Any]:
    """Set what makes chances come true, and what tells whether a text is in scope."""
    inside, strange = rows < known.count, known.classes[rows] < 0
    classes = known.classes[rows][inside]
    heat = temperature(held_out[inside], classes, known.count)
    right = held_out[inside].argmax(axis=1) == classes
    run.metric("accuracy", float(right.mean()), split="heldOut")
    near = None if dense is None else _near(dense, known.count, rows)
    said = scope.signals(held_out, near)
    alarms = run.params["outOfScope"]["falseAlarms"]
    return {
        "temperature": heat,
        "scope": scope.learn(said[inside], said[strange], alarms).pack(),
        "thresholds": run.params["outOfScope"]["thresholds"],
    }


def _near(dense: Floats, count: int, rows: NDArray[np.intp]) -> Floats:
    """Return how near the examples in scope are to some texts, each itself left out."""
    made = np.zeros(len(rows), np.float32)
    for first in range(0, len(rows), 1000):
        asked = rows[first : first + 1000]
        alike = dense[asked] @ dense[:count].T
        own = np.flatnonzero(asked < count)
        alike[own, asked[own]] = -1
        made[first : first + 1000] = scope.nearest(alike)
    return made


def _noise(known: Labelled, rows: NDArray[np.intp], held_out: Floats) -> dict[str, Any]:
    """Estimate how many labels are wrong, by what was said of examples unseen (cleanlab)."""
    inside = rows < known.count
    said, classes = held_out[inside], known.classes[rows[inside]]
    if len(set(classes.tolist())) < len(known.labels):
        return {"estimate": None, "examples": len(classes)}
    wrong = doubts(softmax(said / np.float32(temperature(said, classes))), classes)
    return {"estimate": round(len(wrong) / len(classes), 6), "examples": len(classes)}
