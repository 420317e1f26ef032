"""What is learnt, and that the chances told are the chances there were."""

from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway.breaker import Breakers
from hone.gateway.demand import Demand
from hone.gateway.policies import adaptive, beliefs
from hone.gateway.policies.beliefs import Belief, Scale
from hone.gateway.routing import Plan, Router
from hone.gateway.snapshot import Factors, Policy, Route
from hone.llm.errors import Limited
from tests.gateway.policies.candidates import URL, asked, candidates
from tests.gateway.running import route, target

NOW = 1.0
belief = st.builds(Belief, st.floats(-1, 1), st.floats(0, 1), st.floats(1, 1000))
some = st.lists(belief, min_size=1, max_size=6)
explorations = st.floats(0.01, 1)


@given(some, explorations)
def test_chances_sum_to_one_and_nobody_is_given_up(given: list[Belief], rate: float) -> None:
    chances = beliefs.best_chances(given)
    assert sum(chances) == pytest.approx(1)
    mixed = adaptive.explored(chances, rate)
    assert sum(mixed) == pytest.approx(1)
    assert all(each >= rate / len(given) - 1e-9 for each in mixed)


@given(some, st.integers(0, 1000))
def test_chances_are_those_of_thompson_sampling(given: list[Belief], seed: int) -> None:
    random, rounds = Random(seed), 3000
    best = Counter(
        max(range(len(given)), key=lambda i: random.gauss(given[i].mean, given[i].doubt))
        for _ in range(rounds)
    )
    for index, chance in enumerate(beliefs.best_chances(given)):
        assert chance == pytest.approx(best[index] / rounds, abs=0.08)


@given(some, explorations, st.integers(0, 1000), st.data())
def test_targets_are_drawn_as_often_as_is_told(
    given: list[Belief], rate: float, seed: int, data: st.DataObject
) -> None:
    everybody = candidates(*[1] * len(given))
    among = data.draw(st.lists(st.sampled_from(everybody), min_size=1, unique=True))
    chances, random, rounds = beliefs.best_chances(given), Random(seed), 3000
    choices = [adaptive.choose(among, chances, rate, random.random()) for _ in range(rounds)]
    counted = Counter(choice.first for choice in choices)
    told = choices[0].chances or []
    assert sum(told) == pytest.approx(1)
    for index, chance in enumerate(told):
        assert counted[index] / rounds == pytest.approx(chance, abs=0.05)


def learning(**more: Any) -> tuple[Router, bytes, Route]:
    way = route("mix", target("a", URL), target("b", URL), policy=Policy.ADAPTIVE, **more)
    return Router(Breakers(), random=Random(7).random), ids.raw(), way


def first(plan: Plan) -> str:
    return plan.targets[0][0].model


def lived(router: Router, org: bytes, way: Route, calls: int) -> list[tuple[str, dict[str, float]]]:
    """Call a route of which `a` answers in one second and `b` in ten."""
    now, found = NOW, list[tuple[str, dict[str, float]]]()
    for _ in range(calls):
        plan = router.plan(org, way, now, asked())
        found.append((first(plan), dict(plan.candidates)))
        assert plan.lesson is not None
        plan.lesson.end(1000, 1.0 if first(plan) == "a" else 10.0, None, answered=True)
        now += 1.0
    return found


def test_the_better_target_gets_nearly_everything_and_the_other_is_still_tried() -> None:
    router, org, way = learning(factors=Factors(0, 1, 0), exploration=0.1)
    late = lived(router, org, way, 1200)[200:]
    share = sum(name == "a" for name, _ in late) / len(late)
    assert 0.9 < share < 0.99
    assert min(told["b"] for _, told in late) >= 0.05 - 1e-9


def test_over_a_whole_life_the_chances_told_add_up_to_the_calls() -> None:
    router, org, way = learning(factors=Factors(0, 1, 1), exploration=0.3)
    seen = lived(router, org, way, 4000)
    for name in ("a", "b"):
        expected = sum(told[name] for _, told in seen)
        deviation = sum(told[name] * (1 - told[name]) for _, told in seen) ** 0.5
        assert abs(sum(each == name for each, _ in seen) - expected) < 4 * deviation


def test_a_failure_is_no_quality() -> None:
    router, org, way = learning(factors=Factors(0, 0, 1))
    now = NOW
    for _ in range(300):
        plan = router.plan(org, way, now, asked())
        assert plan.lesson is not None
        plan.lesson.end(0, 1.0, None, answered=first(plan) == "b")
        now += 1.0
    chances = dict(router.plan(org, way, now, asked()).candidates)
    assert chances["b"] > 0.9


def test_a_conversation_stays_and_keeps_the_chance_it_was_drawn_with() -> None:
    router, org, way = learning(factors=Factors(0, 1, 0))
    begun = router.plan(org, way, NOW, asked(metadata={"conversation_id": "c"}))
    lived(router, org, way, 400)
    later = router.plan(org, way, NOW + 500, asked(metadata={"conversation_id": "c"}))
    assert first(later) == first(begun)
    assert later.candidates == begun.candidates


def test_a_conversation_moves_when_its_target_is_closed_and_then_stays_there() -> None:
    breakers = Breakers()
    router, org = Router(breakers), ids.raw()
    targets = [target("a", URL), target("b", URL)]
    way = route("mix", *targets, policy=Policy.ADAPTIVE)
    ask = asked(metadata={"conversation_id": "c"})
    was = router.plan(org, way, NOW, ask).targets[0][0]
    breakers.of(was.model_id).fail(Limited(retry_after=5), NOW)
    moved = router.plan(org, way, NOW, ask)
    assert first(moved) != was.model
    assert moved.candidates == [(first(moved), 1.0)]
    breakers.of(was.model_id).succeed()
    assert first(router.plan(org, way, NOW + 10, ask)) == first(moved)


def test_conversations_are_spread_as_is_told_in_every_process_alike() -> None:
    one, org, way = learning()
    other = Router(Breakers())
    asks = [asked(metadata={"conversation_id": str(number)}) for number in range(2000)]
    plans = [one.plan(org, way, NOW, ask) for ask in asks]
    again = [other.plan(org, way, NOW, ask) for ask in asks]
    assert [first(plan) for plan in plans] == [first(plan) for plan in again]
    assert sum(first(plan) == "a" for plan in plans) / 2000 == pytest.approx(0.5, abs=0.05)


def test_what_was_learnt_outlives_a_new_snapshot_but_not_other_factors() -> None:
    router, org, way = learning(factors=Factors(0, 1, 0))
    lived(router, org, way, 300)
    again = Route(way.id, way.name, way.policy, way.targets, factors=way.factors, exploration=0.05)
    assert dict(router.plan(org, again, 900.0, asked()).candidates)["a"] > 0.9
    other = Route(way.id, way.name, way.policy, way.targets, factors=Factors(1, 0, 0))
    assert dict(router.plan(org, other, 901.0, asked()).candidates)["a"] == pytest.approx(0.5)


def test_kinds_of_calls_are_told_apart_by_what_their_operations_tell() -> None:
    kinds = [beliefs.kind_of(Demand(input_tokens=size)) for size in (0, 255, 256, 1024, 4096, 9**9)]
    assert [size for _, size in kinds] == [0, 0, 1, 2, 3, 3]
    assert all(before[1] <= after[1] for before, after in pairwise(kinds))
    assert beliefs.kind_of(Demand(stream=True)) == (True, 0)


@given(
    st.floats(0, 1),
    st.floats(0, 1e12),
    st.floats(0, 1e4),
    st.builds(Factors, *[st.floats(0.1, 9)] * 3),
)
def test_a_reward_lies_between_minus_one_and_one(
    quality: float, cost: float, wait: float, factors: Factors
) -> None:
    scale = Scale()
    scale.observe(cost, wait)
    assert -1 <= beliefs.reward(factors, quality, cost, wait, scale) <= 1
