"""Shares."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.policies import smooth, weighted
from tests.gateway.policies.candidates import candidates, weights


def turns(given: list[int], count: int) -> list[int]:
    among = candidates(*given)
    taken: list[int] = []
    for _ in range(count):
        choice = weighted.choose(among)
        smooth.charge(choice.turned, among[choice.first])
        taken.append(choice.first)
    return taken


@given(weights, st.integers(1, 4))
def test_after_each_round_everybody_had_exactly_their_share(given: list[int], rounds: int) -> None:
    counted = Counter(turns(given, sum(given) * rounds))
    assert [counted[index] for index in range(len(given))] == [each * rounds for each in given]


@given(weights, st.integers(1, 200))
def test_nobody_is_ever_a_whole_round_away_from_their_share(given: list[int], count: int) -> None:
    counted = Counter(turns(given, count))
    for index, weight in enumerate(given):
        assert abs(counted[index] - count * weight / sum(given)) < len(given)


def test_turns_are_spread_and_not_in_a_row() -> None:
    assert turns([5, 1, 1], 7) == [0, 0, 1, 0, 2, 0, 0]


@given(weights)
def test_shares_sum_to_one(given: list[int]) -> None:
    assert abs(sum(smooth.shares(candidates(*given))) - 1) < 1e-9
