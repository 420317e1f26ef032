"""Gates: whether a version may be released. Pure functions on its card, its comparison and the rules.

Every check says what was measured, what it had to be, and both in words. What cannot be measured has
not passed: silence is no evidence.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, cast

from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel

from hone.core.schemas import Schema
from hone.versions import evidence
from hone.versions.errors import GateUnknown
from hone.versions.evidence import PRIMARY, inside, number, within
from hone.versions.schemas import GateCheck, GateVerdict

POINTS: Final = 100.0
_NAMES: Final = {
    "accuracy": "accuracy",
    "macroF1": "macro F1",
    "spanF1": "span F1",
    "answerRecall": "answer recall",
}


class Rules(Schema):
    """What a version must reach; in points where it is a share of the test examples."""

    metric: str | None = Field(default=None, description="Absent: the main figure of the task.")
    test: Literal["paired_bootstrap", "mcnemar"] = "paired_bootstrap"
    min_effect: float = Field(
        default=0.0,
        ge=-100,
        le=100,
        description="Points by which it must at least be better, with 95 % confidence; below 0: by"
        " which it may be worse.",
    )
    alpha: float = Field(default=0.05, gt=0, lt=1, description="Of McNemar's test.")
    slice_drop: float = Field(
        default=5.0, ge=0, le=100, description="Points that a slice may fall, beyond chance."
    )
    slice_examples: int = Field(default=20, ge=1, description="Smaller slices are not judged.")
    latency_p95_ms: float = Field(default=100.0, gt=0)
    size_bytes: int = Field(default=1 << 30, gt=0)
    calibration_error: float = Field(default=0.15, ge=0, le=1)
    test_examples: int = Field(default=30, ge=1)
    at_least: float = Field(
        default=0.0, ge=0, le=100, description="Points that the main figure must reach."
    )
    template_equal: bool = True


_ALSO: Final = {
    "minDelta": "minEffect",
    "maxDrop": "sliceDrop",
    "chatTemplateEqual": "templateEqual",
    "vs": "",
    "slice": "",
}


def read(given: Iterable[Mapping[str, Any]] | None) -> Rules:
    """Read the rules of a training job, each a small object; raise `GateUnknown` for what is none."""
    merged: dict[str, Any] = {}
    for each in given or ():
        for key, value in each.items():
            name = to_camel(key)
            name = _ALSO.get(name, name)
            if name:
                merged[name] = value
    if isinstance(metric := merged.get("metric"), str):
        merged["metric"] = to_camel(metric)
    try:
        return Rules.model_validate(merged)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise GateUnknown(f"gates: {where}: {first['msg']}.", param="gates") from error


def judge(
    task: str,
    card: Mapping[str, Any],
    comparison: Mapping[str, Any] | None,
    rules: Rules,
    *,
    champion: str | None = None,
) -> GateVerdict:
    """Judge a version: against the one that is live, or by absolute bars where none is."""
    checks = [_examples(card, rules)]
    metric = rules.metric or PRIMARY.get(task, "accuracy")
    if comparison is None:
        checks += _alone(metric, card)
    else:
        checks += _beside(metric, comparison, rules)
    if rules.at_least > 0:
        checks.append(_floor(metric, card, rules))
    checks += [
        _most("latency", evidence.latency(card, "p95"), rules.latency_p95_ms, _latency_words),
        _most("size", number(card.get("size")), float(rules.size_bytes), _size_words),
    ]
    if task in {"intent", "entity"}:
        error = evidence.calibration_error(card)
        checks.append(_most("calibration", error, rules.calibration_error, _calibration_words))
    if rules.template_equal:
        checks += _template(card)
    return GateVerdict(
        passed=all(each.passed for each in checks), checks=checks, compared_with=champion
    )


def _check(
    name: str, passed: bool, value: float | None, bar: float | None, words: str
) -> GateCheck:
    return GateCheck(name=name, passed=passed, value=value, bar=bar, words=words)


def _examples(card: Mapping[str, Any], rules: Rules) -> GateCheck:
    found = within(card, "figures", "test", "examples") or 0.0
    bar = rules.test_examples
    words = f"{found:,.0f} test examples; bar: at least {bar:,}"
    return _check("testExamples", found >= bar, found, float(bar), words)


def _alone(metric: str, card: Mapping[str, Any]) -> list[GateCheck]:
    """Hold a first version to what can be had without a model: the most frequent answer."""
    value = within(card, "figures", "test", "accuracy")
    bar = 0.0 if value is None else evidence.majority(card)
    if value is None:
        value = within(card, "figures", "test", metric)
    if value is None:
        return [_check("baseline", False, None, bar, "nothing was measured on test examples")]
    if bar == 0.0:
        words = (
            f"{_name(metric)} {value * POINTS:.1f} %; bar: above 0; no live version to compare with"
        )
        return [_check("baseline", value > 0, round(value, 6), bar, words)]
    words = (
        f"accuracy {value * POINTS:.1f} %; bar: above {bar * POINTS:.1f} %, which the most frequent"
        " answer alone would reach; there is no live version to compare with"
    )
    return [_check("baseline", value > bar, round(value, 6), round(bar, 6), words)]


def _beside(metric: str, comparison: Mapping[str, Any], rules: Rules) -> list[GateCheck]:
    return [_better(metric, comparison, rules), *_slices(comparison, rules)]


def _better(metric: str, comparison: Mapping[str, Any], rules: Rules) -> GateCheck:
    found = inside(comparison, "metrics", metric)
    difference = None if found is None else number(found.get("difference"))
    if found is None or difference is None:
        words = f"{_name(metric)} was not compared with the live version"
        return _check("better", False, None, rules.min_effect, words)
    low, high = number(found.get("low")), number(found.get("high"))
    points, bar = difference * POINTS, rules.min_effect
    if rules.test == "mcnemar":
        return _mcnemar(metric, comparison, rules, points)
    if low is None or high is None:
        return _check("better", False, points, bar, f"{_name(metric)} has no interval")
    words = (
        f"{_name(metric)} {_moved(points)} (95 %: {low * POINTS:.1f} to {high * POINTS:.1f});"
        f" bar: the interval is above {bar:g}"
    )
    return _check("better", low * POINTS > bar, round(points, 4), bar, words)


def _mcnemar(metric: str, comparison: Mapping[str, Any], rules: Rules, points: float) -> GateCheck:
    chance = within(comparison, "mcnemar", "pValue")
    passed = chance is not None and chance < rules.alpha and points > rules.min_effect
    told = "unknown" if chance is None else f"{chance:.4f}"
    words = (
        f"{_name(metric)} {_moved(points)}, by chance with probability {told} (McNemar);"
        f" bar: above {rules.min_effect:g}, below {rules.alpha:g}"
    )
    return _check("better", passed, round(points, 4), rules.min_effect, words)


def _slices(comparison: Mapping[str, Any], rules: Rules) -> list[GateCheck]:
    """Refuse a version under which a part of the traffic clearly falls, whatever the mean says."""
    rows = cast("list[Mapping[str, Any]]", comparison.get("slices") or [])
    judged = [
        (evidence.slice_name(each), change * POINTS, (number(each.get("high")) or 0.0) * POINTS)
        for each in rows
        if (number(each.get("examples")) or 0) >= rules.slice_examples
        and (change := number(each.get("difference"))) is not None
    ]
    fallen = sorted(
        (each for each in judged if each[1] < -rules.slice_drop and each[2] < 0),
        key=lambda each: each[1],
    )
    bar = -rules.slice_drop
    if not fallen:
        worst = min((each[1] for each in judged), default=0.0)
        words = (
            f"none of {len(judged)} slice{'' if len(judged) == 1 else 's'} clearly fell; the worst changed by {worst:+.1f} points;"
            f" bar: none falls by more than {rules.slice_drop:g}"
        )
        return [_check("slices", True, round(worst, 4), bar, words)]
    told = ", ".join(f"{name} by {-change:.1f}" for name, change, _ in fallen[:5])
    words = f"fell by more than {rules.slice_drop:g} points: {told}"
    return [_check("slices", False, round(fallen[0][1], 4), bar, words)]


def _floor(metric: str, card: Mapping[str, Any], rules: Rules) -> GateCheck:
    value = within(card, "figures", "test", metric)
    points = None if value is None else value * POINTS
    told = "was not measured" if points is None else f"{points:.1f}"
    words = f"{_name(metric)} {told}; bar: at least {rules.at_least:g}"
    passed = points is not None and points >= rules.at_least
    return _check("floor", passed, points, rules.at_least, words)


def _most(name: str, value: float | None, bar: float, words: Any) -> GateCheck:  # noqa: ANN401
    if value is None:
        return _check(name, False, None, bar, f"{name} was not measured")
    return _check(name, value <= bar, value, bar, words(value, bar))


def _latency_words(value: float, bar: float) -> str:
    return f"95 % of answers took {value:.1f} ms or less; bar: at most {bar:g} ms"


def _size_words(value: float, bar: float) -> str:
    size = f"{value / 1e3:.1f} kB" if value < 1e5 else f"{value / 1e6:.1f} MB"
    return f"{size}; bar: at most {bar / 1e6:.0f} MB"


def _calibration_words(value: float, bar: float) -> str:
    return (
        f"confidence is {value * POINTS:.1f} points off on average (expected calibration error);"
        f" bar: at most {bar * POINTS:g}"
    )


def _template(card: Mapping[str, Any]) -> list[GateCheck]:
    """Refuse a model that would be asked in another form than it was taught in."""
    equal = cast("Mapping[str, Any]", card.get("template") or {}).get("equal")
    if equal is None:
        return []
    words = (
        "what is read in training and in serving is the same, byte by byte"
        if equal
        else "serving writes its input in another form than training did"
    )
    return [_check("template", bool(equal), None, None, words)]


def _name(metric: str) -> str:
    return _NAMES.get(metric, metric)


def _moved(points: float) -> str:
    if points == 0:
        return "did not change"
    return f"{'rose' if points > 0 else 'fell'} by {abs(points):.1f} points"
