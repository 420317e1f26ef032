"""Scores."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway.breaker import Breakers
from hone.gateway.demand import Demand
from hone.gateway.errors import NoTargetFits
from hone.gateway.pace import STALE
from hone.gateway.policies import Candidate, intelligent
from hone.gateway.routing import Router
from hone.gateway.snapshot import Factors, Policy
from hone.llm.errors import Limited
from hone.llm.types import Price, Profile
from tests.gateway.policies.candidates import URL, answered, asked, candidates, demanded
from tests.gateway.running import route, target

NOW = 1.0
QUALITY, COST, SPEED = Factors(0, 0, 1), Factors(1, 0, 0), Factors(0, 1, 0)
Parts = tuple[float, float, float, float]
"""Quality, cost, wait, and the part that is answered."""
part = st.floats(0, 1)
parts = st.lists(st.tuples(part, part, part, part), min_size=1, max_size=6)
factors = st.builds(Factors, *[st.floats(0.01, 10)] * 3)


def scored(given: list[Parts], weights: Factors) -> list[float]:
    qualities, costs, waits, answering = ([each[side] for each in given] for side in range(4))
    return intelligent.scores(qualities, costs, waits, answering, weights)


@given(parts, factors)
def test_scores_lie_between_none_and_one_and_the_better_in_everything_wins(
    given: list[Parts], weights: Factors
) -> None:
    found = scored(given, weights)
    assert all(-1e-9 <= each <= 1 + 1e-9 for each in found)
    for one, mine in zip(given, found, strict=True):
        for other, theirs in zip(given, found, strict=True):
            better = one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2]
            assert not (better and one[3] >= other[3]) or mine >= theirs - 1e-9


@given(parts, factors, st.floats(0.1, 1000))
def test_only_the_proportions_count(given: list[Parts], weights: Factors, scale: float) -> None:
    scaled = Factors(weights.cost * scale, weights.performance * scale, weights.quality * scale)
    assert scored(given, weights) == pytest.approx(scored(given, scaled))


def test_a_target_that_does_not_answer_loses_to_its_equals_for_a_while() -> None:
    refusing, plain = among = candidates(1, 1)
    answered(refusing, 1.0, NOW, well=False)
    answered(plain, 1.0, NOW)
    choice = intelligent.choose(among, Demand(), NOW, Factors(), [0.5, 0.5])
    assert choice.chances == [0.0, 1.0]
    assert intelligent.answering(among, NOW + STALE + 1) == [1.0, 1.0]


def priced(*given: tuple[int, int]) -> list[Candidate]:
    made = candidates(*[1] * len(given))
    for each, (input_, output) in zip(made, given, strict=True):
        each.target = replace(each.target, price=Price(ids.new(), input_, output))
    return made


def test_cost_is_what_this_call_would_cost_at_each() -> None:
    talker, terse = among = priced((1, 2), (1, 2))
    answered(talker, 1.0, output_tokens=1000)
    answered(terse, 1.0, output_tokens=10)
    demand = Demand(input_tokens=100)
    assert intelligent.costs(among, demand) == [2100, 120]
    assert intelligent.costs(among, replace(demand, output_tokens=20)) == [140, 120]
    choice = intelligent.choose(among, demand, NOW, COST, [0.5, 0.5])
    assert choice.order == [1, 0]
    assert choice.chances == [0.0, 1.0]


def test_speed_is_forgotten_after_a_while_and_then_nobody_has_an_advantage() -> None:
    slow, quick = among = candidates(1, 1)
    answered(slow, 4.0, NOW)
    answered(quick, 1.0, NOW)
    assert intelligent.choose(among, Demand(), NOW, SPEED, [1, 1]).first == 1
    answered(quick, 1.0, NOW + STALE)
    assert intelligent.waits(among, Demand(), NOW + STALE + 1) == [1.0, 1.0]


def test_equals_take_turns() -> None:
    router, org = Router(Breakers()), ids.raw()
    way = route("mix", target("a", URL), target("b", URL), policy=Policy.INTELLIGENT)
    plans = [router.plan(org, way, NOW, asked()) for _ in range(4)]
    assert [plan.targets[0][0].model for plan in plans] == ["a", "b", "a", "b"]
    assert plans[0].candidates == [("a", 0.5), ("b", 0.5)]


def test_quality_is_what_the_operator_says_and_a_predictor_may_say_it_instead() -> None:
    good, plain = (
        target(name, URL, profile=Profile(quality=said))
        for name, said in (("good", 0.9), ("plain", 0.4))
    )
    way = route("mix", plain, good, policy=Policy.INTELLIGENT, factors=QUALITY)
    assert Router(Breakers()).plan(ids.raw(), way, NOW, asked()).targets[0][0] is good
    router = Router(
        Breakers(),
        lambda demand, targets: [
            float(each.model == "plain" and b"Hello" in demand.content) for each in targets
        ],
    )
    assert router.plan(ids.raw(), way, NOW, asked()).targets[0][0] is plain


def test_a_call_that_nobody_can_take_is_refused_and_told_why() -> None:
    blind = target("blind", URL, profile=Profile(lacks=frozenset({"tools"}), region="us"))
    tools = asked(tools=[{"type": "function"}])
    way = route("mix", blind, policy=Policy.INTELLIGENT)
    with pytest.raises(NoTargetFits, match="it needs: tools"):
        Router(Breakers()).plan(ids.raw(), way, NOW, tools)
    at_home = route("mix", blind, policy=Policy.INTELLIGENT, regions=frozenset({"eu"}))
    with pytest.raises(NoTargetFits, match="computes where it may"):
        Router(Breakers()).plan(ids.raw(), at_home, NOW, asked())


def test_fallbacks_too_must_be_able_to_take_a_call() -> None:
    far = target("far", URL, profile=Profile(region="us"))
    near, home = (target(name, URL, profile=Profile(region="eu")) for name in ("near", "home"))
    way = route(
        "mix", near, fallbacks=[far, home], policy=Policy.INTELLIGENT, regions=frozenset({"eu"})
    )
    breakers = Breakers()
    router, org = Router(breakers), ids.raw()
    plan = router.plan(org, way, NOW, asked())
    assert [each.model for each, _ in plan.targets] == ["near", "home"]
    breakers.of(near.model_id).fail(Limited(retry_after=60), NOW)
    assert router.plan(org, way, NOW, asked()).candidates == [("home", 1.0)]


def test_of_a_model_without_a_word_of_its_quality_the_middle_is_taken() -> None:
    assert intelligent.prior(demanded(), [target("a", URL)]) == [intelligent.UNSAID]
