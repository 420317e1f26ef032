"""From a run's examples to what answers questions, in parts that a killed run does not do twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.artifact import Manifest
from hone_trainer.data import Example
from hone_trainer.encoder import INSTALL, Encoder, store, weights
from hone_trainer.errors import Refused, insufficient
from hone_trainer.intent import views
from hone_trainer.response import doubt, ranking
from hone_trainer.response.card import evidence
from hone_trainer.response.index import Floats
from hone_trainer.response.library import KNOWLEDGE, Library, gather, says
from hone_trainer.response.ranking import Pool
from hone_trainer.response.responder import Learned, Responder
from hone_trainer.response.signs import Meanings, Signs, meaning, unit
from hone_trainer.run import Run

FOLDS: Final = 5
HIDDEN: Final = 2
"""Of one question in so many the answer is hidden as well."""


def train(run: Run) -> None:
    """Learn to answer, write it, and gather its evidence."""
    approved = _approved(run)
    pages = [example for example in run.examples.all if example.source == KNOWLEDGE]
    run.event("stage", "Gathering answers and pages.", 0.05)
    known = gather(approved, pages)
    found = _encoder(run)
    meanings = None if found is None else _meanings(run, found, known)
    signs = Signs(known, meanings)
    kept = run.stage("learned", "Comparing.", 0.3, lambda: _learn(run, approved, signs))
    learned = Learned(kept["signs"], kept["evidence"], float(kept["limit"][0]))
    settings = {name: run.params[name] for name in ("alpha", "unknownAnswer", "sources")}
    manifest = Manifest(run.spec.task, "response", (), settings)
    run.event("stage", "Writing the model and measuring it.", 0.85)
    run.finish(manifest, Responder(manifest, signs, learned, meanings, found).pack())
    run.conclude(evidence(run))


def _approved(run: Run) -> list[Example]:
    """Return questions with approved answers to learn from, or say why they are not enough."""
    asked = [example for example in run.examples.all if example.source != KNOWLEDGE]
    wrong = [e.id for e in run.examples.all if not isinstance(e.output, str) or not e.output]
    if wrong:
        raise Refused(
            "DATA_INVALID",
            f"{len(wrong)} examples have an answer that is not text; the first is {wrong[0]}.",
            ids=wrong[:20],
            count=len(wrong),
        )
    found = [example for example in asked if example.split == "train"]
    least: int = run.params["minPairs"]
    tested = any(example.split == "test" for example in asked)
    if len(found) < least or not tested:
        raise insufficient(
            f"There are {len(found)} questions with approved answers to learn from; {least} are needed."
            if tested
            else "There are no test examples, so nothing would be known of the model.",
            required=least if tested else 1,
            available=len(found) if tested else 0,
            suggestions=[
                "Approve more answers: corrected ones and good ones both count.",
                "Freeze the data with a share for `test`.",
                "Lower `minPairs`; it will then more often say that it does not know.",
            ],
        )
    return found


def _encoder(run: Run) -> Encoder | None:
    wish: str = run.params["encoder"]
    if wish == "none":
        return None
    try:
        found = weights.found(None)
    except Refused:
        if wish == "required":
            raise
        run.event("warning", f"No encoder is installed; only words are compared. {INSTALL}")
        return None
    run.cache.mkdir(parents=True, exist_ok=True)
    return Encoder(weights.exported(found, run.cache))


def _meanings(run: Run, found: Encoder, known: Library) -> Meanings:
    texts = [*known.questions, *(f"{each.title} {each.text}".strip() for each in known.entries)]
    run.event("stage", "Reading meanings.", 0.1)

    def tell(done: int, of: int) -> None:
        run.pause()
        run.event("progress", f"{done} of {of} texts.", 0.1 + 0.2 * done / max(of, 1))

    rows = unit(store.embed(found, texts, views.store(found), tell))
    cut = len(known.questions)
    remembered = dict(zip(texts, rows, strict=True))
    new = meaning(found)

    def embed(text: str) -> Floats:
        return remembered[text] if text in remembered else new(text)

    return Meanings(embed, rows[:cut], rows[cut:])


def _learn(run: Run, approved: Sequence[Example], signs: Signs) -> Mapping[str, Any]:
    """Learn from questions as if each were new: its own place in the library is not looked at."""
    dice = np.random.default_rng(run.seed)
    most: int = run.params["learnedFrom"]
    rows = np.sort(dice.permutation(len(approved))[:most])
    pools: list[Pool] = []
    hidden: list[Pool] = []
    for done, row in enumerate(rows):
        pools.append(_pool(signs, approved[row], int(row)))
        if done % HIDDEN == 0:
            hidden.append(_without(signs, approved[row], int(row)))
        if done % 200 == 0:
            run.pause()
            run.event("progress", f"{done} of {len(rows)} questions.", 0.3 + 0.4 * done / len(rows))
    judged = _judge(pools, hidden, run.params["unanswerable"], dice)
    chances = judged.chances()
    limit = doubt.limit(chances, judged.right, judged.weight, run.params["alpha"])
    answered, right, share = chances >= limit, judged.right, judged.weight / judged.weight.sum()
    run.metric("recallAt1", float(right[: len(pools)].mean()), split="heldOut")
    run.metric("answered", float(share @ answered), split="heldOut")
    run.metric("wrong", float(share @ (answered & ~right)), split="heldOut")
    evidence_weights = doubt.learn(judged.seen, right, judged.weight)
    return Learned(_ranker(pools), evidence_weights, limit).numbers


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is seen of the first entry for each question, whether it is right, and how much the question counts."""

    seen: Floats
    right: NDArray[np.bool_]
    weight: Floats
    folds: NDArray[np.intp]

    def chances(self) -> Floats:
        """Say of each fold what the others taught."""
        found = np.zeros(len(self.right))
        for fold in range(FOLDS):
            inside = self.folds != fold
            weights = doubt.learn(self.seen[inside], self.right[inside], self.weight[inside])
            for row in np.flatnonzero(~inside):
                found[row] = doubt.chance(weights, self.seen[row])
        return found


def _judge(
    pools: Sequence[Pool], hidden: Sequence[Pool], absent: float, dice: np.random.Generator
) -> _Judged:
    """Rank each fold with what the others taught."""
    folds = dice.permutation(len(pools)) % FOLDS
    # A question stays in its fold when its answer is hidden.
    every, fold_of = [*pools, *hidden], np.concatenate([folds, folds[::HIDDEN]])
    seen: list[Floats] = [np.zeros(0)] * len(every)
    right = np.zeros(len(every), dtype=np.bool_)
    for fold in range(FOLDS):
        weights = _ranker([pools[row] for row in np.flatnonzero(folds != fold).tolist()])
        for row in np.flatnonzero(fold_of == fold).tolist():
            pool = every[row]
            best, scores = ranking.order(pool.signs, weights)
            seen[row] = doubt.evidence(scores, pool.signs[best[0]])
            right[row] = pool.right[best[0]]
    each = len(pools) / len(hidden) * absent / (1 - absent)
    weight = np.concatenate([np.ones(len(pools)), np.full(len(hidden), each)])
    return _Judged(np.array(seen), right, weight, fold_of)


def _pool(signs: Signs, example: Example, row: int) -> Pool:
    """Compare a question with everything but itself."""
    own = signs.library.owners[row]
    places, found = signs.compare(example.text, [row], [own])
    return Pool(found, _right(signs, places, example))


def _without(signs: Signs, example: Example, row: int) -> Pool:
    """Compare a question with everything but what answers it."""
    own = signs.library.owners[row]
    apart = [place for place, owner in enumerate(signs.library.owners) if owner == own]
    places, found = signs.compare(example.text, apart)
    wrong = ~_right(signs, places, example)
    left = found[wrong] if wrong.any() else np.zeros((1, found.shape[1]), dtype=np.float32)
    return Pool(left, np.zeros(len(left), dtype=np.bool_))


def _right(signs: Signs, places: NDArray[np.intp], example: Example) -> NDArray[np.bool_]:
    entries, answer = signs.library.entries, str(example.output)
    return np.array([says(entries[place], answer) for place in places.tolist()], dtype=np.bool_)


def _ranker(pools: Sequence[Pool]) -> Floats:
    if not any(pool.right.any() and not pool.right.all() for pool in pools):
        return np.ones(pools[0].signs.shape[1])
    return ranking.learn(pools)
