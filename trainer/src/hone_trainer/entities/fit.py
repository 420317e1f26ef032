"""From a run's examples to a tagger, epoch by epoch, each of which a checkpoint can keep."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from hone_trainer.artifact import Manifest
from hone_trainer.entities import vocabulary
from hone_trainer.entities.card import evidence, found
from hone_trainer.entities.labelled import Labelled, enough, labelled, names
from hone_trainer.entities.learning import Learner, Recipe
from hone_trainer.entities.scoring import score
from hone_trainer.entities.tagger import Tagger, slim
from hone_trainer.entities.tokens import tag
from hone_trainer.run import Run

LOOKED_AT: Final = 2_000
"""Validation examples that each epoch is measured with."""
SLIGHT: Final = 0.02
"""Weights up to this decide nothing."""


def train(run: Run) -> None:
    """Train a tagger, write it, and gather its evidence."""
    known = enough(run)
    run.event("stage", "Reading words, forms and names.", 0.02)
    tagger, learner = taught(known, run.params, run.seed)
    _learn(run, learner, tagger)
    run.event("stage", "Writing the model and measuring it.", 0.9)
    made = learned(tagger, learner)
    run.finish(made.manifest, made.pack())
    run.conclude(evidence(run))


def taught(known: Labelled, params: Mapping[str, Any], seed: int) -> tuple[Tagger, Learner]:
    """Return a tagger that has words and knows nothing, and what teaches it."""
    labels = sorted({span.label for spans in known.spans for span in spans})
    pieces, spans = known.pieces, known.by_piece()
    words = vocabulary.learn(pieces, spans, names(params["gazetteers"]), params["minCount"])
    tags = [tag(piece, own, labels) for piece, own in zip(pieces, spans, strict=True)]
    learner = Learner(
        words.table(pieces, spans),
        np.concatenate(tags),
        np.array([known.examples[owner].weight for owner in known.owners]),
        1 + 4 * len(labels),
        Recipe(
            params["epochs"],
            params["batchSize"],
            params["learningRate"],
            params["l2"],
            params["dropout"],
        ),
        seed,
    )
    return Tagger(Manifest("entity", "entity", labels), words, learner.weights), learner


def learned(tagger: Tagger, learner: Learner) -> Tagger:
    """Return the tagger with what was learned, less what decides nothing."""
    weights, words = slim(learner.best(), tagger.vocabulary, SLIGHT)
    return replace(tagger, weights=weights, vocabulary=words)


def _learn(run: Run, learner: Learner, tagger: Tagger) -> None:
    """Learn until the epochs are over or nothing is gained."""
    seen = labelled(run.examples.split("validation")[:LOOKED_AT])
    facts = _restored(run, learner)
    epochs, patience = run.params["epochs"], run.params["patience"]
    kept = time.monotonic()
    while learner.epoch < epochs and not (patience and facts["idle"] >= patience):
        _pause(run, learner, facts)
        loss = learner.step()
        run.metric("loss", loss, split="train", step=learner.epoch, epoch=learner.epoch)
        if seen.examples:
            value = _f1(replace(tagger, weights=learner.best()), seen)
            run.metric("f1", value, split="validation", step=learner.epoch, epoch=learner.epoch)
            gained = value > facts["best"]
            late = 2 * learner.epoch > epochs
            facts["best"] = max(facts["best"], value)
            facts["idle"] = 0 if gained or not late else facts["idle"] + 1
        done = 0.05 + 0.85 * learner.epoch / epochs
        run.event("progress", f"Epoch {learner.epoch} of {epochs}.", done)
        if time.monotonic() - kept >= run.params["checkpointSeconds"]:
            run.keep("learner", {**learner.state(), **facts})
            kept = time.monotonic()


def _pause(run: Run, learner: Learner, facts: dict[str, Any]) -> None:
    if run.told.is_set():
        run.keep("learner", {**learner.state(), **facts})
    run.pause()


def _restored(run: Run, learner: Learner) -> dict[str, Any]:
    kept = run.kept("learner")
    if kept is None:
        return {"best": -1.0, "idle": 0}
    learner.restore(kept)
    return {"best": kept["best"], "idle": kept["idle"]}


def _f1(tagger: Tagger, seen: Labelled) -> float:
    said = tagger.predict([example.text for example in seen.examples])
    return score(seen.spans, [found(each) for each in said])[""].f1
