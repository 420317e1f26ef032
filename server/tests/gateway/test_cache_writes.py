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
PRICE = Price(ids.new(), 3_000_000, 15_000_000, cached_input=300_000, cache_write=3_750_000)
LONG = "The Great Barn seats up to 140 guests. " * 150
MARKED: Any = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
HELLO: Any = [{"role": "user", "content": "Hello"}]
CHAT: Any = [{"role": "system", "content": MARKED}, *HELLO]


@pytest.fixture
def vendor() -> Iterator[Simulator]:
    """Play the vendor with an empty cache."""
    config = SimulatorConfig(prices={MODEL: Printed("3", "15", "0.3", "3.75")})
    with in_thread(config) as simulator:
        yield simulator


def _by_messages(home: House) -> None:
    home.anthropic().messages.create(model="m", max_tokens=20, system=MARKED, messages=HELLO)


def _by_streamed_messages(home: House) -> None:
    client = home.anthropic().messages
    with client.stream(model="m", max_tokens=20, system=MARKED, messages=HELLO) as stream:
        stream.get_final_message()


def _by_chat(home: House) -> None:
    home.client().chat.completions.create(model="m", max_tokens=20, messages=CHAT)


def _by_streamed_chat(home: House) -> None:
    list(home.client().chat.completions.create(model="m", messages=CHAT, stream=True))


@pytest.mark.parametrize("ask", [_by_messages, _by_streamed_messages, _by_chat, _by_streamed_chat])
def test_what_is_put_into_a_cache_costs_what_the_vendor_bills(
    tmp_path: Path, vendor: Simulator, ask: Any
) -> None:
    there = target("m", vendor.api, kind="anthropic", upstream=MODEL, price=PRICE)
    with house(tmp_path, route("m", there)) as home:
        ask(home)
        ask(home)
        attempts = [frame.attempts[0] for frame in home.settled()]
    rows = vendor.ledger()
    assert [each.written_tokens for each in attempts] == [row.written_tokens for row in rows]
    assert [each.cached_tokens for each in attempts] == [row.cached_tokens for row in rows]
    assert attempts[0].written_tokens == attempts[1].cached_tokens > 1000
    assert [each.cost for each in attempts] == [row.billed_picodollars for row in rows]
    assert attempts[0].cost > attempts[0].input_tokens * PRICE.input
