"""The usual plan of each strategy, what a person changed of it, and both in words. Pure."""

from typing import Any, Final

from hone.releases.errors import PlanWrong
from hone.releases.machine import Course, Step
from hone.releases.schemas import (
    Guardrail,
    PlanChange,
    ReleasePlan,
    ReleaseStep,
    ReleaseStrategy,
    StepHold,
)

CANARY_SHARE: Final = 0.1
_MINUTE: Final = 60.0
_DOWN: Final = frozenset({"error_rate", "latency_ms", "cost_usd", "tokens"})
_GUARDS: Final = (
    Guardrail(metric="error_rate", margin=0.02),
    Guardrail(metric="latency_ms", margin=0.5),
)
_NAMES: Final = {
    "error_rate": "failed calls",
    "latency_ms": "time to answer",
    "rating": "rating",
    "positive_feedback": "positive feedback",
    "accuracy": "share of answers that nobody corrected",
    "resolved": "share of conversations resolved",
    "cost_usd": "cost of a call",
    "tokens": "tokens of a call",
}
RELATIVE: Final = frozenset({"latency_ms", "cost_usd", "tokens"})
"""Metrics whose margin is a part of the live version's mean."""


def usual(strategy: ReleaseStrategy, share: float | None = None) -> ReleasePlan:
    """Return the plan that a strategy has where nobody says otherwise."""
    if strategy == "immediate":
        return ReleasePlan()
    if strategy == "shadow":
        step = ReleaseStep(share=0, hold=StepHold(units=200, seconds=10 * _MINUTE))
        return ReleasePlan(steps=[step], promotion="approval")
    if strategy == "blue_green":
        hold = StepHold(seconds=10 * _MINUTE)
        return ReleasePlan(
            steps=[ReleaseStep(share=1, hold=hold)],
            guardrails=list(_GUARDS),
            keep_former=10 * _MINUTE,
        )
    if strategy == "canary":
        hold = StepHold(units=200, seconds=30 * _MINUTE)
        step = ReleaseStep(share=share or CANARY_SHARE, hold=hold)
        return ReleasePlan(steps=[step], guardrails=list(_GUARDS))
    first = share or CANARY_SHARE
    shares = [first, *(each for each in (0.25, 0.5, 1.0) if each > first)]
    hold = StepHold(seconds=10 * _MINUTE)
    steps = [ReleaseStep(share=each, hold=hold) for each in shares]
    return ReleasePlan(steps=steps, guardrails=list(_GUARDS))


def plan(strategy: ReleaseStrategy, share: float | None, change: PlanChange) -> ReleasePlan:
    """Return a strategy's plan with what was changed; raise `PlanWrong` where it cannot be followed."""
    made = usual(strategy, share).model_copy(
        update={
            name: value
            for name in PlanChange.model_fields
            if (value := getattr(change, name)) is not None
        }
    )
    shares = [each.share for each in made.steps]
    wrong = _wrong(strategy, shares, made)
    if wrong is not None:
        raise PlanWrong(wrong, param="plan.steps")
    return made


def _wrong(strategy: ReleaseStrategy, shares: list[float], made: ReleasePlan) -> str | None:
    if strategy == "immediate":
        return "An immediate release has no steps." if shares else None
    if not shares:
        return f"A {strategy} release needs a step."
    if strategy == "shadow":
        return "A shadow answers nobody: its steps have the share 0." if any(shares) else None
    if made.agreement:
        return "Only a shadow is measured by its agreement."
    if strategy == "blue_green":
        whole = all(each == 1 for each in shares)
        return None if whole else "Blue-green changes all at once: its steps have the share 1."
    if any(each <= 0 for each in shares):
        return "The candidate's share is more than 0 in every step."
    if shares != sorted(shares):
        return "The candidate's share never falls from one step to the next."
    return None


def course(made: ReleasePlan, strategy: str, *, returns: bool) -> Course:
    """Return what of a plan the state machine follows; without a live version there are no steps."""
    steps = tuple(
        Step(each.share, each.hold.units, each.hold.seconds, each.approval) for each in made.steps
    )
    return Course(
        steps if returns else (),
        approval_at_end=made.promotion == "approval" and bool(steps),
        shadow=strategy == "shadow",
        patience=made.patience,
        returns=returns,
    )


def direction(guard: Guardrail) -> Any:  # noqa: ANN401 - one of two words
    """Say which way of a guardrail's metric is better."""
    return guard.direction or ("down" if guard.metric in _DOWN else "up")


def words(made: ReleasePlan, strategy: str, version: str, former: str | None) -> list[str]:
    """Tell a plan in sentences."""
    if former is None:
        return [
            f"Nothing is live there, so there is nothing to compare with: {version} takes all of the"
            " traffic at once."
        ]
    if not made.steps:
        return [f"{version} takes the place of {former} at once."]
    told = [f"{version} is made ready beside {former}, and checked."]
    for number, step in enumerate(made.steps, 1):
        told.append(f"Step {number}: {_gets(step, strategy, made.unit)}{_until(step, made.unit)}.")
    if made.agreement:
        told.append(f"At least {100 * made.agreement:g} % of the copies must be answered alike.")
    told += [_guard(each) for each in made.guardrails]
    end = "once somebody approves" if made.promotion == "approval" else "by itself"
    told.append(f"After the last step {version} is put in force {end}.")
    if made.deprecate_former:
        told.append(f"Then {former} is deprecated.")
    elif made.keep_former:
        told.append(
            f"{former} stays loaded for {span(made.keep_former)} more: going back is instant."
        )
    return told


def shortest(made: ReleasePlan) -> float:
    """Return the seconds that the holds add up to."""
    return sum(each.hold.seconds for each in made.steps)


def expected(made: ReleasePlan, units_per_day: float) -> float | None:
    """Return the seconds that the steps take with so many units a day; None where they never end."""
    total, seen = 0.0, 0.0
    for step in made.steps:
        share = 1.0 if step.share == 0 else step.share
        rate = units_per_day * share / 86_400
        missing = max(0.0, step.hold.units - seen)
        if missing and not rate:
            return None
        lasts = max(step.hold.seconds, missing / rate if missing else 0.0)
        seen += lasts * rate
        total += lasts
    return total


def span(seconds: float) -> str:
    """Write a time for people: `10 minutes`."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = round(seconds / size, 1)
            return f"{number:g} {name}{'' if number == 1 else 's'}"
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def _gets(step: ReleaseStep, strategy: str, unit: str) -> str:
    if strategy == "shadow":
        return "it gets copies of all calls, and nobody sees its answers"
    if step.share == 1:
        return "it answers everybody, and the former version stays warm"
    return f"it answers {100 * step.share:g} % of the {unit}s, always the same ones"


def _until(step: ReleaseStep, unit: str) -> str:
    waits: list[str] = []
    if step.hold.seconds:
        waits.append(f"for {span(step.hold.seconds)}")
    if step.hold.units:
        waits.append(f"until it has answered {step.hold.units:,} {unit}s")
    if step.approval:
        waits.append("until somebody approves")
    return ", " + " and ".join(waits) if waits else ""


def _guard(guard: Guardrail) -> str:
    worse = "more" if direction(guard) == "down" else "less"
    by = f"{100 * guard.margin:g} %"
    if guard.metric == "rating":
        by = f"{guard.margin:g}"
    elif guard.metric not in RELATIVE:
        by = f"{100 * guard.margin:g} points of 100"
    than = f"by over {by} " if guard.margin else ""
    what = "it goes back by itself" if guard.action == "rollback" else "it holds for a person"
    return f"Should {_NAMES[guard.metric]} be {than}{worse} than of the live version, {what}."
