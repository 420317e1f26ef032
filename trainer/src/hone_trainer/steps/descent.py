"""The head learned in epochs, each of which a run that was killed need not do again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hone_trainer.steps.losses import Loss
from hone_trainer.steps.optimizers import Optimizer, rate

Floats = NDArray[np.float32]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is learned from, and what tells when it is enough."""

    sparse: csr_matrix
    dense: Floats | None
    wanted: Floats
    weights: Floats
    rows: Places
    """What is learned from."""
    watched: Places
    """Rows that say when to stop."""
    order: Floats | None
    """How late each example comes in; None: all from the start."""


@dataclass(slots=True)
class State:
    """Where it stands after an epoch."""

    arrays: list[Floats]
    best: list[Floats]
    best_accuracy: float = -1.0
    epoch: int = 0
    waited: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of an epoch."""

    epoch: int
    loss: float
    accuracy: float
    rate: float


def descend(
    problem: Problem,
    params: Mapping[str, Any],
    loss: Loss,
    seed: int,
    start: list[Floats],
    kept: Mapping[str, Any] | None,
    tell: Callable[[Said, Mapping[str, Any]], None],
) -> tuple[list[Floats], int]:
    """Return the best arrays and the number of epochs; `tell` hears of each and what to keep of it."""
    state = State([a.copy() for a in start], [a.copy() for a in start])
    l2 = params["regularization"]["l2"]
    optimizer = Optimizer(params["optimizer"], state.arrays, 1e-5 if l2 is None else l2)
    if kept is not None:
        _take_up(state, optimizer, kept)
    while state.epoch < params["epochs"] and not state.ended:
        dice = default_rng([seed, state.epoch])
        lost, pace = _epoch(problem, params, loss, state, optimizer, dice)
        accuracy = _accuracy(problem, state.arrays)
        state.epoch += 1
        _judge(state, accuracy, params["earlyStopping"])
        said = Said(state.epoch, lost, accuracy, pace)
        tell(said, _keep(state, optimizer))
    return state.best, state.epoch


def score(sparse: csr_matrix, dense: Floats | None, arrays: list[Floats]) -> Floats:
    """Score rows by arrays: words, bias and, with embeddings, theirs."""
    found = np.asarray(sparse @ arrays[0]) + arrays[1]
    return found if dense is None else np.asarray(found + dense @ arrays[2], np.float32)


def _epoch(
    problem: Problem,
    params: Mapping[str, Any],
    loss: Loss,
    state: State,
    optimizer: Optimizer,
    dice: Generator,
) -> tuple[float, float]:
    size, rows = int(params["batchSize"]), problem.rows
    seen = dice.permutation(_shown(problem, rows, state.epoch, params["epochs"]))
    steps = -(-len(rows) // size) * params["epochs"]
    at = state.epoch * -(-len(rows) // size)
    total, pace = 0.0, 0.0
    for first in range(0, len(seen), size):
        batch = seen[first : first + size]
        schedule = params["schedule"]
        pace = rate(schedule["kind"], schedule["warmup"], at, steps, params["learningRate"])
        total += _step(problem, params["regularization"], loss, batch, optimizer, pace, dice)
        at += 1
    return total / max(len(seen), 1), pace


def _step(
    problem: Problem,
    regularization: Mapping[str, float],
    loss: Loss,
    batch: Places,
    optimizer: Optimizer,
    pace: float,
    dice: Generator,
) -> float:
    share, smooth = regularization["dropout"], np.float32(regularization["labelSmoothing"])
    sparse = problem.sparse[batch]
    dense = None if problem.dense is None else problem.dense[batch]
    if share:
        sparse.data *= (dice.random(len(sparse.data)) >= share) / np.float32(1 - share)
        if dense is not None:
            dense = dense * ((dice.random(dense.shape) >= share) / np.float32(1 - share))
            dense = dense.astype(np.float32)
    wanted = problem.wanted[batch]
    wanted = wanted * (1 - smooth) + smooth / wanted.shape[1]
    found, slope = loss(score(sparse, dense, list(optimizer.arrays)), wanted)
    weights = problem.weights[batch]
    slope = (slope * (weights / weights.sum())[:, None]).astype(np.float32)
    slopes = [np.asarray(sparse.T @ slope), slope.sum(axis=0)]
    if dense is not None:
        slopes.append(dense.T @ slope)
    optimizer.step(slopes, pace)
    return float((found * weights).sum() / weights.mean())


def _shown(problem: Problem, rows: Places, epoch: int, epochs: int) -> Places:
    """Return the rows of an epoch: with an order, the first third of them brings in more and more."""
    if problem.order is None:
        return rows
    share = min(1.0, 0.3 + 0.7 * (epoch + 1) / max(epochs / 3, 1))
    ordered = rows[np.argsort(problem.order[rows], kind="stable")]
    return ordered[: max(1, int(share * len(ordered)))]


def _accuracy(problem: Problem, arrays: list[Floats]) -> float:
    dense = None if problem.dense is None else problem.dense[problem.watched]
    said = score(problem.sparse[problem.watched], dense, arrays).argmax(axis=1)
    wanted = problem.wanted[problem.watched]
    inside = wanted.max(axis=1) > 0.5
    return float((said == wanted.argmax(axis=1))[inside].mean())


def _judge(state: State, accuracy: float, stopping: Mapping[str, float]) -> None:
    if accuracy > state.best_accuracy + stopping["minDelta"] or state.best_accuracy < 0:
        state.best_accuracy, state.waited = accuracy, 0
        state.best = [array.copy() for array in state.arrays]
        return
    state.waited += 1
    state.ended = 0 < stopping["patience"] <= state.waited


def _keep(state: State, optimizer: Optimizer) -> dict[str, Any]:
    arrays = {f"array.{n}": array.copy() for n, array in enumerate(state.arrays)}
    best = {f"best.{n}": array for n, array in enumerate(state.best)}
    facts = {
        "epoch": state.epoch,
        "waited": state.waited,
        "ended": state.ended,
        "best_accuracy": state.best_accuracy,
    }
    return {**arrays, **best, **optimizer.pack(), **facts}


def _take_up(state: State, optimizer: Optimizer, kept: Mapping[str, Any]) -> None:
    for number, array in enumerate(state.arrays):
        array[...] = kept[f"array.{number}"]
        state.best[number] = kept[f"best.{number}"].copy()
    optimizer.unpack(kept)
    state.epoch, state.waited = kept["epoch"], kept["waited"]
    state.ended, state.best_accuracy = kept["ended"], kept["best_accuracy"]
