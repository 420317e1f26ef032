import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.simulator.prices import NotAPrice, Price, rate

micros = st.integers(0, 10**12)


@given(micros, micros)
def test_a_million_tokens_cost_what_the_list_says(input_micros: int, output_micros: int):
    price = Price(f"{input_micros / 10**6:.6f}", f"{output_micros / 10**6:.6f}")
    per_token = rate(price)
    assert per_token.bill(10**6, 0, 0) == input_micros * 10**6
    assert per_token.bill(0, 0, 10**6) == output_micros * 10**6


def test_cached_tokens_have_their_own_price():
    assert rate(Price("2.5", "10", "1.25")).bill(100, 60, 10) == 40 * 2_500_000 + (
        60 * 1_250_000 + 10 * 10_000_000
    )
    assert rate(Price("2.5", "10")).bill(100, 60, 0) == 100 * 2_500_000


@pytest.mark.parametrize("text", ["", "free", "-1", "NaN", "Infinity", "0.0000001"])
def test_what_is_no_price_is_refused(text: str):
    with pytest.raises(NotAPrice):
        rate(Price(input=text))
