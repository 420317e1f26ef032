"""Prices: USD per million tokens outside, whole pico-dollars (1e-12 USD) per token inside.

1 USD per million tokens is 1,000,000 pico-dollars per token, so six decimals are exact and a
seventh cannot be kept. No float takes part.
"""

from decimal import Decimal
from fractions import Fraction

DECIMALS = 6
LIMIT = 1_000_000
"""Highest price, in USD per million tokens."""
_SCALE = 10**DECIMALS
_DIGITS = 40


def to_pico(usd: Decimal) -> int:
    """Turn USD per million tokens into pico-dollars per token; raise ValueError if inexact."""
    if not usd.is_finite() or usd < 0:
        raise ValueError("a price is a number, zero or more")
    if usd == 0:
        return 0
    # Looked at before any arithmetic: 1E-999999 would be a fraction of a million digits.
    if usd.adjusted() < -DECIMALS or len(usd.as_tuple().digits) > _DIGITS:
        raise ValueError(f"a price has at most {DECIMALS} decimals")
    if usd > LIMIT:
        raise ValueError(f"a price is at most {LIMIT} USD per million tokens")
    scaled = Fraction(usd) * _SCALE
    if scaled.denominator != 1:
        raise ValueError(f"a price has at most {DECIMALS} decimals")
    return scaled.numerator


def to_usd(pico: int) -> str:
    """Turn pico-dollars per token into USD per million tokens, as short as it can be: `2.5`."""
    whole, rest = divmod(pico, _SCALE)
    return f"{whole}.{rest:0{DECIMALS}d}".rstrip("0").rstrip(".")


def to_part(percent: int) -> str:
    """Turn per cent into a part of one, as short as it can be: `0.5`."""
    return f"{percent / 100:.2f}".rstrip("0").rstrip(".")
