"""From sums to what an experiment says: pure, but for where the sums come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any, Final

from hone.experiments import metrics
from hone.experiments.models import Experiment
from hone.experiments.statistics import (
    Compared,
    Direction,
    Effect,
    Harm,
    Kind,
    Look,
    Method,
    Metric,
    Moments,
    Outcome,
    Role,
    SampleRatio,
    Unit,
    Verdict,
    chance_left,
    compare,
    discovery_p,
    effect_words,
    estimate,
    guardrail,
    harm_words,
    sample_ratio,
    shared,
    shown,
    verdict,
)

Sums = Mapping[str, Moments]
EMPTY: Final = Moments(0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Held:
    """One arm held against the first by one measure."""

    arm: str
    metric: Metric
    effect: Effect
    harm: Harm | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One arm held against the first among some of the units."""

    by: str
    value: str
    arm: str
    effect: Effect
    q: float = 1.0


@dataclass(frozen=True, slots=True)
class Design:
    """What of an experiment decides how sums are read."""

    control: str
    treatments: tuple[str, ...]
    shares: tuple[float, ...]
    method: Method
    alpha: float
    metrics: tuple[dict[str, Any], ...]
    bandit: bool
    planned: int | None
    """Units of each arm."""
    seen: tuple[int, ...] = ()
    """Units of all arms at the looks so far."""
    looked_for: float | None = None
    """The smallest effect worth finding, as a part of what the primary measure is today."""
    baseline: float | None = None
    """What the primary measure was before the start."""

    @property
    def whole(self) -> int | None:
        """Return the units of all arms at the planned end, when the smallest one has its own."""
        if self.planned is None:
            return None
        if self.bandit:
            return self.planned * len(self.shares)
        return round(self.planned / min(each for each in self.shares if each > 0))

    @property
    def primary(self) -> dict[str, Any]:
        """Return the measure that decides."""
        return next(each for each in self.metrics if each["role"] == "primary")

    @property
    def each_alpha(self) -> float:
        """Return each treatment's part of alpha."""
        return shared(self.alpha, len(self.treatments))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known at a moment."""

    design: Design
    sums: Mapping[str, Sums]
    """By measure and arm."""
    ratio: SampleRatio | None
    held: tuple[Held, ...]
    verdict: Verdict
    segments: tuple[Segment, ...] = field(default=())


def design(row: Experiment, seen: Sequence[int] = ()) -> Design:
    """Read how an experiment is to be judged."""
    names = [str(each["name"]) for each in row.arms]
    planned = None if row.plan is None else row.plan.get("unitsPerArm")
    return Design(
        control=names[0],
        treatments=tuple(names[1:]),
        shares=tuple(float(each["share"]) for each in row.arms),
        method=Method(row.method),
        alpha=row.alpha,
        metrics=tuple(row.metrics),
        bandit=row.mode == "bandit",
        planned=planned,
        seen=tuple(seen),
        looked_for=row.minimum_effect,
        baseline=None if row.plan is None else row.plan.get("baseline"),
    )


def analyse(
    how: Design, sums: Mapping[str, Sums], units: Mapping[str, int], days_left: float | None = None
) -> Analysis:
    """Judge every treatment by every measure, and the whole.

    An experiment that is to be looked at once says nothing before its units have come.
    """
    names = (how.control, *how.treatments)
    counts = [units.get(each, 0) for each in names]
    ratio = sample_ratio(counts, how.shares) if sum(counts) and not how.bandit else None
    total = sum(counts)
    early = how.method is Method.FIXED and (how.whole is None or total < how.whole)
    held = tuple(
        _held(how, each, arm, sums.get(str(each["key"]), {}), total, early=early)
        for each in how.metrics
        for arm in how.treatments
    )
    told = verdict(
        [_compared(each) for each in held],
        control=how.control,
        ratio=ratio,
        planned=how.planned,
        units=min(counts),
        days_left=days_left,
        chance_left=_chance_left(how, held, total),
        looked_for=how.looked_for,
    )
    if early and told.state is Outcome.NOT_ENOUGH:
        told = replace(
            told, recommendation=f"{told.recommendation} It is to be read once, at the end."
        )
    return Analysis(how, sums, ratio, held, told)


def _held(
    how: Design, stored: Mapping[str, Any], arm: str, sums: Sums, total: int, *, early: bool
) -> Held:
    direction, kind = Direction(stored["direction"]), kind_of(stored)
    control, treatment = sums.get(how.control, EMPTY), sums.get(arm, EMPTY)
    known = metrics.of(stored["key"])
    unit = Unit.SHARE if kind is Kind.PROPORTION else known.unit
    role = Role(stored["role"])
    metric = Metric(stored["key"], known.label, unit, direction, role)
    effect = compare(
        control,
        treatment,
        kind=kind,
        method=how.method,
        alpha=how.each_alpha,
        look=_look(how, total),
    )
    if early:
        effect = replace(effect, significant=False, enough=False)
    harm = None
    if role is Role.GUARDRAIL:
        harm = guardrail(
            control,
            treatment,
            metrics.MARGIN if stored["margin"] is None else float(stored["margin"]),
            direction,
            how.each_alpha,
            kind=kind,
            relative=unit is not Unit.SHARE,
        )
    return Held(arm, metric, effect, harm)


def _chance_left(how: Design, held: Sequence[Held], total: int) -> float | None:
    """Return the best chance of all arms to show by the end what is looked for; None where nobody knows."""
    if how.whole is None or how.looked_for is None or how.bandit or not 0 < total < how.whole:
        return None
    broken = {each.arm for each in held if each.harm is not None and each.harm.broken}
    seen = sorted({each for each in how.seen if 0 < each < total})
    told: list[float | None] = []
    for each in held:
        if each.metric.role is not Role.PRIMARY or each.arm in broken:
            continue
        effect, base = each.effect, how.baseline
        # A measure that few units have is as far as those who take part.
        had = effect.control_n + effect.treatment_n
        scale = had / total
        base = effect.control if base is None else base
        look = Look(
            max(1, round(how.whole * scale)), tuple(round(at * scale) for at in (*seen, total))
        )
        wanted = how.looked_for * abs(base or 0.0)
        told.append(chance_left(effect, wanted, look) if wanted else None)
    known = [each for each in told if each is not None]
    return max(known) if known and len(known) == len(told) else None


def kind_of(stored: Mapping[str, Any]) -> Kind:
    """Read what a measure is; a ratio that is a share of its whole is never certain."""
    kind = Kind(stored["kind"])
    share = metrics.of(stored["key"]).unit is Unit.SHARE
    return Kind.RATE if kind is Kind.RATIO and share else kind


def _look(how: Design, total: int) -> Look | None:
    """Tell where the way is, by the units of all arms: of a measure that few units have, as of others."""
    if how.whole is None or how.method is Method.FIXED or not total:
        return None
    seen = sorted({each for each in how.seen if 0 < each < total})
    return Look(how.whole, (*seen, total))


def _compared(each: Held) -> Compared:
    if each.metric.role is Role.GUARDRAIL:
        return Compared(each.arm, each.metric, None, each.harm)
    return Compared(each.arm, each.metric, each.effect)


def words(each: Held, control: str) -> str:
    """Say what a comparison found."""
    if each.harm is not None:
        return harm_words(each.metric, each.harm, each.arm, control)
    return effect_words(each.metric, each.effect, each.arm, control)


def segments(how: Design, found: Mapping[str, Mapping[str, Sums]]) -> tuple[Segment, ...]:
    """Hold arms against the first among parts of the units, with the false discovery rate in check."""
    kind = kind_of(how.primary)
    made = [
        Segment(by, value, arm, compare(sums[how.control], sums[arm], kind=kind, alpha=how.alpha))
        for by, parts in found.items()
        for value, sums in sorted(parts.items())
        for arm in how.treatments
        if how.control in sums and arm in sums
    ]
    adjusted = discovery_p([each.effect.p for each in made])
    return tuple(replace(each, q=q) for each, q in zip(made, adjusted, strict=True))


def measured(
    moments: Moments, kind: Kind, alpha: float
) -> tuple[float | None, float | None, float | None]:
    """Return an arm's own mean with its interval, by the normal quantile."""
    mean, found = shown(moments, kind), estimate(moments, kind)
    if mean is None or found is None:
        return mean, None, None
    reach = NormalDist().inv_cdf(1 - alpha / 2) * found.error
    return mean, found.mean - reach, found.mean + reach
