"""Turns, shares and breakers, without a provider."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway.breaker import FAILURES, LONGEST, SHORTEST, Breaker, Breakers
from hone.gateway.errors import NoTarget, TargetsLimited
from hone.gateway.routing import Router
from hone.llm.errors import Broken, Limited, QuotaSpent, Rejected
from tests.gateway.policies.candidates import asked
from tests.gateway.running import route, target

ORGANIZATION = ids.raw()
URL = "http://127.0.0.1:1/v1"
ASK = asked()


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6).filter(any), st.integers(1, 1000))
def test_each_target_has_its_exact_share(weights: list[int], scale: int) -> None:
    targets = [target(str(index), URL) for index in range(len(weights))]
    scaled = [weight / scale for weight in weights]
    router = Router(Breakers())
    way = route("mix", *targets, weights=[float(str(weight)) for weight in scaled])
    shares = [Fraction(str(weight)) for weight in scaled]
    plans = [router.plan(ORGANIZATION, way, 0.0, ASK) for _ in range(sum(weights))]
    first = Counter(plan.targets[0][0].model for plan in plans)
    total = sum(shares)
    for index, share in enumerate(shares):
        assert abs(first[str(index)] - float(share / total) * len(plans)) < 1
    for plan in plans:
        assert len({each.model for each, _ in plan.targets}) == len(targets)
        assert sum(chance for _, chance in plan.candidates) == pytest.approx(1)


def test_weights_of_nothing_are_equal_weights() -> None:
    router = Router(Breakers())
    way = route("mix", target("a", URL), target("b", URL), weights=[0, 0])
    first = [router.plan(ORGANIZATION, way, 0.0, ASK).targets[0][0].model for _ in range(4)]
    assert sorted(first) == ["a", "a", "b", "b"]


def test_a_snapshot_made_anew_does_not_set_the_wheel_back() -> None:
    router = Router(Breakers())
    targets = [target("a", URL), target("b", URL)]
    first = [
        router.plan(ORGANIZATION, route("mix", *targets), 0.0, ASK).targets[0][0].model
        for _ in range(10)
    ]
    assert first == ["a", "b"] * 5


def test_a_target_of_no_weight_answers_when_the_others_are_down() -> None:
    breakers = Breakers()
    a, b = target("a", URL), target("b", URL)
    breakers.of(a.model_id).fail(Limited(retry_after=60), 0.0)
    plan = Router(breakers).plan(ORGANIZATION, route("mix", a, b, weights=[1, 0]), 1.0, ASK)
    assert [each.model for each, _ in plan.targets] == ["b"]
    assert plan.candidates == [("b", 1.0)]


def test_all_limited_is_429_and_otherwise_503() -> None:
    breakers = Breakers()
    a, b = target("a", URL), target("b", URL)
    breakers.of(a.model_id).fail(Limited(retry_after=60), 0.0)
    breakers.of(b.model_id).fail(Limited(retry_after=30), 0.0)
    way = route("mix", a, fallbacks=[b])
    with pytest.raises(TargetsLimited) as limited:
        Router(breakers).plan(ORGANIZATION, way, 10.0, ASK)
    assert limited.value.wait == 20
    breakers.of(a.model_id).fail(QuotaSpent(), 0.0)
    with pytest.raises(NoTarget):
        Router(breakers).plan(ORGANIZATION, way, 10.0, ASK)


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_try() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.fail(Broken(), 0.0)
    breaker.succeed()
    for _ in range(FAILURES):
        assert breaker.available(0.0)
        breaker.fail(Broken(), 0.0)
    assert not breaker.available(SHORTEST - 0.1)
    assert breaker.available(SHORTEST)
    breaker.begin(SHORTEST)
    assert not breaker.available(SHORTEST + 1)
    breaker.leave()
    assert breaker.available(SHORTEST + 1)
    breaker.succeed()
    assert breaker.available(0.0)


def test_each_failed_trial_doubles_the_pause_up_to_a_limit() -> None:
    breaker, now, pauses = Breaker(), 0.0, list[float]()
    for _ in range(FAILURES - 1):
        breaker.fail(Broken(), now)
    for _ in range(8):
        breaker.fail(Broken(), now)
        pauses.append(breaker.waits(now))
        now += pauses[-1]
        breaker.begin(now)
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    assert pauses[-1] == LONGEST


def test_a_refusal_of_the_request_says_nothing_of_the_target() -> None:
    breaker = Breaker()
    for _ in range(FAILURES * 2):
        breaker.fail(Rejected(), 0.0)
    assert breaker.available(0.0)


def test_a_limit_without_a_time_is_short() -> None:
    breaker = Breaker()
    breaker.fail(Limited(), 0.0)
    assert not breaker.available(0.9)
    assert breaker.available(1.0)
