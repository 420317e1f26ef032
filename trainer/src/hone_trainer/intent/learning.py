"""From what is seen of texts to a head: solved at once, or learned step by step."""

import time
from collections.abc import Mapping, Set
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix

from hone_trainer import exact, figures, hinge
from hone_trainer.errors import Refused
from hone_trainer.exact import Learned, Rows
from hone_trainer.features import Featurizer
from hone_trainer.heads import Floats
from hone_trainer.intent.labelled import FEW, Labelled
from hone_trainer.intent.params import ALIASES
from hone_trainer.intent.warm import warm
from hone_trainer.run import Run
from hone_trainer.steps import descent
from hone_trainer.steps.descent import Problem, Said
from hone_trainer.steps.losses import loss

WATCHED: Final = 0.1
"""Share of examples that tell when steps are enough, and what a tuned encoder is worth."""
REACH: Final = 2.0
"""How much embeddings count beside words, in steps."""
SECONDS: Final = 5.0
"""Between two checkpoints of steps."""
OF_STEPS: Final = frozenset(
    {
        *("learningRate", "schedule", "batchSize", "epochs", "earlyStopping", "curriculum"),
        *("focalGamma", "customLoss", "regularization.dropout"),
    }
)
"""Parameters that only count where it goes step by step."""
EXACT: Final = 16_000
"""More examples than this are learned from step by step: the kernel would not fit."""

TOLD: Final = 5_000
"""Examples of which it is told what would be said of them unseen: enough for chances and doubts."""


def check(params: Mapping[str, Any]) -> None:
    """Refuse what does not go together, before anything takes time."""
    wish = params["lossFunction"]
    if wish is not None and params["optimizer"] == "exact":
        told = f"The loss {wish} is made small step by step; choose an optimizer such as adam."
        raise Refused("PARAMS_INVALID", told, problems=[{"param": "optimizer", "problem": told}])
    if wish is not None:
        loss(wish, params["focalGamma"], params["customLoss"])


def at_once(params: Mapping[str, Any]) -> bool:
    """Tell whether a head is to be solved rather than learned step by step."""
    return params["optimizer"] in {None, "exact"} and params["lossFunction"] is None


def learn(
    run: Run,
    known: Labelled,
    featurizer: Featurizer,
    sparse: csr_matrix,
    dense: Floats | None,
    spared: Rows | None = None,
) -> dict[str, Any]:
    """Learn a head; returns its parts, and for some rows what was said of them unseen.

    Where the encoder was tuned, `spared` are the examples that had no part in that.
    """
    if at_once(run.params):
        if dense is None:
            _say_idle(run, {*OF_STEPS, "regularization.labelSmoothing"})
            return _parted(_by_words(run, known, sparse))
        if len(known.texts) <= EXACT:
            _say_idle(run, OF_STEPS)
            return _parted(exactly(run, known, sparse, dense, spared))
        run.event("warning", f"More than {EXACT:,} examples: adam learns step by step instead.")
    return _stepwise(run, known, featurizer, sparse, dense)


def _say_idle(run: Run, idle: Set[str]) -> None:
    """Say which of the given parameters have no say where a problem is solved at once."""
    given = {ALIASES.get(name, name): value for name, value in run.spec.params.items()}
    paths = set(given) - {"regularization"}
    paths |= {f"regularization.{name}" for name in given.get("regularization") or ()}
    said = sorted(paths & idle)
    if said:
        run.event(
            "warning",
            f"It is solved at once, without steps: {', '.join(said)} had no say. Choose an optimizer"
            " such as adam to learn step by step.",
        )


def _parted(learned: Learned) -> dict[str, Any]:
    facts, numbers = learned.head.pack()
    return {
        **facts,
        **numbers,
        "warm": False,
        "held_out": learned.held_out,
        "rows": learned.rows,
    }


def _by_words(run: Run, known: Labelled, sparse: csr_matrix) -> Learned:
    l2 = run.params["regularization"]["l2"]
    cost = hinge.COST if l2 is None else 1 / max(l2, 1e-3)
    width = len(known.labels)
    return hinge.fit(sparse, known.classes, known.weights, run.seed, width, cost)


def exactly(
    run: Run, known: Labelled, sparse: csr_matrix, dense: Floats, spared: Rows | None
) -> Learned:
    """Learn at once; where there are few examples of a label, meaning counts more."""
    l2 = run.params["regularization"]["l2"]
    penalty = exact.PENALTY if l2 is None else max(l2, 1e-3)
    share = np.float32(run.params["regularization"]["labelSmoothing"])
    wanted = known.wanted() * (1 - share)
    wanted[known.classes >= 0] += share / len(known.labels)
    examples = exact.Examples(sparse, dense, wanted, known.weights)
    told = exact.some(examples, TOLD) if spared is None else np.union1d(spared, known.strange())
    pull = 16.0 if known.count <= FEW * len(known.labels) else 8.0
    return exact.fit(examples, exact.Recipe(penalty=penalty, pull=pull), told)


def _stepwise(
    run: Run,
    known: Labelled,
    featurizer: Featurizer,
    sparse: csr_matrix,
    dense: Floats | None,
) -> dict[str, Any]:
    params: dict[str, Any] = dict(run.params)
    if params["optimizer"] == "exact":
        run.event("warning", f"More than {EXACT:,} examples: adam learns step by step instead.")
        params |= {"optimizer": "adam", "lossFunction": "cross_entropy"}
    made = loss(
        params["lossFunction"] or "cross_entropy", params["focalGamma"], params["customLoss"]
    )
    scaled = None if dense is None else dense * np.float32(REACH)
    rows, watched = apart(run, known)
    order = _order(run, known, sparse)
    # What is out of scope is all labels alike, and so none of them.
    wanted = known.wanted()
    wanted[known.strange()] = 1 / len(known.labels)
    problem = Problem(sparse, scaled, wanted, known.weights, rows, watched, order)
    width = len(known.labels)
    start = [np.zeros((sparse.shape[1], width), np.float32), np.zeros(width, np.float32)]
    if scaled is not None:
        start.append(np.zeros((scaled.shape[1], width), np.float32))
    warmed = warm(run, known, featurizer, start)
    arrays, epochs = descent.descend(
        problem, params, made, run.seed, start, run.kept("epochs"), _Teller(run).tell
    )
    run.event("milestone", f"The steps ended after {epochs} epochs.")
    said = descent.score(sparse[watched], None if scaled is None else scaled[watched], arrays)
    found: dict[str, Any] = {"words": arrays[0], "bias": arrays[1], "warm": warmed}
    if scaled is not None:
        found["straight"] = arrays[2] * np.float32(REACH)
    return {**found, "held_out": said, "rows": watched}


class _Teller:
    """Writes what is told of epochs, and keeps their state now and then."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.kept = time.monotonic()

    def tell(self, said: Said, state: Mapping[str, Any]) -> None:
        """Hear of one epoch."""
        run, epoch = self.run, said.epoch
        run.metric("loss", figures.rounded(said.loss), split="train", step=epoch, epoch=epoch)
        run.metric("learningRate", said.rate, split="train", step=epoch, epoch=epoch)
        run.metric("accuracy", said.accuracy, split="heldOut", step=epoch, epoch=epoch)
        share = epoch / run.params["epochs"]
        run.event(
            "progress", f"Epoch {epoch} of at most {run.params['epochs']}.", 0.4 + 0.4 * share
        )
        if run.told.is_set() or time.monotonic() - self.kept > SECONDS:
            run.keep("epochs", state)
            self.kept = time.monotonic()
            run.pause()


def apart(run: Run, known: Labelled) -> tuple[Rows, Rows]:
    """Return what is learned from, and the tenth of each label that says what it is worth.

    Of labels with too few examples none is spared; when all are such, what is learned from must say it.
    """
    dice = np.random.default_rng(run.seed)
    watched: list[int] = []
    for place in range(len(known.labels)):
        own = dice.permutation(np.flatnonzero(known.classes[: known.count] == place))
        watched += own[: max(1, round(WATCHED * len(own)))].tolist() if len(own) > 2 else []
    strange = known.strange()
    watched += strange[: round(WATCHED * len(strange))].tolist()
    every = np.arange(len(known.texts))
    if not watched:
        return every, every
    return np.setdiff1d(every, watched), np.array(sorted(watched), dtype=np.intp)


def _order(run: Run, known: Labelled, sparse: csr_matrix) -> Floats | None:
    """Return how late each example comes in, by the curriculum."""
    kind = run.params["curriculum"]
    if kind == "short_first":
        return np.array([len(text) for text in known.texts], dtype=np.float32)
    if kind == "easy_first":
        wanted = known.wanted()
        middles = np.asarray(sparse.T @ wanted) / wanted.sum(axis=0)
        return -np.asarray(sparse @ middles)[np.arange(len(wanted)), known.classes]
    return None
