"""How sure an answer is, and from where on it is given.

The limit is set by conformal risk control: of questions like those it was set with, at most a share of `alpha` are
answered wrongly, whatever the ranker is worth. Among those it is set with are questions to which the answer was
taken away: nobody asks only what is known.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.floating]
NEVER: Final = 2.0
"""A limit that no chance reaches."""


def evidence(scores: Floats, best: Floats) -> Floats:
    """Return what tells whether the first of ranked entries is right: its score, its lead, its signs."""
    lead = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    return np.concatenate([[1.0, scores[0], lead], best])


def learn(seen: Floats, right: NDArray[np.bool_], weight: Floats, penalty: float = 0.01) -> Floats:
    """Find the weights with which evidence becomes the chance that the first is right."""
    rows, share = seen.astype(np.float64), weight / weight.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = rows @ weights
        rest = share * (1 / (1 + np.exp(-odds)) - right)
        value = float(share @ (np.logaddexp(0, odds) - right * odds))
        held = weights.copy()
        held[0] = 0
        return value + float(penalty * held @ held / 2), rows.T @ rest + penalty * held

    return minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x


def chance(weights: Floats, seen: Floats) -> float:
    """Return how sure an answer is."""
    return float(1 / (1 + np.exp(-np.clip(seen @ weights, -40, 40))))


def limit(chances: Floats, right: NDArray[np.bool_], weight: Floats, alpha: float) -> float:
    """Return the lowest chance from which on at most a share of `alpha` of all questions is answered wrongly."""
    most = float(weight.max())
    may = alpha * (float(weight.sum()) + most) - most
    order = np.argsort(-chances, kind="stable")
    wrong = np.cumsum(np.where(right, 0.0, weight)[order])
    ordered = chances[order]
    # Equal chances are answered together or not at all.
    ends = np.append(ordered[1:] < ordered[:-1], True)
    fits = ordered[ends & (wrong <= may)]
    return float(fits[-1]) if len(fits) else NEVER
