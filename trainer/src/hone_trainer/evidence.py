"""What a predictor is worth: figures of prompts that were held out, for whoever is to trust it.

A prompt's chances come from weights that have not seen it, and its calibration from the other folds.
Definitions: Ong et al., "RouteLLM" (arXiv:2406.18665), section 3, for APGR; Guo et al.
(arXiv:1706.04599) for the expected calibration error, here over ten groups of equal size.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hone_trainer.outcomes import Floats, Outcomes

KEPT: Final = 0.95
"""The part of the best model's quality that is to be kept while cost is saved."""
COMPARED: Final = 50
"""Prompts that every model answered, below which models are not compared."""
GROUPS: Final = 10
_SHARES: Final = np.linspace(0, 1, 101)
"""How much quality counts against cost, as the factors of a route say."""

Rows = NDArray[np.intp]


def evidence(outcomes: Outcomes, chances: Floats, groups: Rows) -> dict[str, float]:
    """Measure held-out chances: calibration by model, and what routing by them keeps and saves."""
    found: dict[str, float] = {}
    for place, model in enumerate(outcomes.models):
        known = ~np.isnan(outcomes.quality[:, place])
        found[f"outcomes.{model}"] = float(known.sum())
        said, was = chances[known, place], outcomes.quality[known, place]
        found[f"calibrationError.{model}"] = calibration_error(said, was)
    whole = np.flatnonzero(~np.isnan(outcomes.quality).any(axis=1))
    found["compared"] = float(len(whole))
    if len(outcomes.models) > 1 and len(whole) >= COMPARED:
        found |= _worth(outcomes.only(whole), chances[whole], groups[whole])
    return found


def _worth(outcomes: Outcomes, chances: Floats, groups: Rows) -> dict[str, float]:
    """Measure routing among models whose answer to every prompt is known."""
    quality, costs = outcomes.quality, outcomes.costs
    means = quality.mean(axis=0)
    best = int(np.argmax(means))
    found = {"bestQuality": float(means[best])}
    if costs is None or np.isnan(costs).any() or not costs[:, best].mean() > 0:
        return found
    cheap = int(np.argmin(costs.mean(axis=0)))
    if means[cheap] < means[best]:
        gain = chances[:, best] - chances[:, cheap]
        found["apgr"] = apgr(gain, quality[:, cheap], quality[:, best])
    saved, kept = _saved(chances, quality, costs, groups, best)
    share = _share(chances, quality, costs, best)
    return {**found, "saved": saved, "kept": kept, "qualityShare": share}


def _saved(
    chances: Floats, quality: Floats, costs: Floats, groups: Rows, best: int
) -> tuple[float, float]:
    """Choose the share of quality on the other folds, and see what it saves and keeps on each."""
    paid, got = 0.0, 0.0
    for group in np.unique(groups):
        inside, outside = np.flatnonzero(groups != group), np.flatnonzero(groups == group)
        if not len(inside):
            inside = outside
        share = _share(chances[inside], quality[inside], costs[inside], best)
        chosen = choose(chances[outside], costs[outside], share)
        paid += costs[outside, chosen].sum()
        got += quality[outside, chosen].sum()
    saved, kept = 1 - paid / costs[:, best].sum(), got / max(quality[:, best].sum(), 1e-12)
    return float(saved), float(kept)


def _share(chances: Floats, quality: Floats, costs: Floats, best: int) -> float:
    """Find the share of quality at which the least is paid while enough of it is kept."""
    rows = np.arange(len(quality))
    least = KEPT * quality[:, best].mean() - 1e-12
    tried: list[tuple[float, float]] = []
    for share in _SHARES:
        chosen = choose(chances, costs, float(share))
        if quality[rows, chosen].mean() >= least:
            tried.append((float(costs[rows, chosen].mean()), float(share)))
    return min(tried)[1] if tried else 1.0


def choose(chances: Floats, costs: Floats, share: float) -> Rows:
    """Choose a model for each prompt as the policy `intelligent` does, speed aside."""
    dearest = np.maximum(costs.max(axis=1, keepdims=True), 1e-30)
    score = share * chances + (1 - share) * (1 - costs / dearest)
    return np.argmax(score, axis=1)


def apgr(gain: Floats, weak: Floats, strong: Floats) -> float:
    """Return the mean gap recovered, over the share of prompts that the strong model gets.

    Prompts of one gain stand in no order: each of them counts as their mean.
    """
    order = np.argsort(-gain, kind="stable")
    real, ranked = (strong - weak)[order], gain[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(ranked)) + 1])
    sizes = np.diff(np.concatenate([starts, [len(ranked)]]))
    even = np.repeat(np.add.reduceat(real, starts) / sizes, sizes)
    recovered = np.concatenate([[0.0], np.cumsum(even)]) / real.sum()
    return float(np.trapezoid(recovered, np.linspace(0, 1, len(recovered))))


def calibration_error(chance: Floats, outcome: Floats) -> float:
    """Return how far chances are from the share of good answers, in groups of equal size."""
    parts: Sequence[Rows] = np.array_split(np.argsort(chance, kind="stable"), GROUPS)
    filled = [part for part in parts if len(part)]
    off = sum(abs(chance[p].mean() - outcome[p].mean()) * len(p) for p in filled)
    return float(off / max(len(chance), 1))
