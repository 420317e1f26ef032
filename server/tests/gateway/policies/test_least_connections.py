"""Calls in flight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.policies import least_connections, smooth
from tests.gateway.policies.candidates import candidates

loads = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30)), min_size=1, max_size=6)


@given(loads)
def test_nobody_is_less_loaded_than_the_chosen(given: list[tuple[int, int]]) -> None:
    among = candidates(*(weight for weight, _ in given))
    for each, (_, calls) in zip(among, given, strict=True):
        each.breaker.pace.calls = calls
    choice = least_connections.choose(among)
    least = min(least_connections.load(each) for each in among)
    assert least_connections.load(among[choice.first]) == least
    assert choice.order is not None
    assert choice.chances is not None
    assert choice.order[0] == choice.first
    assert sorted(choice.order) == list(range(len(among)))
    assert sum(choice.chances) == pytest.approx(1)
    for each, chance in zip(among, choice.chances, strict=True):
        assert (chance > 0) == (least_connections.load(each) == least)


def test_a_call_in_flight_counts_by_weight() -> None:
    among = candidates(3, 1)
    taken: list[int] = []
    for _ in range(8):
        choice = least_connections.choose(among)
        smooth.charge(choice.turned, among[choice.first])
        among[choice.first].breaker.pace.begin()
        taken.append(choice.first)
    assert (taken.count(0), taken.count(1)) == (6, 2)


def test_the_idle_take_turns() -> None:
    among = candidates(1, 1, 1)
    taken: list[int] = []
    for _ in range(6):
        choice = least_connections.choose(among)
        smooth.charge(choice.turned, among[choice.first])
        taken.append(choice.first)
    assert taken == [0, 1, 2, 0, 1, 2]


def test_a_target_of_no_weight_comes_last() -> None:
    among = candidates(1, 0)
    among[0].breaker.pace.calls = 50
    assert least_connections.choose(among).order == [0, 1]
