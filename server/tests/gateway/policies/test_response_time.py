"""Who answers sooner."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.pace import FADES, Latency
from hone.gateway.policies import response_time
from tests.gateway.policies.candidates import answered, candidates

NOW = 1.0
times = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.5, 3.0]), min_size=1, max_size=6)


@given(times)
def test_chances_sum_to_one_and_the_quicker_have_more(given: list[float]) -> None:
    chances = response_time.chances(given)
    assert sum(chances) == pytest.approx(1)
    for one, mine in zip(given, chances, strict=True):
        for other, theirs in zip(given, chances, strict=True):
            assert one >= other or mine > theirs
            assert one != other or mine == theirs


@given(times, st.integers(0, 1000))
def test_targets_are_chosen_as_often_as_is_told(given: list[float], seed: int) -> None:
    among = candidates(*[1] * len(given))
    for each, seconds in zip(among, given, strict=True):
        if seconds:
            answered(each, seconds, NOW)
    random, rounds = Random(seed).random, 2000
    choices = [response_time.choose(among, NOW, random, stream=False) for _ in range(rounds)]
    counted = Counter(choice.first for choice in choices)
    for index, chance in enumerate(choices[0].chances or []):
        assert counted[index] / rounds == pytest.approx(chance, abs=0.06)


def test_of_two_the_slower_is_left_alone_until_its_slowness_fades() -> None:
    slow, quick = among = candidates(1, 1)
    answered(slow, 5.0, NOW)
    answered(quick, 0.5, NOW)
    draw = Random(1).random
    assert response_time.choose(among, NOW, draw, stream=False).order == [1, 0]
    later = NOW + 4 * FADES
    answered(quick, 0.5, later)
    assert response_time.choose(among, later, draw, stream=False).order == [0, 1]


def test_what_is_unknown_is_tried_by_one_call_at_a_time() -> None:
    known, unknown = among = candidates(1, 1)
    answered(known, 0.1, NOW)
    draw = Random(1).random
    assert response_time.choose(among, NOW, draw, stream=False).first == 1
    unknown.breaker.pace.begin()
    assert response_time.choose(among, NOW, draw, stream=False).first == 0


def test_calls_in_flight_make_a_quick_target_slow() -> None:
    quick, slow = among = candidates(1, 1)
    answered(quick, 1.0, NOW)
    answered(slow, 2.5, NOW)
    firsts: list[int] = []
    for _ in range(3):
        choice = response_time.choose(among, NOW, Random(1).random, stream=False)
        among[choice.first].breaker.pace.begin()
        firsts.append(choice.first)
    assert firsts == [0, 0, 1]


def test_a_stream_is_judged_by_its_first_token() -> None:
    chatty, terse = among = candidates(1, 1)
    answered(chatty, 9.0, NOW, first=0.1)
    answered(terse, 1.0, NOW, first=0.9)
    draw = Random(1).random
    assert response_time.choose(among, NOW, draw, stream=True).first == 0
    assert response_time.choose(among, NOW, draw, stream=False).first == 1


def test_a_quick_failure_does_not_make_a_target_quick() -> None:
    latency = Latency()
    latency.observe(2.0, NOW)
    latency.suffer(0.001, NOW)
    assert latency.peak_at(NOW) == 2.0
    latency.suffer(30.0, NOW)
    assert latency.peak_at(NOW) == 30.0


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.001, 60)), min_size=1, max_size=20))
def test_a_peak_lies_between_nothing_and_the_slowest(given: list[tuple[float, float]]) -> None:
    latency, now, slowest = Latency(), NOW, 0.0
    for waited, seconds in given:
        now += waited
        latency.observe(seconds, now)
        slowest = max(slowest, seconds)
        assert 0 < latency.peak_at(now) <= slowest * 1.000001
        assert latency.peak_at(now) >= seconds * 0.5 or waited < FADES
    assert latency.peak_at(now + 100) < latency.peak_at(now)
