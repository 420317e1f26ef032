"""How the statistics are applied to an experiment: looks, margins, and when something is told."""

from dataclasses import replace
from typing import Any

import pytest

from hone.experiments.analysis import Design, analyse
from hone.experiments.statistics import Method, Moments, Outcome


def metric(key: str, kind: str, role: str = "primary", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "role": role, "direction": "up", "margin": None} | more


def rated(n: int, mean: float) -> Moments:
    return Moments(n, n * mean, n * (mean * mean + 1.0))


def rate(units: int, share: float) -> Moments:
    bad = units * share
    return Moments(units, bad, bad, units, units, bad)


PLAN = Design(
    control="a",
    treatments=("b",),
    shares=(0.5, 0.5),
    method=Method.SEQUENTIAL,
    alpha=0.05,
    metrics=(metric("rating", "mean"),),
    bandit=False,
    planned=5000,
)


def told(how: Design, sums: dict[str, dict[str, Moments]], units: int) -> Any:
    return analyse(how, sums, dict.fromkeys(("a", "b"), units))


def test_a_measure_that_few_units_have_spends_as_the_units_come() -> None:
    # One unit in twenty rates: by the end of the plan all of alpha is there for its 250 ratings.
    ratings = {"rating": {"a": rated(250, 4.0), "b": rated(250, 4.2)}}
    last = replace(PLAN, seen=(2000, 5000))
    assert told(last, ratings, 5000).held[0].effect.significant
    # Half way, the same difference is not enough.
    early = replace(PLAN, seen=(2000,))
    assert not told(early, ratings, 2500).held[0].effect.significant


def test_the_plan_ends_when_the_smallest_arm_has_its_units() -> None:
    assert PLAN.whole == 10_000
    assert replace(PLAN, shares=(0.9, 0.1)).whole == 50_000
    assert replace(PLAN, planned=None).whole is None


def test_a_fixed_experiment_says_nothing_before_its_end() -> None:
    ratings = {"rating": {"a": rated(3000, 4.0), "b": rated(3000, 4.2)}}
    how = replace(PLAN, method=Method.FIXED)
    early, late = told(how, ratings, 4999), told(how, ratings, 5000)
    assert (early.held[0].effect.significant, early.verdict.state) == (False, Outcome.NOT_ENOUGH)
    assert late.verdict.state is Outcome.WINNER


@pytest.mark.parametrize(("margin", "broken"), [(0.0, True), (0.05, False), (None, False)])
def test_a_margin_of_nothing_is_a_margin(margin: float | None, broken: bool) -> None:
    guard = metric("error_rate", "ratio", "guardrail", direction="down", margin=margin)
    how = replace(PLAN, metrics=(PLAN.metrics[0], guard))
    sums = {"error_rate": {"a": rate(3000, 0.01), "b": rate(3000, 0.04)}}
    held = told(how, sums, 3000).held[1]
    assert held.harm is not None
    assert held.harm.broken is broken


def test_no_failure_in_either_arm_is_not_certainty() -> None:
    how = replace(PLAN, metrics=(metric("error_rate", "ratio", direction="down"),))
    effect = (
        told(how, {"error_rate": {"a": rate(500, 0.0), "b": rate(500, 0.0)}}, 500).held[0].effect
    )
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 0 < effect.high
