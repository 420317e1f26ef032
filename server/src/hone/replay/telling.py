"""A replay in the words and units of the API."""

from collections.abc import Iterator, Sequence
from typing import Final

from hone.gateway import Policy, Route
from hone.replay import figures
from hone.replay.basis import Basis, targets_of
from hone.replay.figures import Measured
from hone.replay.schemas import (
    BasisRead,
    Estimate,
    Measures,
    MixPart,
    Note,
    SampleRead,
    Unknown,
    WhatIf,
)
from hone.replay.simulation import LEARNING, Outcome, as_it_was

_PICO: Final = 10**12
FEW: Final = 30
"""With fewer attempts, what is said of a model comes with a word of caution."""
_SELECTIVE: Final = frozenset({Policy.INTELLIGENT, Policy.ADAPTIVE})


def tell(route: Route, basis: Basis, runs: Sequence[Sequence[Outcome]]) -> WhatIf:
    """Say what the calls were, and what they would have been."""
    facts, first = [as_it_was(each) for each in basis.calls], runs[0]
    return WhatIf(
        basis=_basis(basis),
        measures=_measures(figures.measure(facts, runs)),
        mix=_mix(route, facts, first),
        samples=[
            SampleRead(
                model=target.model,
                attempts=basis.pools[target.model_id].attempts,
                failed=len(basis.pools[target.model_id].failures),
            )
            for target in targets_of(route)
        ],
        unknown=Unknown(
            times=sum(not each.timed for each in first),
            outcome=sum(not each.sure for each in first),
            prices=sum(not each.priced for each in first),
        ),
        notes=list(_notes(route, basis, first)),
    )


def _basis(basis: Basis) -> BasisRead:
    return BasisRead(
        kind="route" if basis.of_route else "organization",
        route=basis.name,
        calls=len(basis.calls),
        since=basis.since,
        until=basis.until,
        ended=basis.ended,
        unfit=basis.unfit,
    )


def _measures(found: dict[str, Measured]) -> Measures:
    seconds = {
        name: _read(found[name], 1000.0, 1) for name in ("p50", "p95", "first_p50", "first_p95")
    }
    return Measures(
        cost_usd=_read(found["cost"], 1 / _PICO, 12),
        p50_ms=seconds["p50"],
        p95_ms=seconds["p95"],
        ttft_p50_ms=seconds["first_p50"],
        ttft_p95_ms=seconds["first_p95"],
        failed=_read(found["failed"]),
        fallbacks=_read(found["rescued"]),
        deadlines=_read(found["cut"]),
    )


def _read(measured: Measured, scale: float = 1.0, digits: int = 0) -> Estimate:
    def shown(value: float | None) -> float | None:
        return None if value is None else round(value * scale, digits)

    return Estimate(
        fact=shown(measured.fact),
        estimate=shown(measured.estimate),
        low=shown(measured.low),
        high=shown(measured.high),
    )


def _mix(route: Route, facts: Sequence[Outcome], first: Sequence[Outcome]) -> list[MixPart]:
    now, then, none = figures.mix(facts), figures.mix(first), figures.Part(0, 0)
    names = [each.model for each in targets_of(route)]
    return [
        MixPart(
            model=name,
            asked_fact=now.get(name, none).asked,
            asked_estimate=then.get(name, none).asked,
            answered_fact=now.get(name, none).answered,
            answered_estimate=then.get(name, none).answered,
        )
        for name in dict.fromkeys([*names, *now])
    ]


def _notes(route: Route, basis: Basis, first: Sequence[Outcome]) -> Iterator[Note]:
    for target in targets_of(route):
        seen = basis.pools[target.model_id].attempts
        if 0 < seen < FEW:
            times = "attempt" if seen == 1 else "attempts"
            yield Note(
                code="few_attempts",
                message=f"What is said of {target.model} rests on {seen} {times} at it.",
            )
    repriced = sum(each.repriced for each in first)
    if repriced:
        yield Note(
            code="repriced",
            message=f"Of {repriced:,} calls the price has changed since; the replay counts the present one.",
        )
    if route.policy in _SELECTIVE:
        yield Note(
            code="needs_unknown",
            message="What calls needed, such as tools or pictures, is not recorded:"
            " every model is taken to be able.",
        )
    if route.policy in LEARNING:
        yield Note(
            code="one_process",
            message="It is replayed as one process would choose; several learn each for itself.",
        )
