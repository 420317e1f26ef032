"""Prices between USD per million tokens and pico-dollars per token."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.registry.money import LIMIT, to_pico, to_usd


@pytest.mark.parametrize(
    ("usd", "pico"),
    [
        ("0", 0),
        ("-0", 0),
        ("0E-999999", 0),
        ("2.5", 2_500_000),
        ("0.000001", 1),
        ("2.50000000000", 2_500_000),
        ("1e3", 1_000_000_000),
        ("1000000", 10**12),
    ],
)
def test_a_price_is_a_whole_number_of_pico_dollars(usd: str, pico: int) -> None:
    assert to_pico(Decimal(usd)) == pico


@pytest.mark.parametrize(
    "usd",
    [
        *("0.0000001", "2.5000001", "1E-999999", "0." + "1" * 60, "1000000.000001", "1E+999999"),
        *("-1", "NaN", "Infinity"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(usd: str) -> None:
    with pytest.raises(ValueError, match="a price"):
        to_pico(Decimal(usd))


@given(st.integers(0, LIMIT * 10**6))
def test_every_whole_number_of_pico_dollars_comes_back(pico: int) -> None:
    assert to_pico(Decimal(to_usd(pico))) == pico


@given(st.decimals(0, LIMIT, places=6, allow_nan=False, allow_infinity=False))
def test_six_decimals_are_exact(usd: Decimal) -> None:
    assert Decimal(to_usd(to_pico(usd))) == usd


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_number_is_kept_exactly_or_refused(usd: Decimal) -> None:
    try:
        pico = to_pico(usd)
    except ValueError:
        return
    assert Decimal(to_usd(pico)) == usd
