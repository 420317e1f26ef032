"""The simulator's own price list: published prices in, whole pico-dollars out."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

PICO_PER_MICRO = 1_000_000
"""1 USD per million tokens is 1,000,000 pico-dollars (1e-12 USD) per token."""


class NotAPrice(ValueError):
    """A price is a decimal string in USD per million tokens, with at most six decimals."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, as vendors print it: USD per million tokens, decimal strings."""

    input: str = "2.5"
    output: str = "10"
    cached_input: str | None = None
    """Price of a prompt token read from the cache; None charges it like any other."""
    cache_write: str | None = None
    """Price of a prompt token written to the cache; None charges it like any other."""
    cache_write_hour: str | None = None
    """Price of one written to stay for an hour; None charges it as any that is written."""

    def __post_init__(self) -> None:
        """Refuse what is not a price."""
        rate(self)


@dataclass(frozen=True, slots=True)
class Rate:
    """A price in pico-dollars per token."""

    input: int
    output: int
    cached_input: int
    cache_write: int
    cache_write_hour: int

    def bill(
        self,
        prompt_tokens: int,
        cached_tokens: int,
        completion_tokens: int,
        written_tokens: int = 0,
        written_hour_tokens: int = 0,
    ) -> int:
        """Return what these tokens cost; those of the cache are part of the prompt's."""
        return (
            (prompt_tokens - cached_tokens - written_tokens) * self.input
            + cached_tokens * self.cached_input
            + (written_tokens - written_hour_tokens) * self.cache_write
            + written_hour_tokens * self.cache_write_hour
            + completion_tokens * self.output
        )


def rate(price: Price) -> Rate:
    """Turn a printed price into whole numbers."""
    cached = price.input if price.cached_input is None else price.cached_input
    write = price.input if price.cache_write is None else price.cache_write
    hour = write if price.cache_write_hour is None else price.cache_write_hour
    return Rate(*(_per_token(each) for each in (price.input, price.output, cached, write, hour)))


def _per_token(text: str) -> int:
    try:
        amount = Decimal(text) * PICO_PER_MICRO
    except InvalidOperation:
        raise NotAPrice(f"{NotAPrice.__doc__} Got {text!r}.") from None
    if not amount.is_finite() or amount < 0 or amount != int(amount):
        raise NotAPrice(f"{NotAPrice.__doc__} Got {text!r}.")
    return int(amount)


DEFAULT_PRICE = Price()
