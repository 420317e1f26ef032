"""What a provider puts into its prompt cache is counted and charged at its own price."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hone.core import ids
from hone.llm.types import Price
from hone.simulator import Price as Printed
from hone.simulator import SimulatorConfig
from tests.gateway.running import House, house, route, target
from tests.simulator.running import Simulator, in_thread

MODEL = "claude-sonnet-4-5"
PRICE = Price(ids.new(), 3_000_000, 15_000_000, 300_000, 3_750_000, cache_write_hour=6_000_000)
LONG = "The Great Barn seats up to 140 guests. " * 150
HELLO: Any = [{"role": "user", "content": "Hello"}]


@pytest.fixture
def vendor() -> Iterator[Simulator]:
    """Play the vendor with an empty cache."""
    config = SimulatorConfig(prices={MODEL: Printed("3", "15", "0.3", "3.75", "6")})
    with in_thread(config) as simulator:
        yield simulator


def _marked(ttl: str) -> Any:
    return [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral", "ttl": ttl}}]


def _by_messages(home: House, system: Any) -> None:
    home.anthropic().messages.create(model="m", max_tokens=20, system=system, messages=HELLO)


def _by_streamed_messages(home: House, system: Any) -> None:
    client = home.anthropic().messages
    with client.stream(model="m", max_tokens=20, system=system, messages=HELLO) as stream:
        stream.get_final_message()


def _by_chat(home: House, system: Any) -> None:
    asked: Any = [{"role": "system", "content": system}, *HELLO]
    home.client().chat.completions.create(model="m", max_tokens=20, messages=asked)


def _by_streamed_chat(home: House, system: Any) -> None:
    asked: Any = [{"role": "system", "content": system}, *HELLO]
    list(home.client().chat.completions.create(model="m", messages=asked, stream=True))


@pytest.mark.parametrize("ask", [_by_messages, _by_streamed_messages, _by_chat, _by_streamed_chat])
@pytest.mark.parametrize("ttl", ["5m", "1h"])
def test_what_is_put_into_a_cache_costs_what_the_vendor_bills(
    tmp_path: Path, vendor: Simulator, ask: Any, ttl: str
) -> None:
    there = target("m", vendor.api, kind="anthropic", upstream=MODEL, price=PRICE)
    with house(tmp_path, route("m", there)) as home:
        ask(home, _marked(ttl))
        ask(home, _marked(ttl))
        attempts = [frame.attempts[0] for frame in home.settled()]
    rows = vendor.ledger()
    assert [each.written_tokens for each in attempts] == [row.written_tokens for row in rows]
    assert [each.cached_tokens for each in attempts] == [row.cached_tokens for row in rows]
    assert attempts[0].written_tokens == attempts[1].cached_tokens > 1000
    for_an_hour = attempts[0].written_tokens if ttl == "1h" else 0
    assert attempts[0].written_hour_tokens == rows[0].written_hour_tokens == for_an_hour
    assert [each.cost for each in attempts] == [row.billed_picodollars for row in rows]
    assert attempts[0].cost > attempts[0].input_tokens * PRICE.input
