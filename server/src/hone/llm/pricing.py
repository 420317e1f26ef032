"""Usage times price is cost, in whole pico-dollars (1e-12 USD)."""

from hone.llm.types import Price, Usage


def cost(usage: Usage, price: Price | None, *, batch: bool = False) -> int:
    """Return what an attempt cost, in pico-dollars; a model without a price costs nothing."""
    if price is None:
        return 0
    cached = min(usage.cached_tokens, usage.input_tokens)
    written = min(usage.written_tokens, usage.input_tokens - cached)
    cached_price = price.input if price.cached_input is None else price.cached_input
    written_price = price.input if price.cache_write is None else price.cache_write
    made = (
        (usage.input_tokens - cached - written) * price.input
        + cached * cached_price
        + written * written_price
        + usage.output_tokens * price.output
    )
    if usage.written_hour_tokens and price.cache_write_hour is not None:
        for_an_hour = min(usage.written_hour_tokens, written)
        made += for_an_hour * (price.cache_write_hour - written_price)
    if not batch or price.batch_percent is None:
        return made
    return (made * price.batch_percent + 50) // 100
