"""What an experiment says as a whole: one state, why, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hone.experiments.statistics.comparing import Effect
from hone.experiments.statistics.futility import HARDLY
from hone.experiments.statistics.guardrails import Harm
from hone.experiments.statistics.moments import Direction
from hone.experiments.statistics.ratios import SampleRatio
from hone.experiments.statistics.wording import Metric, Role, effect_words, harm_words


class Outcome(StrEnum):
    """What can be said."""

    NOT_ENOUGH = "not_enough"
    WINNER = "winner"
    LOSER = "loser"
    NO_DIFFERENCE = "no_difference"
    FUTILE = "futile"
    GUARDRAIL_BROKEN = "guardrail_broken"
    SAMPLE_RATIO_MISMATCH = "sample_ratio_mismatch"


@dataclass(frozen=True, slots=True)
class Compared:
    """One arm held against the control by one metric; guardrails have a harm, others an effect."""

    arm: str
    metric: Metric
    effect: Effect | None = None
    harm: Harm | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an experiment says, and what to do."""

    state: Outcome
    arm: str | None
    """Whom it is about: the winner, the loser, the one that does harm."""
    words: str
    recommendation: str
    confidence: float | None
    """1 less the p-value of what decided; None where nothing did."""
    chance_left: float | None = None
    """That the planned end shows a difference of the size that is looked for, were there one."""


def verdict(
    compared: Sequence[Compared],
    *,
    control: str = "control",
    ratio: SampleRatio | None = None,
    planned: int | None = None,
    units: int | None = None,
    days_left: float | None = None,
    chance_left: float | None = None,
    looked_for: float | None = None,
) -> Verdict:
    """Judge an experiment by all of its comparisons.

    A broken sample ratio speaks first, since nothing else can be trusted then. An arm that breaks a
    guardrail cannot win. `planned` is units per arm and `units` those of the smallest one (where it is
    left out: those that the primary metric is known of): once they have come, no difference found is
    an answer too. `chance_left` is the best of all arms to show a difference of the relative size
    `looked_for` by then: where it is small, going on is hardly worth it.
    """
    if ratio is not None and not ratio.ok:
        todo = "Stop it, find what treats the arms differently, and start a new one."
        return Verdict(Outcome.SAMPLE_RATIO_MISMATCH, None, ratio.words, todo, 1 - ratio.p)
    broken = {each.arm: each for each in compared if each.harm is not None and each.harm.broken}
    primary = [
        each
        for each in compared
        if each.metric.role is Role.PRIMARY and each.effect is not None and each.arm not in broken
    ]
    winners = [each for each in primary if _sure(each) and _gain(each) > 0]
    if winners and (best := _best(winners, primary)):
        return _won(best, control, broken)
    if broken:
        return _harmed(next(iter(broken.values())), control, alone=not primary)
    losers = [each for each in primary if _sure(each) and _gain(each) < 0]
    if losers and not winners and {each.arm for each in losers} == {each.arm for each in primary}:
        return _lost(min(losers, key=_gain), control)
    told = _open(primary, control, planned, units, days_left)
    if told.state is not Outcome.NOT_ENOUGH or any(_sure(each) for each in primary):
        return told
    if chance_left is not None and chance_left < HARDLY:
        return _futile(primary, control, chance_left, looked_for)
    return replace(told, chance_left=chance_left)


def _sure(each: Compared) -> bool:
    return each.effect is not None and each.effect.significant


def _gain(each: Compared) -> float:
    """How many standard errors better, in the metric's direction."""
    effect = each.effect
    if effect is None or not effect.standard_error:
        return 0.0
    sign = 1 if each.metric.direction is Direction.UP else -1
    return sign * effect.difference / effect.standard_error


def _best(winners: list[Compared], primary: list[Compared]) -> Compared | None:
    """The largest gain, of arms that are surely worse by no other primary metric."""
    worse = {each.arm for each in primary if _sure(each) and _gain(each) < 0}
    left = [each for each in winners if each.arm not in worse]
    return max(left, key=_gain, default=None)


def _told(each: Compared, control: str) -> str:
    assert each.effect is not None
    return effect_words(each.metric, each.effect, each.arm, control)


def _confidence(each: Compared) -> float | None:
    return None if each.effect is None else 1 - each.effect.p


def _won(best: Compared, control: str, broken: dict[str, Compared]) -> Verdict:
    words = f"{best.arm} is better. {_told(best, control)}"
    if broken:
        words += f" Out of the race, for harm beyond a guardrail: {', '.join(sorted(broken))}."
    todo = f"Give {best.arm} all traffic."
    return Verdict(Outcome.WINNER, best.arm, words, todo, _confidence(best))


def _harmed(worst: Compared, control: str, *, alone: bool) -> Verdict:
    assert worst.harm is not None
    told = harm_words(worst.metric, worst.harm, worst.arm, control)
    words = f"{worst.arm} does harm. {told}"
    todo = f"Stop the experiment and keep {control}."
    if not alone:
        todo = f"Take {worst.arm} out. The other arms may go on."
    return Verdict(Outcome.GUARDRAIL_BROKEN, worst.arm, words, todo, 1 - worst.harm.p)


def _lost(worst: Compared, control: str) -> Verdict:
    words = f"{worst.arm} is worse. {_told(worst, control)}"
    return Verdict(Outcome.LOSER, worst.arm, words, f"Keep {control}.", _confidence(worst))


def _open(
    primary: list[Compared],
    control: str,
    planned: int | None,
    units: int | None,
    days_left: float | None,
) -> Verdict:
    told = (
        " ".join(_told(each, control) for each in primary) or "No primary metric has figures yet."
    )
    effects = [each.effect for each in primary if each.effect is not None]
    known = min((min(each.control_n, each.treatment_n) for each in effects), default=0)
    least = known if units is None else units
    clear = any(each.significant for each in effects)
    if planned is not None and least >= planned and not clear:
        words = f"No difference was found. {told}"
        todo = (
            f"Keep {control}, or choose by cost and speed: any difference lies inside the interval."
        )
        return Verdict(Outcome.NO_DIFFERENCE, None, words, todo, None)
    if clear:
        words = f"The arms are not better or worse as a whole: metrics or arms disagree. {told}"
        return Verdict(
            Outcome.NOT_ENOUGH, None, words, "Decide which of these matters more to you.", None
        )
    have = f"{least:,} units per arm" + (f" of {planned:,}" if planned else "")
    todo = "Let it run" + _days(days_left) + "."
    return Verdict(Outcome.NOT_ENOUGH, None, f"Not enough yet: {have}. {told}", todo, None)


def _futile(
    primary: list[Compared], control: str, chance: float, looked_for: float | None
) -> Verdict:
    told = " ".join(_told(each, control) for each in primary)
    size = "such as is looked for" if looked_for is None else f"of {100 * looked_for:.3g} %"
    words = (
        f"It will hardly show a difference. Were there one {size}, the planned end would show it with a"
        f" chance of {100 * chance:.0f} %. {told}"
    )
    todo = (
        f"Stop it and keep {control}, or choose by cost and speed. Whoever goes on makes no mistake by it;"
        " it only takes the time."
    )
    return Verdict(Outcome.FUTILE, None, words, todo, None, chance)


def _days(left: float | None) -> str:
    if left is None or left == float("inf"):
        return ""
    days = max(1, round(left))
    return f": about {days} {'day' if days == 1 else 'days'} more"
