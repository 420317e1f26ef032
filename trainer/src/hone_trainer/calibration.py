"""Chances that come true: a line through log odds (Platt) or one temperature, from what was held out."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import logsumexp

from hone_trainer.outcomes import Floats

Floats32 = NDArray[np.float32]


def line(said: Floats, target: Floats) -> tuple[float, float]:
    """Find the slope and shift of log odds that fit held-out outcomes."""
    known = ~np.isnan(target)
    said, target = said[known], target[known]

    def loss(guess: Floats) -> tuple[float, Floats]:
        found = guess[0] * said + guess[1]
        rest = 1 / (1 + np.exp(-found)) - target
        value = float((np.logaddexp(0, found) - target * found).mean())
        return value, np.array([(rest * said).mean(), rest.mean()])

    # A slope below nothing would mean that the outcomes contradict what was learned.
    bounds = [(0.0, 5.0), (-20.0, 20.0)]
    done = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(done.x[0]), float(done.x[1])


def held_out(said: Floats, target: Floats, groups: NDArray[np.intp], *, useful: bool) -> Floats:
    """Calibrate each fold on the others, so that no prompt has a part in what is said of it.

    Of weights that are of no use only the shares of good answers are left.
    """
    made = np.zeros(target.shape)
    for group in np.unique(groups):
        outside = groups == group
        for model in range(target.shape[1]):
            inside = ~outside & ~np.isnan(target[:, model])
            if not inside.any():
                inside = ~np.isnan(target[:, model])
            was = target[inside, model]
            slope, shift = line(said[inside, model], was) if useful else (0.0, odds(was.mean()))
            made[outside, model] = chance(slope * said[outside, model] + shift)
    return made


def odds(share: float) -> float:
    """Return the log odds of a share, kept from the ends of the scale."""
    held = min(max(float(share), 1e-3), 1 - 1e-3)
    return float(np.log(held / (1 - held)))


def chance(odds: Floats) -> Floats:
    """Return chances."""
    return np.asarray(1 / (1 + np.exp(-odds)))


def temperature(said: Floats32, classes: NDArray[np.intp], learned: int | None = None) -> float:
    """Find what scores are divided by so that chances come true.

    Of the `learned` examples that a model has, these may be some; absent: all.

    Where everything held out was right, no temperature is low enough. So each of the K classes is
    taken to have come up once more than it did (Platt's targets, 1999, for more than two classes):
    of N examples, no chance is believed to be above (N + 1) / (N + K).
    """
    rows = np.arange(len(classes))
    count, kinds = said.shape
    doubt = 1 / ((learned or count) + kinds)

    def loss(guess: float) -> float:
        found = said.astype(np.float64) / np.exp(guess)
        likely = found - logsumexp(found, axis=1, keepdims=True)
        sure = (1 - kinds * doubt) * likely[rows, classes]
        return float(-(sure + doubt * likely.sum(axis=1)).mean())

    done = minimize_scalar(loss, bounds=(-6.0, 4.0), method="bounded")
    return round(float(np.exp(done.x)), 6)
