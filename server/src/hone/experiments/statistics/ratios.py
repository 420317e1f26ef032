"""Whether each arm got its share of the units: where not, the experiment is broken and says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final

from hone.experiments.statistics.distributions import chi_square_above

ALPHA: Final = 0.001
"""How sure the alarm must be: it throws away an experiment."""
_CONCENTRATIONS: Final = (1.0, 100.0, 10_000.0)
"""Large for small deviations among many units, small for gross ones among few; averaged."""


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether units came to arms as they should have."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    p: float
    """Holds at all times: may be looked at whenever somebody likes."""
    ok: bool
    chi_square: float
    chi_square_p: float
    """Of Pearson's test, for one look only; for show."""
    words: str


def sample_ratio(
    counts: Sequence[int], shares: Sequence[float], alpha: float = ALPHA
) -> SampleRatio:
    """Test counts of units against the shares that were set.

    The Dirichlet-multinomial test of Lindon and Malek (Anytime-valid inference for multinomial count
    data, NeurIPS 2022, arXiv 2011.03567). Shares need not sum to 1. Raises ValueError where there is
    not one share for each count.
    """
    if len(counts) != len(shares) or not counts:
        raise ValueError("there is one share for each count")
    total, whole = sum(counts), sum(shares)
    chances = [each / whole for each in shares]
    expected = tuple(total * each for each in chances)
    strays = any(count and not chance for count, chance in zip(counts, chances, strict=True))
    pairs = [pair for pair in zip(counts, chances, strict=True) if pair[1] > 0]
    p = 0.0 if strays else _always(pairs)
    chi = (
        sum((count - total * chance) ** 2 / (total * chance) for count, chance in pairs)
        if total
        else 0.0
    )
    single = 1.0 if len(pairs) < 2 else chi_square_above(chi, len(pairs) - 1)
    ok = p >= alpha
    return SampleRatio(
        tuple(counts), expected, p, ok, chi, 0.0 if strays else single, _words(counts, expected, ok)
    )


def _always(pairs: Sequence[tuple[int, float]]) -> float:
    """Return 1 over the mean of the evidence of each prior, at most 1."""
    told = [evidence(pairs, each) for each in _CONCENTRATIONS]
    most = max(told)
    mean = most + log(sum(exp(each - most) for each in told) / len(told))
    return min(1.0, exp(-mean)) if mean < 700 else 0.0


def evidence(pairs: Sequence[tuple[int, float]], concentration: float) -> float:
    """Return the logarithm of the Bayes factor against the shares, for counts and chances.

    The prior is a Dirichlet distribution around the shares, with the given concentration.
    """
    total = sum(count for count, _ in pairs)
    made = lgamma(concentration) - lgamma(concentration + total)
    for count, chance in pairs:
        weight = concentration * chance
        made += lgamma(weight + count) - lgamma(weight) - count * log(chance)
    return made


def _words(counts: Sequence[int], expected: Sequence[float], ok: bool) -> str:
    told = ", ".join(
        f"{count:,} of {should:,.0f}" for count, should in zip(counts, expected, strict=True)
    )
    if ok:
        return f"Units came to the arms as they should ({told} expected)."
    return (
        f"Units did not come to the arms as they should ({told} expected). Something sends or counts "
        "them differently by arm, so the results cannot be trusted. Look for calls that fail before "
        "they are recorded, for retries, and for bots."
    )
