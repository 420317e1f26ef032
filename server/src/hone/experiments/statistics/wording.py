"""Figures in words that need no statistics to be read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hone.experiments.statistics.comparing import Effect
from hone.experiments.statistics.guardrails import Harm
from hone.experiments.statistics.moments import Direction


class Unit(StrEnum):
    """What a metric is counted in."""

    SHARE = "share"
    MILLISECONDS = "ms"
    DOLLARS = "usd"
    NUMBER = "number"


class Role(StrEnum):
    """What a metric is for in an experiment."""

    PRIMARY = "primary"
    """It decides."""
    SECONDARY = "secondary"
    """It explains."""
    GUARDRAIL = "guardrail"
    """It must not get worse by more than its margin."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric, as verdicts speak of it."""

    key: str
    label: str
    """As in "the share of conversations resolved"."""
    unit: Unit = Unit.SHARE
    direction: Direction = Direction.UP
    role: Role = Role.PRIMARY


_MINUS: Final = "\N{MINUS SIGN}"


def figure(value: float, unit: Unit) -> str:
    """Write a value with its unit."""
    return _unit(_number(value * 100 if unit is Unit.SHARE else value, unit), unit, "%")


def gap(value: float, unit: Unit) -> str:
    """Write the size of a difference with its unit: shares differ by points."""
    return _unit(_number(value * 100 if unit is Unit.SHARE else value, unit), unit, "points")


def span(low: float, high: float, unit: Unit) -> str:
    """Write from where to where a difference may be: 1.8 to 4.2 points."""
    if unit is Unit.DOLLARS:
        return f"{gap(low, unit)} to {gap(high, unit)}"
    return f"{gap(low, unit).split()[0]} to {gap(high, unit)}"


def _unit(number: str, unit: Unit, of_shares: str) -> str:
    if unit is Unit.DOLLARS:
        return f"{_MINUS}${number[1:]}" if number.startswith(_MINUS) else f"${number}"
    return {Unit.SHARE: f"{number} {of_shares}", Unit.MILLISECONDS: f"{number} ms"}.get(
        unit, number
    )


def _number(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        digits = 1 if abs(value) >= 1 or value == 0 else 2
        told = f"{abs(value):.{digits}f}"
    elif abs(value) >= 100:
        told = f"{abs(value):,.0f}"
    elif unit is Unit.DOLLARS and abs(value) < 1:
        told = f"{abs(value):.4g}"
    else:
        told = f"{abs(value):.3g}"
    return f"{_MINUS}{told}" if value < 0 and float(told.replace(",", "")) else told


def sureness(alpha: float) -> str:
    """Write how sure an interval is: 95 %."""
    return f"{100 * (1 - alpha):.4g} %"


def chance(p: float) -> str:
    """Say how often chance alone would do this."""
    if p < 0.001:
        return "fewer than 1 in 1,000"
    if p < 0.01:
        return f"about {max(1, round(p * 1000))} in 1,000"
    return f"about {round(p * 100)} in 100"


def effect_words(metric: Metric, effect: Effect, arm: str, control: str) -> str:
    """Say what a comparison found, in one or two sentences."""
    if effect.control is None or effect.treatment is None:
        return f"Nothing is known of {metric.label} yet."
    unit = metric.unit
    both = f"{figure(effect.treatment, unit)} with {arm}, {figure(effect.control, unit)} with {control}"
    if effect.low is None or effect.high is None:
        if effect.standard_error:
            return f"{_first(metric.label)}: {both}. The looks of the plan are used up: what was decided stands."
        return f"{_first(metric.label)}: {both}. There is too little to tell them apart."
    size = gap(abs(effect.difference), unit)
    way = "more" if effect.difference > 0 else "less"
    sure = f"{sureness(effect.alpha)}: {span(effect.low, effect.high, unit)}"
    told = f"{_first(metric.label)}: {both}. That is {size} {way} ({sure})"
    if not effect.enough:
        return f"{told}, from too few units to decide by."
    if not effect.significant:
        return f"{told}; it may as well be chance."
    better = (effect.difference > 0) is (metric.direction is Direction.UP)
    return (
        f"{told}, which is {'better' if better else 'worse'}. Without a difference, {chance(effect.p)}"
        " such experiments would show one this large."
    )


def harm_words(metric: Metric, harm: Harm, arm: str, control: str) -> str:
    """Say how a guardrail stands, in one or two sentences."""
    if harm.control is None or harm.treatment is None or harm.harm is None:
        return f"Nothing is known of {metric.label} yet."
    unit = metric.unit
    both = f"{figure(harm.treatment, unit)} with {arm}, {figure(harm.control, unit)} with {control}"
    bar = f"more than {gap(harm.margin, unit)} worse" if harm.margin else "worse"
    told = f"{_first(metric.label)}: {both}"
    if harm.broken:
        least = "" if harm.low is None else f", by at least {gap(max(0.0, harm.low), unit)}"
        return f"{told}. {_begin(arm)} is {bar}{least}, and that is not chance."
    if harm.safe:
        return f"{told}. {_begin(arm)} is not {bar}."
    if not harm.enough:
        return f"{told}. Too few units yet to tell whether {arm} is {bar}."
    return f"{told}. It is not clear yet whether {arm} is {bar}."


def _begin(arm: str) -> str:
    """Begin a sentence with an arm; a name stays as it is written."""
    return _first(arm) if arm.startswith("the ") else arm


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
