"""Turns."""

from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.breaker import Breakers
from hone.gateway.policies import round_robin, smooth
from hone.gateway.routing import Router
from hone.gateway.snapshot import Policy
from tests.gateway.policies.candidates import asked, candidates
from tests.gateway.running import route, target


@given(st.integers(1, 9), st.integers(1, 5))
def test_everybody_has_one_turn_in_each_round(count: int, rounds: int) -> None:
    among = candidates(*[1] * count)
    taken: list[int] = []
    for _ in range(count * rounds):
        choice = round_robin.choose(among)
        smooth.charge(choice.turned, among[choice.first])
        taken.append(choice.first)
    assert taken == list(range(count)) * rounds


def test_choosing_changes_nothing() -> None:
    among = candidates(1, 1)
    assert [round_robin.choose(among).first for _ in range(3)] == [0, 0, 0]
    assert [each.balance for each in among] == [0, 0]


def test_weights_do_not_count() -> None:
    router, org = Router(Breakers()), target("a", "").model_bytes
    way = route("mix", target("a", ""), target("b", ""), weights=[9, 1], policy=Policy.ROUND_ROBIN)
    plans = [router.plan(org, way, 0.0, asked()) for _ in range(6)]
    assert [plan.targets[0][0].model for plan in plans] == ["a", "b"] * 3
    assert plans[0].candidates == [("a", 0.5), ("b", 0.5)]
