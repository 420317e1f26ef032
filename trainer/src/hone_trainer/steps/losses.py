"""What is made small: of scores and what was wanted, a loss for each example and its slope."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import entry_points
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.errors import Refused

Floats = NDArray[np.float32]
Loss = Callable[[Floats, Floats], tuple[Floats, Floats]]
GROUP: Final = "hone_trainer.losses"
TINY: Final = np.float32(1e-12)


def _chances(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def cross_entropy(scores: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Return how unlikely what was wanted is."""
    chances = _chances(scores)
    return -(wanted * np.log(chances + TINY)).sum(axis=1), chances - wanted


def focal(scores: Floats, wanted: Floats, gamma: float) -> tuple[Floats, Floats]:
    """Return cross entropy that looks away from what is easy already."""
    chances = _chances(scores)
    logs = np.log(chances + TINY)
    rest = 1 - chances
    loss = -(wanted * rest**gamma * logs).sum(axis=1)
    inner = wanted * (gamma * rest ** np.float32(max(gamma - 1, 0)) * chances * logs - rest**gamma)
    if gamma == 0:
        inner = -wanted
    return loss, inner - chances * inner.sum(axis=1, keepdims=True)


def loss(name: str, gamma: float, custom: str | None) -> Loss:
    """Return a loss by its name; raises `Refused` where a custom one is not installed, or cannot be loaded."""
    if name == "cross_entropy":
        return cross_entropy
    if name == "focal":
        return partial(focal, gamma=gamma)
    found = {each.name: each for each in entry_points(group=GROUP)}
    if custom not in found:
        known = ", ".join(sorted(found)) or "none"
        told = f"There is no custom loss {custom!r}; installed in the group `{GROUP}`: {known}."
        raise Refused("LOSS_UNKNOWN", told, losses=sorted(found))
    try:
        own: Loss = found[custom].load()
    except Exception as error:
        told = f"The custom loss {custom!r} cannot be loaded: {type(error).__name__}: {error}"
        raise Refused("LOSS_UNUSABLE", told) from error
    return partial(_own, custom, own)


def _own(name: str, own: Loss, scores: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Ask a loss that somebody else wrote, and look at what it answers."""
    try:
        told, slope = own(scores, wanted)
        told, slope = np.asarray(told, np.float32), np.asarray(slope, np.float32)
    except Exception as error:
        said = f"The custom loss {name!r} failed: {type(error).__name__}: {error}"
        raise Refused("LOSS_UNUSABLE", said) from error
    rows = len(scores)
    if told.shape != (rows,) or slope.shape != scores.shape:
        said = (
            f"The custom loss {name!r} must answer a loss for each of {rows} examples, of shape"
            f" ({rows},), and its slope, of shape {scores.shape}; it answered {told.shape} and {slope.shape}."
        )
        raise Refused("LOSS_UNUSABLE", said)
    if not (np.isfinite(told).all() and np.isfinite(slope).all()):
        raise Refused("LOSS_UNUSABLE", f"The custom loss {name!r} answered what is no number.")
    return told, slope
