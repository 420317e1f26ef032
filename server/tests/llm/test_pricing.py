"""Usage times price, for any usage and any price: whole numbers, and every token once."""

from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.llm.pricing import cost
from hone.llm.types import Price, Usage
from hone.simulator.prices import Rate

TOKENS = st.integers(0, 2**31 - 1)
PICO = st.integers(0, 10**12)
PRICES = st.builds(
    Price,
    st.builds(ids.new),
    PICO,
    PICO,
    cached_input=st.none() | PICO,
    cache_write=st.none() | PICO,
    cache_write_hour=st.none() | PICO,
)
USAGES = st.builds(Usage, TOKENS, TOKENS, TOKENS, TOKENS, TOKENS, written_hour_tokens=TOKENS)


@st.composite
def consistent(draw: st.DrawFn) -> Usage:
    """Draw a usage as a vendor tells it: the cache's tokens are parts of the input."""
    fresh, cached, written, output = (draw(TOKENS) for _ in range(4))
    return Usage(
        fresh + cached + written,
        output,
        cached,
        written_tokens=written,
        written_hour_tokens=draw(st.integers(0, written)),
    )


@given(consistent(), PRICES)
def test_a_cost_is_the_vendors_bill(usage: Usage, price: Price) -> None:
    cached, hour = price.cached_input, price.cache_write_hour
    write = price.input if price.cache_write is None else price.cache_write
    rate = Rate(
        price.input,
        price.output,
        price.input if cached is None else cached,
        write,
        write if hour is None else hour,
    )
    bill = rate.bill(
        usage.input_tokens,
        usage.cached_tokens,
        usage.output_tokens,
        usage.written_tokens,
        usage.written_hour_tokens,
    )
    assert cost(usage, price) == bill


@given(USAGES, PRICES)
def test_whatever_a_vendor_tells_each_token_is_charged_once(usage: Usage, price: Price) -> None:
    made = cost(usage, price)
    rates = [price.input]
    cache = (price.cached_input, price.cache_write, price.cache_write_hour)
    rates += [each for each in cache if each is not None]
    output = usage.output_tokens * price.output
    assert usage.input_tokens * min(rates) <= made - output <= usage.input_tokens * max(rates)
    assert price.dearest_input == max(rates)


@given(USAGES, PICO, PICO)
def test_a_cache_without_a_price_of_its_own_changes_nothing(
    usage: Usage, into: int, out: int
) -> None:
    made = cost(usage, Price(ids.new(), into, out))
    assert made == usage.input_tokens * into + usage.output_tokens * out


@given(consistent(), consistent(), PRICES)
def test_costs_add_up(one: Usage, other: Usage, price: Price) -> None:
    assert cost(one + other, price) == cost(one, price) + cost(other, price)
