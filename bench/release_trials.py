"""Simulated experiments and releases: sums are drawn day by day, and judged by the code that judges real ones."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from hone.experiments import statistics
from hone.experiments.statistics import Kind, Look, Method, Moments
from hone.releases import figures
from hone.releases.figures import Arm, judge
from hone.releases.schemas import Guardrail

DAYS = 14
ALPHA = 0.05
Draw = Callable[[random.Random, int, float], Moments]
"""Draw the sums of some units of an arm, given how good it is."""


def resolved(dice: random.Random, units: int, share: float) -> Moments:
    """Draw yes or no for each unit."""
    chance = dice.random
    won = sum([chance() < share for _ in range(units)])
    return Moments(units, won, won)


def cost(dice: random.Random, units: int, factor: float) -> Moments:
    """Draw what each unit cost: skewed, as costs and waits are."""
    values = [factor * dice.lognormvariate(0.0, 1.0) for _ in range(units)]
    return Moments(units, sum(values), sum([value * value for value in values]))


def failed(dice: random.Random, units: int, share: float) -> Moments:
    """Draw the calls of each unit, and how many failed: units differ in both."""
    total = squares = whole = whole_squares = cross = 0.0
    for _ in range(units):
        calls = 1 + int(dice.expovariate(0.4))
        taste = share * dice.uniform(0.2, 1.8)
        bad = sum([dice.random() < taste for _ in range(calls)])
        total, squares = total + bad, squares + bad * bad
        whole, whole_squares = whole + calls, whole_squares + calls * calls
        cross += bad * calls
    return Moments(units, total, squares, whole, whole_squares, cross)


KINDS: dict[str, tuple[Kind, Draw, float]] = {
    "a proportion (70 % resolved)": (Kind.PROPORTION, resolved, 0.7),
    "a skewed mean (log-normal cost)": (Kind.MEAN, cost, 1.0),
    "a rate (failed of all calls)": (Kind.RATE, failed, 0.05),
}


@dataclass
class Tally:
    """How many of the experiments called a difference, by method, and on which day."""

    experiments: int
    found: dict[str, list[int]]
    """The day of each call; `peeked` is a fixed method that was looked at daily, as it must not be."""

    def rate(self, method: str) -> float:
        """Return the part that called one."""
        return len(self.found[method]) / self.experiments


def compared(
    experiments: int,
    kind: Kind,
    draw: Draw,
    one: float,
    other: float,
    daily: int,
    seed: int,
) -> Tally:
    """Run experiments that are looked at each day until the last, and tally what each method calls."""
    dice = random.Random(seed)
    tally = Tally(experiments, {each: [] for each in (*Method, "peeked")})
    for _ in range(experiments):
        open_ = set(tally.found)
        arms = [Moments(0, 0.0, 0.0), Moments(0, 0.0, 0.0)]
        for day in range(1, DAYS + 1):
            arms = [
                arms[0] + draw(dice, daily, one),
                arms[1] + draw(dice, daily, other),
            ]
            for method in sorted(open_):
                if _calls(arms, kind, method, day, daily):
                    tally.found[method].append(day)
                    open_.discard(method)
    return tally


def _calls(arms: list[Moments], kind: Kind, method: str, day: int, daily: int) -> bool:
    if method == Method.FIXED and day < DAYS:
        return False
    look = Look(2 * DAYS * daily, tuple(2 * daily * each for each in range(1, day + 1)))
    told = statistics.compare(
        *arms,
        kind=kind,
        method=Method.FIXED if method == "peeked" else method,
        alpha=ALPHA,
        relative=False,
        look=None if method == "peeked" else look,
    )
    return told.significant


def watched(experiments: int, kind: Kind, draw: Draw, level: float, seed: int) -> float:
    """Return the part of A/A experiments that is called when looked at after every 25 units of an arm."""
    dice = random.Random(seed)
    called = 0
    for _ in range(experiments):
        arms = [Moments(0, 0.0, 0.0), Moments(0, 0.0, 0.0)]
        while arms[0].n < DAYS * 250:
            arms = [each + draw(dice, 25, level) for each in arms]
            told = statistics.compare(
                *arms,
                kind=kind,
                method=Method.ALWAYS_VALID,
                alpha=ALPHA,
                relative=False,
                look=Look(2 * DAYS * 250),
            )
            if told.significant:
                called += 1
                break
    return called / experiments


@dataclass
class Releases:
    """When each simulated release was rolled back, in units that had met it; None: it went through."""

    met: list[int | None]

    def within(self, units: int) -> float:
        """Return the part that was rolled back before so many units had met it."""
        return sum([each is not None and each < units for each in self.met]) / len(self.met)


def talkative(
    good: float, share: float, runs: int, seed: int, margin: float = 0.0
) -> list[int | None]:
    """Release a candidate to a tenth of units that come back, each with a taste of its own.

    A call in three is of somebody new, so what is known of a unit changes while it is judged: after every
    25 answers of the candidate, until 100 units have met it.
    """
    dice = random.Random(seed)
    guard = Guardrail(metric="accuracy", margin=margin, alpha=ALPHA)
    return [_heard(dice, guard, good, share) for _ in range(runs)]


def _heard(dice: random.Random, guard: Guardrail, good: float, share: float) -> int | None:
    arms: list[list[list[float]]] = [[], []]
    while len(arms[1]) < 100:
        for units, chance, calls in ((arms[0], good, 225), (arms[1], share, 25)):
            for _ in range(calls):
                if not units or dice.random() < 1 / 3:
                    units.append(
                        [
                            dice.betavariate(3 * chance, 3 - 3 * chance)
                            if 0 < chance < 1
                            else chance,
                            0.0,
                            0.0,
                        ]
                    )
                one = dice.choice(units)
                one[1], one[2] = one[1] + (dice.random() < one[0]), one[2] + 1
        told = judge(guard, _arm("live", _together(arms[0])), _arm("candidate", _together(arms[1])))
        if told["state"] == "harmed":
            return len(arms[1])
    return None


def _together(units: list[list[float]]) -> Moments:
    met = [(won, n) for _, won, n in units if n]
    return Moments(
        len(met),
        sum([won for won, _ in met]),
        sum([won * won for won, _ in met]),
        sum([n for _, n in met]),
        sum([n * n for _, n in met]),
        sum([won * n for won, n in met]),
        own=sum([won / n for won, n in met]),
    )


def released(
    runs: int,
    good: float,
    share: float,
    units: int,
    seed: int,
    margin: float = 0.02,
    *,
    each: int = 25,
) -> Releases:
    """Release a candidate to a tenth of the units, and judge it after every `each` that met it, as releases do."""
    dice = random.Random(seed)
    guard = Guardrail(metric="accuracy", margin=margin, alpha=ALPHA)
    met: list[int | None] = []
    for _ in range(runs):
        live, candidate = Moments(0, 0.0, 0.0), Moments(0, 0.0, 0.0)
        stopped = None
        while candidate.n < units and stopped is None:
            live += _single(resolved(dice, 9 * each, good))
            candidate += _single(resolved(dice, each, share))
            told = judge(guard, _arm("live", live), _arm("candidate", candidate))
            stopped = candidate.n if told["state"] == "harmed" else None
        met.append(stopped)
    return Releases(met)


RAMP = ((0.1, 0.85), (0.25, 0.7), (0.5, 0.55))
"""Of each step the candidate's share, and how many are resolved then, whoever answers."""


def ramped(runs: int, worse: float, seed: int, *, pooled: bool = False) -> float:
    """Ramp a candidate up while the calls get harder; return how often it is rolled back.

    It is judged after every 25 units that met it, within each step as releases do, or by pooled sums.
    """
    dice = random.Random(seed)
    return sum([_harmed(dice, worse, pooled=pooled) for _ in range(runs)]) / runs


def _harmed(dice: random.Random, worse: float, *, pooled: bool) -> bool:
    guard = Guardrail(metric="accuracy", margin=0.02, alpha=ALPHA)
    steps: list[list[Moments]] = []
    for share, good in RAMP:
        steps.append([Moments(0, 0.0, 0.0), Moments(0, 0.0, 0.0)])
        for _ in range(20):
            steps[-1][0] += _single(resolved(dice, round(25 * (1 - share) / share), good))
            steps[-1][1] += _single(resolved(dice, 25, good - worse))
            live, candidate = (
                _arm(name, sum((each[place] for each in steps), Moments(0, 0.0, 0.0)))
                for place, name in enumerate(("live", "candidate"))
            )
            if not pooled and len(steps) > 1:
                live, candidate = _weighed(live, candidate, steps)
            if judge(guard, live, candidate)["state"] == "harmed":
                return True
    return False


def _weighed(live: Arm, candidate: Arm, steps: list[list[Moments]]) -> tuple[Arm, Arm]:
    """Weigh the steps as a release does; here each unit is in one of them."""
    pairs = [(_arm("live", one), _arm("candidate", other)) for one, other in steps]
    terms = figures.terms(pairs, "accuracy")
    spreads = [
        (
            sum(each[place].n for each in steps),
            sum(
                term.scale**2
                * (
                    each.squares
                    - 2 * term.ratio * each.cross
                    + term.ratio**2 * each.covariate_squares
                )
                for each, term in (
                    (step[place], both[place]) for step, both in zip(steps, terms, strict=True)
                )
                if term is not None
            ),
        )
        for place in (0, 1)
    ]
    sides = figures.across(pairs, "accuracy", (spreads[0], spreads[1]))
    return replace(live, sides={"accuracy": sides[0]}), replace(
        candidate, sides={"accuracy": sides[1]}
    )


def _single(units: Moments) -> Moments:
    """Give each unit one answer that was judged."""
    n, won = units.n, units.total
    return Moments(n, won, units.squares, n, n, won, own=won)


def _arm(name: str, sums: Moments) -> Arm:
    return Arm(name, sums.n, sums.n, 0, {"accuracy": sums})


def failing(share: float, most: int, seed: int) -> int | None:
    """Return after how many units a candidate goes back whose calls fail for so large a part of them."""
    dice = random.Random(seed)
    guard = Guardrail(metric="error_rate", margin=0.02, alpha=ALPHA)
    live = candidate = failed_live = failed_candidate = 0
    while candidate < most:
        for _ in range(9):
            live, failed_live = live + 1, failed_live + (dice.random() < 0.01)
        candidate, failed_candidate = (
            candidate + 1,
            failed_candidate + (dice.random() < share),
        )
        arms = [
            Arm(
                name,
                units,
                units,
                bad,
                {"error_rate": _single(Moments(units, bad, bad))},
            )
            for name, units, bad in (
                ("live", live, failed_live),
                ("candidate", candidate, failed_candidate),
            )
        ]
        if judge(guard, *arms)["state"] == "harmed":
            return candidate
    return None
