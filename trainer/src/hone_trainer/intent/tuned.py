"""The encoder tuned to the labels of a run where that pays, and what is told of examples that had no part in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hone_trainer import disk
from hone_trainer import lens as lenses
from hone_trainer.adapting import stack, tuning
from hone_trainer.adapting.stack import Stack
from hone_trainer.adapting.tuning import Lesson, Recipe
from hone_trainer.encoder import Encoder, graph, weights
from hone_trainer.exact import Learned
from hone_trainer.heads import Floats
from hone_trainer.intent import learning, views
from hone_trainer.intent.labelled import Labelled
from hone_trainer.run import Run

STAGE: Final = "tuning"
FOLDER: Final = "encoder-tuned"
LEAST: Final = 300
"""Of fewer examples `auto` tunes nothing: what that is worth was not measured."""
SCARCE: Final = 20
"""Up to so many examples of each label on average none is spared: one or two would say nothing of the tuning."""
SEEN: Final = 5_000
"""Texts are seen again until it were so many, but no more than `EPOCHS` times."""
EPOCHS: Final = 6
TOKENS: Final = 400_000
"""More tokens than this are not learned from at once: they are held in memory."""
LONGEST: Final = 64
"""Tokens of a text that are learned from."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What an encoder makes of the texts of a run."""

    encoder: Encoder
    raw: Floats
    spared: Rows | None = None
    """The examples that had no part in the encoder; None: it was not tuned."""
    facts: dict[str, Any] | None = None
    """What is told of the tuning, where there was one."""
    untuned: Learned | None = None
    """What would be said of every example unseen with the encoder as it was, where it was tuned."""
    was: Floats | None = None
    """What the encoder made of the texts before it was tuned with all of them: chances stand on that."""


def meanings(run: Run, known: Labelled, sparse: csr_matrix, encoder: Encoder) -> Meanings:
    """Encode the texts of a run with an encoder that is tuned to its labels, where that pays."""
    plain = Meanings(encoder, views.embeddings(run, encoder, known.texts))
    if not _wanted(run, known):
        return plain
    if learning.at_once(run.params) and known.count <= SCARCE * len(known.labels):
        return _with_all(run, known, sparse, plain)
    rows, spared = learning.apart(run, known)
    if not len(np.setdiff1d(spared[spared < known.count], rows)):
        return plain  # With no more than two of each label nothing would tell what it is worth.
    found = _tuned(run, known, rows)
    tuned = Meanings(found, views.embeddings(run, found, known.texts), spared)
    facts, before = _compared(run, known, sparse, plain, tuned)
    run.event("milestone", _words(facts))
    if not facts["kept"]:
        return Meanings(encoder, plain.raw, facts=facts)
    return Meanings(found, tuned.raw, spared, facts, before)


def _wanted(run: Run, known: Labelled) -> bool:
    wish = run.params["encoderTuning"]
    enough = known.count >= LEAST and learning.at_once(run.params)
    return wish == "always" or (wish == "auto" and enough)


def _with_all(run: Run, known: Labelled, sparse: csr_matrix, plain: Meanings) -> Meanings:
    """Tune with every example; of each one it is told what was said unseen before."""
    found = _tuned(run, known, np.arange(len(known.texts)))
    raw = views.embeddings(run, found, known.texts)
    was = _seen(known, plain)
    before = learning.exactly(run, known, sparse, was, None)
    run.event(
        "milestone", "The encoder is tuned with all examples: too few are there to spare any."
    )
    return Meanings(found, raw, None, {"examples": 0, "kept": True}, before, was)


def _tuned(run: Run, known: Labelled, rows: Rows) -> Encoder:
    """Return the encoder tuned to some examples, as the run has it already or after doing that."""
    place = run.folder / FOLDER
    if not place.is_dir():
        _tune(run, known, rows, place)
    return Encoder(place)


def _tune(run: Run, known: Labelled, rows: Rows, place: Path) -> None:
    """Tune the encoder's upper half, and write it to a folder when that is done."""
    run.event("stage", "Tuning the encoder to the labels.", 0.1)
    source = weights.found(run.params["encoder"])
    numbers, shape = source.read()
    layers = Stack(numbers, shape, graph.depth(numbers) // 2)
    rows = rows[known.classes[rows] >= 0]
    texts = stack.tokens(
        source.folder / "tokenizer.json", [known.texts[int(row)] for row in rows], LONGEST
    )
    few = _within(texts, known.classes[rows], run.seed)
    rows, texts = rows[few], [texts[row] for row in few]
    recipe = Recipe(epochs=min(-(-SEEN // len(rows)), EPOCHS))

    def tell(said: tuning.Said, state: Mapping[str, Any]) -> None:
        run.metric("loss", said.loss, split="train", step=said.epoch, epoch=said.epoch)
        told = f"Tuned by {said.epoch} of {recipe.epochs} epochs."
        run.event("progress", told, 0.1 + 0.15 * said.epoch / recipe.epochs)
        run.keep(STAGE, state)
        run.pause()

    lesson = Lesson(layers.below(texts), known.wanted()[rows], known.weights[rows])
    tuning.tune(layers, lesson, recipe, run.seed, run.kept(STAGE), tell)
    with disk.folder(place) as filling:
        files = {"encoder.onnx": graph.build(layers.weights, shape)}
        disk.fill(filling, {**files, "tokenizer.json": source.folder / "tokenizer.json"})
    run.keep(STAGE, {"epoch": recipe.epochs})


def _within(texts: list[NDArray[np.intp]], classes: Rows, seed: int) -> Rows:
    """Return which texts are learned from: all, or of each label as many as there is room for."""
    total = sum(len(each) for each in texts)
    if total <= TOKENS:
        return np.arange(len(texts))
    mixed = np.random.default_rng(seed).permutation(len(texts))
    share = TOKENS / total
    kept: list[int] = []
    for place in np.unique(classes):
        own = mixed[classes[mixed] == place]
        kept += own[: max(1, int(share * len(own)))].tolist()
    return np.array(sorted(kept), np.intp)


def _compared(
    run: Run, known: Labelled, sparse: csr_matrix, plain: Meanings, tuned: Meanings
) -> tuple[dict[str, Any], Learned]:
    """Ask both encoders for the examples that had no part in the tuning."""
    assert tuned.spared is not None
    inside = tuned.spared[tuned.spared < known.count]
    every = np.arange(len(known.texts))
    said = [
        learning.exactly(run, known, sparse, _seen(known, plain), every),
        learning.exactly(run, known, sparse, _seen(known, tuned), inside),
    ]
    before, after = (
        each.held_out[np.searchsorted(each.rows, inside)].argmax(axis=1) == known.classes[inside]
        for each in said
    )
    won, lost = int((after & ~before).sum()), int((before & ~after).sum())
    facts = {
        "examples": len(inside),
        "before": round(float(before.mean()), 6),
        "after": round(float(after.mean()), 6),
        # By chance alone the two differ by about the root of what changed sides.
        "kept": run.params["encoderTuning"] == "always" or won - lost > (won + lost) ** 0.5,
    }
    return facts, said[0]


def _seen(known: Labelled, meant: Meanings) -> Floats:
    return lenses.grind(meant.raw[: known.count]).see(meant.raw)


def _words(facts: dict[str, Any]) -> str:
    told = (
        f"Of {facts['examples']} examples without a part in the tuning, {facts['after']:.1%} are right, "
        f"before it {facts['before']:.1%}"
    )
    return f"{told}." if facts["kept"] else f"{told}: the encoder stays as it was."
