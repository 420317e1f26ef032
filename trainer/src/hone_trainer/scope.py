"""Whether a text is any of what was learned: three signals in one, and the limit below which it is a stranger.

The limit is conformal: of texts in scope that were not learned from, no more than the wanted share lies below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]
NEIGHBOURS: Final = 5
SHOWN: Final = 20
"""With fewer strange examples than this the signals count alike."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How signals are read."""

    middle: Floats
    spread: Floats
    weights: Floats
    limit: float = 0.0

    def sureness(self, signals: Floats) -> Floats:
        """Return how much texts are like what was learned."""
        return np.asarray((signals - self.middle) / self.spread @ self.weights, np.float32)

    def pack(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "middle": self.middle.tolist(),
            "spread": self.spread.tolist(),
            "weights": self.weights.tolist(),
            "limit": self.limit,
        }


def unpack(facts: Mapping[str, Any]) -> Scope:
    """Make it from what `pack` returned."""
    middle, spread, weights = (
        np.array(facts[name], np.float32) for name in ("middle", "spread", "weights")
    )
    return Scope(middle, spread, weights, facts["limit"])


def signals(scores: Floats, near: Floats | None) -> Floats:
    """Return the best score, its lead, and with embeddings the nearness of neighbours."""
    best = np.partition(scores, -2, axis=1)[:, -2:]
    found = [best[:, 1], best[:, 1] - best[:, 0]]
    return np.stack(found if near is None else [*found, near], axis=1)


def nearest(alike: Floats) -> Floats:
    """Return the mean of the greatest likenesses of each row."""
    most = min(NEIGHBOURS, alike.shape[1])
    return np.sort(np.partition(alike, -most, axis=1)[:, -most:], axis=1).mean(axis=1)


def learn(inside: Floats, strange: Floats, alarms: float) -> Scope:
    """Learn how to read signals from those of texts in scope and, when there are enough, of others."""
    middle, spread = inside.mean(axis=0), np.maximum(inside.std(axis=0), np.float32(1e-6))
    alike = np.ones(inside.shape[1], np.float32)
    scope = Scope(middle, spread, alike)
    if len(strange) >= SHOWN:
        scope = Scope(middle, spread, _told_apart(inside, strange, scope))
    sure = scope.sureness(inside)
    # The share of n + 1 that holds for a text to come, not only for those that were seen.
    place = int(np.floor(alarms * (len(sure) + 1)))
    limit = float(np.sort(sure)[place - 1]) if place else float("-inf")
    return Scope(middle, spread, scope.weights, max(limit, -1e9))


def _told_apart(inside: Floats, strange: Floats, scope: Scope) -> Floats:
    """Weigh signals so that texts in scope and strange ones lie apart; both count the same."""
    table = (np.concatenate([inside, strange]) - scope.middle) / scope.spread
    table = np.column_stack([table, np.ones(len(table))]).astype(np.float64)
    wanted = np.repeat([1.0, 0.0], [len(inside), len(strange)])
    weights = np.repeat([0.5 / len(inside), 0.5 / len(strange)], [len(inside), len(strange)])

    def loss(guess: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        said = table @ guess
        value = (weights * (np.logaddexp(0, said) - wanted * said)).sum()
        slope = table.T @ (weights * (1 / (1 + np.exp(-said)) - wanted))
        return float(value + 1e-4 * guess @ guess), slope + 2e-4 * guess

    done = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    return np.maximum(done.x[:-1], 0).astype(np.float32)
