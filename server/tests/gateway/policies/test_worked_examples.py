"""The figures of `docs/explanation/how-routes-choose.md`, reckoned by the policies themselves."""

from dataclasses import replace

import pytest

from hone.core import ids
from hone.gateway.demand import Demand
from hone.gateway.pace import Latency
from hone.gateway.policies import (
    adaptive,
    beliefs,
    intelligent,
    least_connections,
    response_time,
    smooth,
    weighted,
)
from hone.gateway.policies.beliefs import Belief
from hone.gateway.routing import MOST_CONVERSATIONS, MOST_TRIED
from hone.gateway.snapshot import Factors
from hone.llm.types import Price
from tests.docs.pages import DOCS
from tests.gateway.policies.candidates import answered, candidates

PAGE = (DOCS / "explanation" / "how-routes-choose.md").read_text(encoding="utf-8")


def test_shares_by_weight() -> None:
    among, said = candidates(5, 1, 1), list[str]()
    for _ in range(7):
        choice = weighted.choose(among)
        smooth.charge(choice.turned, among[choice.first])
        said.append("abc"[choice.first])
    assert f"`{' '.join(said)}`" in PAGE


def test_calls_in_flight() -> None:
    a, b = among = candidates(3, 1)
    a.breaker.pace.calls, b.breaker.pace.calls = 3, 1
    assert [least_connections.load(each) for each in among] == [1.0, 1.0]
    assert least_connections.choose(among).chances == [0.75, 0.25]
    b.breaker.pace.calls = 0
    assert least_connections.choose(among).first == 1
    assert "three\ncalls in flight at `a`, one at `b`, both carry 1.0" in PAGE


def test_loads_and_how_they_fade() -> None:
    assert response_time.chances([0.4, 0.6, 2.0]) == pytest.approx([2 / 3, 1 / 3, 0])
    assert "the chances are 2/3, 1/3 and 0" in PAGE
    slow = Latency()
    slow.observe(2.0, 1.0)
    assert f"the 2.0 have faded to {slow.peak_at(61.0):.2f}" in PAGE


def test_scores() -> None:
    large, small = among = candidates(1, 1)
    # A thousand tokens of the prompt at 5 and 0.5 USD for a million: $0.005 and $0.0005.
    large.target = replace(large.target, price=Price(ids.new(), 5_000_000, 0))
    small.target = replace(small.target, price=Price(ids.new(), 500_000, 0))
    answered(large, 2.0)
    answered(small, 0.8)
    demand = Demand(input_tokens=1000)
    assert intelligent.costs(among, demand) == [5e9, 5e8]
    rows = [
        intelligent.scores(
            [0.9, 0.6],
            intelligent.costs(among, demand),
            intelligent.waits(among, demand, 1.0),
            intelligent.answering(among, 1.0),
            factors,
        )
        for factors in (Factors(0.3, 0.4, 0.3), Factors(0.1, 0.1, 0.8))
    ]
    for name, quality, cost, wait, place in (
        ("large", 0.9, "0.0050", 2.0, 0),
        ("small", 0.6, "0.0005", 0.8, 1),
    ):
        scores = " | ".join(f"**{row[place]:.2f}**" for row in rows)
        assert f"| `{name}` | {quality} | ${cost} | {wait} s | {scores} |" in PAGE


def test_chances_of_what_is_believed() -> None:
    for counts, words in (
        ((40, 10), "a chance of {0:.2f}, and is\nasked with {1:.2f}"),
        ((400, 100), "it is {0:.2f} and {1:.2f}"),
    ):
        pair = [Belief(0.30, 0.04, counts[0]), Belief(0.25, 0.04, counts[1])]
        chances = beliefs.best_chances(pair)
        asked = adaptive.explored(chances, 0.05)
        assert words.format(chances[0], asked[0]) in PAGE


def test_numbers_that_are_named() -> None:
    assert f"the last {MOST_CONVERSATIONS:,} conversations" in PAGE
    assert "the best five" in PAGE
    assert MOST_TRIED == 5
