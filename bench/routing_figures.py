"""The figures of a router: what it saves, what it keeps, and whether its chances can be believed.

Definitions. Ong et al., "RouteLLM: Learning to Route LLMs with Preference Data" (arXiv:2406.18665),
section 3: the performance gap recovered PGR = (r - r_weak) / (r_strong - r_weak); APGR, its mean over
the share of calls to the strong model, from none to all; CPT(x), the smallest share with PGR >= x.
Expected calibration error: Guo et al. (arXiv:1706.04599), here over ten groups of equal size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STRONG_PRICE, WEAK_PRICE = 24.7, 0.24
"""USD per million tokens of GPT-4 and Mixtral 8x7B, as that paper counts them."""
KEPT = 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one score on one set of prompts."""

    apgr: float
    saved: float
    """Share of the strong model's cost that is saved while 95 % of its quality is kept."""
    cpt50: float
    cpt80: float


def quality_curve(score: Floats, weak: Floats, strong: Floats) -> Floats:
    """Return the mean quality when the first 0, 1, 2, … prompts by score go to the strong model.

    Prompts of one score stand in no order: each of them counts as their mean.
    """
    order = np.argsort(-score, kind="stable")
    gain, sorted_score = (strong - weak)[order], score[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(sorted_score)) + 1])
    sizes = np.diff(np.concatenate([starts, [len(score)]]))
    even = np.repeat(np.add.reduceat(gain, starts) / sizes, sizes)
    return weak.mean() + np.concatenate([[0.0], np.cumsum(even)]) / len(score)


def figures(score: Floats, weak: Floats, strong: Floats) -> Figures:
    """Compute all figures of a score that is high where the strong model is worth its price."""
    curve = quality_curve(score, weak, strong)
    share = np.linspace(0, 1, len(curve))
    recovered = (curve - weak.mean()) / (strong.mean() - weak.mean())

    def first(reached: NDArray[np.bool_]) -> float:
        return float(share[np.flatnonzero(reached)[0]])

    needed = first(curve >= KEPT * strong.mean() - 1e-12)
    return Figures(
        float(np.trapezoid(recovered, share)),
        saved(needed),
        first(recovered >= 0.5 - 1e-12),
        first(recovered >= 0.8 - 1e-12),
    )


def saved(share: float) -> float:
    """Return the share of cost saved when this share of calls goes to the strong model."""
    return (1 - share) * (1 - WEAK_PRICE / STRONG_PRICE)


def threshold(score: Floats, weak: Floats, strong: Floats) -> float:
    """Find the highest threshold that keeps 95 % of the strong model's quality on these prompts."""
    curve = quality_curve(score, weak, strong)
    count = int(np.flatnonzero(curve >= KEPT * strong.mean() - 1e-12)[0])
    return float(np.sort(score)[::-1][max(count - 1, 0)])


def reliability(
    chance: Floats, outcome: Floats, groups: int = 10
) -> list[tuple[float, float, int]]:
    """Return predicted chance, share of good answers and size, in groups of equal size."""
    parts = np.array_split(np.argsort(chance, kind="stable"), groups)
    return [(float(chance[p].mean()), float(outcome[p].mean()), len(p)) for p in parts]


def calibration_error(chance: Floats, outcome: Floats) -> float:
    """Return the expected calibration error."""
    table = reliability(chance, outcome)
    return sum(abs(said - was) * size for said, was, size in table) / len(chance)
