"""Plans in words and in time, and what figures say of harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.experiments import statistics
from hone.releases import figures, planning
from hone.releases.figures import Arm
from hone.releases.schemas import Guardrail, PlanChange, ReleasePlan, ReleaseStep, StepHold

STRATEGIES = ("immediate", "gradual", "canary", "blue_green", "shadow")


@given(st.sampled_from(STRATEGIES), st.none() | st.sampled_from([0.01, 0.1, 0.5, 1.0]))
def test_every_usual_plan_can_be_followed_and_told(strategy: str, share: float | None) -> None:
    made = planning.plan(strategy, share, PlanChange())  # type: ignore[arg-type]
    course = planning.course(made, strategy, returns=True)
    assert [each.share for each in course.steps] == sorted(each.share for each in course.steps)
    assert planning.words(made, strategy, "1.1.0", "1.0.0")
    assert planning.course(made, strategy, returns=False).steps == ()


@given(st.floats(1, 1e6), st.integers(0, 100_000), st.floats(0, 86_400))
def test_a_step_lasts_as_long_as_both_of_its_holds(
    per_day: float, units: int, seconds: float
) -> None:
    step = ReleaseStep(share=0.5, hold=StepHold(units=units, seconds=seconds))
    lasts = planning.expected(ReleasePlan(steps=[step]), per_day)
    assert lasts == pytest.approx(max(seconds, units / (per_day * 0.5 / 86_400)))


def test_spans_are_written_for_people() -> None:
    told = [planning.span(each) for each in (1, 20, 60, 5400, 86_400, 200_000)]
    assert told == ["1 second", "20 seconds", "1 minute", "1.5 hours", "1 day", "2.3 days"]


def arm(name: str, units: int, failing: int, latency: float = 100.0) -> Arm:
    """Write the sums of an arm whose units made one call each."""
    moments = statistics.Moments
    spread = latency * latency * units * 1.04
    sums = {
        "error_rate": moments(units, failing, failing, units, units, failing),
        "latency_ms": moments(units, latency * units, spread, units, units, latency * units),
    }
    return Arm(name, units, units, failing, sums)


def test_a_candidate_that_fails_everybody_is_gone_within_a_dozen_users() -> None:
    guard = Guardrail(metric="error_rate", margin=0.02)
    states = [
        figures.judge(guard, arm("live", n, 0), arm("candidate", n, n))["state"]
        for n in range(1, 13)
    ]
    assert states[0] == "waiting"
    assert states[-1] == "harmed"


@pytest.mark.parametrize("metric", ["accuracy", "positive_feedback", "resolved"])
@pytest.mark.parametrize(("own", "state"), [(0.0, "harmed"), (0.4, "harmed"), (0.9, "waiting")])
def test_a_candidate_that_is_mostly_wrong_does_not_wait_for_a_hundred_users(
    metric: str, own: float, state: str
) -> None:
    guard = Guardrail(metric=metric, margin=0.02)  # type: ignore[arg-type]
    live, candidate = judged(metric, "live", 270, 0.9), judged(metric, "candidate", 30, own)
    assert figures.judge(guard, live, candidate)["state"] == state


def judged(metric: str, name: str, units: int, own: float) -> Arm:
    """Write the sums of users with ten answers each, of which the same share is right for all."""
    won, calls = 10 * own, 10
    sums = statistics.Moments(
        units,
        won * units,
        won * won * units,
        calls * units,
        calls * calls * units,
        won * calls * units,
        own=own * units,
    )
    return Arm(name, units, calls * units, 0, {metric: sums})


@pytest.mark.parametrize(
    ("metric", "failing", "latency", "state"),
    [
        ("error_rate", 0, 100.0, "fine"),
        ("error_rate", 400, 100.0, "harmed"),
        ("latency_ms", 0, 110.0, "fine"),
        ("latency_ms", 0, 200.0, "harmed"),
    ],
)
def test_guardrails_bear_their_margin_and_no_more(
    metric: str, failing: int, latency: float, state: str
) -> None:
    guard = Guardrail(metric=metric, margin=0.5 if metric == "latency_ms" else 0.05)  # type: ignore[arg-type]
    told = figures.judge(guard, arm("live", 4000, 0), arm("candidate", 4000, failing, latency))
    assert told["state"] == state, told["words"]
    assert told["low"] <= told["difference"] <= told["high"]
