"""Amounts: whole numbers and USD outside, whole numbers and pico-dollars (1e-12 USD) inside."""

from decimal import Decimal
from typing import Final

from hone.gateway import Measure

PICO: Final = 10**12
DECIMALS: Final = 6
MOST: Final = 10**15
MOST_USD: Final = 1_000_000
_DIGITS: Final = 40


def to_stored(measure: Measure, amount: Decimal) -> int:
    """Turn an amount into what is stored; raise ValueError if it cannot be kept exactly."""
    # Looked at before any arithmetic: 1E-999999 would be a fraction of a million digits.
    if not amount.is_finite() or amount < 0 or len(amount.as_tuple().digits) > _DIGITS:
        raise ValueError("an amount is a number, zero or more")
    decimals = DECIMALS if measure is Measure.COST else 0
    most = MOST_USD if measure is Measure.COST else MOST
    if amount and (amount.adjusted() < -decimals or amount > most):
        raise ValueError(f"an amount of {measure.value} is at most {most}")
    scaled = amount * 10**decimals
    if scaled != int(scaled):
        raise ValueError(
            f"an amount of {measure.value} has at most {decimals} decimals"
            if decimals
            else f"an amount of {measure.value} is a whole number"
        )
    return int(scaled) * (PICO // 10**DECIMALS if measure is Measure.COST else 1)


def to_shown(measure: str, stored: int) -> str:
    """Turn what is stored into what is shown: USD for cost, a whole number for all else."""
    if measure != Measure.COST:
        return str(stored)
    whole, part = divmod(stored, PICO)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")
