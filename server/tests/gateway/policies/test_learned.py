"""What is expected of targets: learned where it was learned, else as the operator says."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway import Learned, Reason
from hone.gateway.breaker import Breakers
from hone.gateway.demand import Demand
from hone.gateway.policies import intelligent, learned
from hone.gateway.quality import Limits
from hone.gateway.routing import Router
from hone.gateway.snapshot import Factors, Policy
from hone.llm.types import Price, Profile
from tests.fixtures.learned import constant
from tests.gateway.policies.candidates import URL, asked
from tests.gateway.running import route, target

SAID = Profile(quality=0.9)
WORTH = Factors(cost=0.3, performance=0, quality=0.7)
DEAR, CHEAP = (Price(ids.new(), each, each) for each in (10_000_000, 500_000))
LARGE = target("large", URL, price=DEAR, profile=SAID)
SMALL = target("small", URL, price=CHEAP, profile=Profile(quality=0.4))
OTHER = target("other", URL, price=DEAR, profile=Profile())
PROMPT = Demand(content=b'{"messages":[{"role":"user","content":"Why is the sky blue?"}]}')
EVEN = {LARGE.model_id.hex: 3.0, SMALL.model_id.hex: 2.0}
KNOWN = Learned(ids.new(), constant(EVEN))
TARGETS = [LARGE, SMALL, OTHER]


def chance(odds: float) -> float:
    return 1 / (1 + exp(-odds))


def test_what_was_learned_counts_and_of_the_others_what_is_said() -> None:
    found = learned.expect(KNOWN, PROMPT, TARGETS, intelligent.prior)
    assert found.qualities == pytest.approx([chance(3), chance(2), intelligent.UNSAID])
    assert (found.model, found.trust) == (KNOWN, 1.0)


def test_without_a_routing_model_or_a_request_it_is_what_is_said() -> None:
    for known, demand in ((None, PROMPT), (KNOWN, Demand())):
        found = learned.expect(known, demand, TARGETS, intelligent.prior)
        assert (list(found.qualities), found.model) == ([0.9, 0.4, intelligent.UNSAID], None)


def test_a_strange_prompt_is_judged_by_the_operator() -> None:
    strange = Learned(ids.new(), constant(EVEN, strange=True))
    found = learned.expect(strange, PROMPT, TARGETS, intelligent.prior)
    assert found.qualities == pytest.approx([0.9, 0.4, intelligent.UNSAID])
    assert found.trust == 0
    unsaid = [replace(each, profile=Profile()) for each in TARGETS]
    found = learned.expect(strange, PROMPT, unsaid, intelligent.prior)
    assert found.qualities == pytest.approx([0.5, 0.5, intelligent.UNSAID]), "the priors"


@given(st.floats(-20, 20), st.floats(0, 1), st.floats(-1, 1), st.floats(0.01, 1))
def test_the_stranger_a_prompt_the_more_the_operator_counts(
    odds: float, said: float, usual: float, width: float
) -> None:
    one = replace(LARGE, profile=Profile(quality=said))
    plain = constant({one.model_id.hex: odds})
    drawn = replace(
        plain, familiar=replace(plain.familiar, form_limits=Limits(usual, usual + width))
    )
    trust = drawn.familiar.form_limits.trust(0.0)
    found = learned.expect(Learned(ids.new(), drawn), PROMPT, [one], intelligent.prior)
    assert found.qualities[0] == pytest.approx(trust * chance(odds) + (1 - trust) * said)
    assert found.trust == trust


def test_a_route_goes_by_it_and_says_why() -> None:
    way = route("mix", LARGE, SMALL, policy=Policy.INTELLIGENT, factors=WORTH)
    router, organization = Router(Breakers()), ids.raw()
    before = router.plan(organization, way, 0.0, asked())
    assert before.targets[0][0] is LARGE
    assert before.reason is not None
    assert (before.reason.model, before.reason.trust) == (None, None)
    after = router.plan(organization, way, 0.0, asked(), None, KNOWN)
    assert after.targets[0][0] is SMALL
    assert after.candidates == [("large", 0.0), ("small", 1.0)]
    reason = after.reason
    assert isinstance(reason, Reason)
    assert (reason.model, reason.trust) == (KNOWN.id.bytes, 1.0)
    assert [(name, quality) for name, quality, _ in reason.weighed] == [
        ("small", round(chance(2), 4)),
        ("large", round(chance(3), 4)),
    ]
    assert reason.weighed[0][2] > reason.weighed[1][2]


def test_adaptive_is_taught_by_what_was_learned() -> None:
    way = route("mix", SMALL, policy=Policy.ADAPTIVE, factors=WORTH)
    plan = Router(Breakers()).plan(ids.raw(), way, 0.0, asked(), None, KNOWN)
    assert plan.lesson is not None
    assert plan.lesson.quality == pytest.approx(chance(2))
