"""Learn which signs tell an answer from what only looks like one: logistic regression on pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Pool:
    """What was found for one question, and which of it answers it."""

    signs: Floats
    right: NDArray[np.bool_]


def learn(pools: Sequence[Pool], penalty: float = 0.01) -> Floats:
    """Find a weight for each sign, none below nothing, so that what is right is before what is not.

    What was found and is wrong is what is hard to tell apart: nothing else is learned from.
    """
    told = [pool for pool in pools if pool.right.any() and not pool.right.all()]
    signs = np.concatenate([pool.signs for pool in told]).astype(np.float64)
    right = np.concatenate([pool.right for pool in told])
    starts = np.cumsum([0, *(len(pool.right) for pool in told)])[:-1]
    owner = np.repeat(np.arange(len(told)), np.diff([*starts, len(right)]))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = signs @ weights
        scores = scores - np.maximum.reduceat(scores, starts)[owner]
        power = np.exp(scores)
        all_of, good = np.add.reduceat(power, starts), np.add.reduceat(power * right, starts)
        share = power / all_of[owner] - power * right / good[owner]
        value = float((np.log(all_of) - np.log(good)).mean() + penalty * weights @ weights / 2)
        return value, signs.T @ share / len(told) + penalty * weights

    start = np.ones(signs.shape[1])
    bounds = [(0.0, None)] * signs.shape[1]
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x


def order(signs: Floats, weights: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return places from best to worst, and the scores in that order."""
    scores = signs @ weights
    places = np.argsort(-scores, kind="stable")
    return places, scores[places]
