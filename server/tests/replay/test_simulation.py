"""Replays: the present route gives again what was, and every call ends and is paid for once."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone.core import ids
from hone.gateway import Breakers, Deadlines, Policy, Route, Router
from hone.llm.types import Price, Target
from hone.replay import Measured, Outcome, Past, Pool, Try, as_it_was, measure, mix, pool
from tests.replay.calls import NOON, answers, attempt, model, past, replayed, route

SEEDS = st.integers(0, 10_000)
FIXED = (Policy.WEIGHTED, Policy.ROUND_ROBIN, Policy.LEAST_CONNECTIONS)


def lived(through: Route, seed: int, count: int = 120, failing: float = 0.1) -> list[Past]:
    """Let calls come to a real Router, one after the other, and write down what became of them."""
    luck, router = Random(seed), Router(Breakers(), random=Random(seed).random)
    organization = ids.new().bytes
    made: list[Past] = []
    for place in range(count):
        came = NOON + 10.0 * place
        now, asked = came, past(attempt(model("nobody")), stream=luck.random() < 0.5)
        tries: list[Try] = []
        plan = router.plan(organization, through, now, asked.ask)
        for target, breaker in plan.targets:
            tried = _tried(target, luck, failing, stream=asked.stream)
            breaker.begin(now)
            breaker.pace.begin()
            now += tried.seconds
            breaker.pace.end(
                now,
                tried.seconds,
                tried.first,
                answered=tried.error is None,
                output_tokens=tried.usage.output_tokens,
            )
            breaker.leave()
            if plan.lesson is not None and not tries:
                answered = tried.error is None
                plan.lesson.end(tried.cost, tried.seconds, tried.first, answered=answered)
            tries.append(tried)
            if tried.error is None:
                break
        made.append(Past(came, tuple(tries), stream=asked.stream))
    return made


def _tried(target: Target, luck: Random, failing: float, *, stream: bool) -> Try:
    if luck.random() < failing:
        return attempt(target, luck.uniform(0.1, 0.5), error="upstream_unreachable")
    seconds = luck.uniform(0.5, 1.5) * (2 if target.model == "large" else 1)
    first = seconds / 4 if stream else None
    return attempt(target, seconds, luck.randint(5, 200), first=first)


def three(policy: Policy) -> Route:
    """Make a route with two targets and a fallback."""
    large, small = model("large", 5, 0.9), model("small", 1, 0.6)
    return route(large, small, policy=policy, weights=[3, 1], fallbacks=[model("spare", 2)])


@pytest.mark.parametrize("policy", FIXED)
@settings(max_examples=15)
@given(seed=SEEDS)
def test_the_present_route_gives_again_exactly_what_was(policy: Policy, seed: int) -> None:
    through = three(policy)
    calls = lived(through, seed)
    found = replayed(calls, through)
    for now, then in zip(map(as_it_was, calls), found, strict=True):
        assert (then.asked, then.answered, then.cost) == (now.asked, now.answered, now.cost)
        assert (then.failed, then.tries) == (now.failed, now.tries)
        assert then.seconds == pytest.approx(now.seconds, abs=1e-5)
        assert then.first == pytest.approx(now.first, abs=1e-5)
        assert (then.timed, then.sure, then.priced, then.repriced) == (True, True, True, False)


@pytest.mark.parametrize("policy", [Policy.RESPONSE_TIME, Policy.INTELLIGENT, Policy.ADAPTIVE])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_policy_that_learns_gives_about_the_mix_that_was(policy: Policy, seed: int) -> None:
    through = three(policy)
    calls = lived(through, seed, 600, failing=0.02)
    pools = [(each.target, of(calls, each.target)) for each in through.targets]
    now, then = mix([as_it_was(each) for each in calls]), mix(replayed(calls, through, pools))
    for name in ("large", "small"):
        assert then[name].asked / 600 == pytest.approx(now[name].asked / 600, abs=0.12)


def of(calls: list[Past], target: Target) -> Pool:
    """Gather what calls tell of a model."""
    return pool([each for call in calls for each in call.tries if each.of(target)])


@settings(max_examples=30)
@given(policy=st.sampled_from(list(Policy)), seed=SEEDS, failing=st.sampled_from([0, 0.3, 1]))
def test_every_call_ends_once_however_calls_overlap(
    policy: Policy, seed: int, failing: float
) -> None:
    luck = Random(seed)
    before, draft = three(Policy.WEIGHTED), three(policy)
    calls = [
        Past(NOON + luck.uniform(0, 30), each.tries, stream=each.stream)
        for each in lived(before, seed, 80)
    ]
    calls.sort(key=lambda each: each.at)
    pools = [(each.target, answers(each.target, luck, failing=failing)) for each in draft.targets]
    found = replayed(calls, draft, pools, seed=seed)
    assert len(found) == len(calls)
    for each in found:
        assert (each.answered is None) != (each.failed is None)
        assert each.tries <= 3
        assert (each.seconds is None) == (each.answered is None)
        assert each.seconds is None or each.seconds >= 0
    assert found == replayed(calls, draft, pools, seed=seed)
    parts = mix(found).values()
    assert sum(each.asked for each in parts) == sum(each.asked is not None for each in found)
    assert sum(each.answered for each in parts) + sum(bool(each.failed) for each in found) == 80


@settings(max_examples=20)
@given(seed=SEEDS)
def test_calls_cost_their_tokens_at_the_price_of_the_model_that_answers(seed: int) -> None:
    calls = lived(three(Policy.WEIGHTED), seed, 40, failing=0)
    cheap = model("cheap", 3)
    found = replayed(calls, route(cheap))
    for call, outcome in zip(calls, found, strict=True):
        usage = call.tries[0].usage
        assert outcome.cost == 3_000_000 * (usage.input_tokens + usage.output_tokens)
        assert outcome.answered == "cheap"
        assert not outcome.timed, "nothing was seen of it"
    (free,) = replayed(calls[:1], route(model("free", None)))
    assert (free.cost, free.priced) == (0, False)


def test_a_price_that_changed_since_is_counted_as_it_is_now() -> None:
    large = model("large", 2)
    calls = [past(attempt(large))]
    dearer = replace(large, price=Price(ids.new(), 10**7, 10**7))
    (found,) = replayed(calls, route(dearer))
    assert (found.cost, found.repriced) == (10**7 * 150, True)


def test_calls_in_flight_turn_calls_away_from_who_has_them() -> None:
    slow, quick = model("slow"), model("quick")
    pools = [(slow, pool([attempt(slow, 60.0)])), (quick, pool([attempt(quick, 0.1)]))]
    calls = [past(attempt(model("gone")), at=place) for place in range(20)]
    found = mix(replayed(calls, route(slow, quick, policy=Policy.LEAST_CONNECTIONS), pools))
    assert (found["slow"].asked, found["quick"].asked) == (1, 19)


def test_a_fallback_answers_what_a_target_fails_and_an_open_breaker_spares_it() -> None:
    bad, spare = model("bad"), model("spare")
    known = [(bad, pool([attempt(bad, 0.5, error="upstream_error", status=500)]))]
    known.append((spare, pool([attempt(spare, 1.0)])))
    calls = [past(attempt(model("gone")), at=place) for place in range(40)]
    found = replayed(calls, route(bad, fallbacks=[spare]), known)
    assert all(each.answered == "spare" for each in found)
    assert {round(each.seconds or 0, 3) for each in found} == {1.0, 1.5}
    assert sum(each.asked == "spare" for each in found) > 20, "its breaker was open"
    alone = replayed(calls, route(bad), known)
    assert {each.failed for each in alone} == {"upstream_error", "no_target_available"}


@pytest.mark.parametrize(
    ("code", "sure"),
    [("invalid_parameter", True), ("content_filter", False), ("context_length_exceeded", False)],
)
def test_a_request_that_is_wrong_fails_elsewhere_too(code: str, sure: bool) -> None:
    large, small = model("large"), model("small")
    calls = [past(attempt(large, 0.2, error=code, status=400))]
    (found,) = replayed(calls, route(small, fallbacks=[large]))
    assert (found.failed is not None, found.tries, found.sure) == (True, 1, sure)


def test_deadlines_cut_what_takes_longer_and_fallbacks_take_over() -> None:
    large, small = model("large"), model("small")
    calls = [past(attempt(large, 5.0, first=3.0), at=10, stream=True)]
    known = [(small, pool([attempt(small, 1.0, first=0.5)] * 5))]
    impatient = route(large, fallbacks=[small], deadlines=Deadlines(first_token=2.0))
    (found,) = replayed(calls, impatient, known)
    assert (found.answered, found.cut, found.tries, found.cost) == ("small", 1, 2, 150_000_000)
    assert (found.first, found.seconds) == (pytest.approx(2.5), pytest.approx(3.0))
    # What the client has of a stream is not begun again.
    short = route(large, fallbacks=[small], deadlines=Deadlines(total=4.0))
    (broken,) = replayed(calls, short, known)
    assert (broken.failed, broken.cut, broken.tries) == ("upstream_timeout", 1, 1)


def test_what_was_cut_may_have_been_answered_under_a_longer_deadline() -> None:
    large = model("large")
    calls = [past(attempt(large, 2.01, error="upstream_timeout"), stream=True)]
    before, longer = Deadlines(first_token=2.0), Deadlines(first_token=5.0)
    (same,) = replayed(calls, route(large, deadlines=before))
    assert (same.failed, same.sure, same.cut) == ("upstream_timeout", True, 1)
    (found,) = replayed(calls, route(large, deadlines=longer), held=before)
    assert (found.failed, found.sure) == ("upstream_timeout", False)


def test_a_conversation_stays_with_its_model() -> None:
    calls = [past(attempt(model("gone")), at=place, conversation="c-1") for place in range(50)]
    large, small = model("large"), model("small")
    pools = [(each, pool([attempt(each)] * 9)) for each in (large, small)]
    found = replayed(calls, route(large, small, policy=Policy.ADAPTIVE), pools)
    assert len({each.asked for each in found}) == 1


def test_figures_tell_the_estimate_and_the_range_of_all_runs() -> None:
    def run(*seconds: float) -> list[Outcome]:
        return [Outcome("a", "a", None, each, each / 2, 10**12, 1) for each in seconds]

    found = measure(run(1, 2, 3), [run(2, 3, 4), run(1, 2, 3), run(3, 4, 5)])
    assert found["p50"] == Measured(2, 3, 2, 4)
    assert found["cost"].estimate == 3 * 10**12
    assert found["first_p50"].fact == 1
    assert measure([], [[]])["p95"] == Measured(None, None, None, None)
