"""The rules of costs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.operations.costs import periods, repository
from hone.operations.costs.dimensions import Dimension
from hone.operations.costs.figures import Sums, total
from hone.operations.costs.periods import Period
from hone.operations.costs.repository import Asked, Cell
from hone.operations.costs.schemas import (
    CostBefore,
    CostFigures,
    CostItem,
    CostQuery,
    CostReport,
    CostRest,
    CostSelection,
    CostStep,
    CostTotal,
)
from hone.operations.figures import usd
from hone.operations.service import selection

_NAMED = ("key", "person", "team")


def asked(actor: Actor, query: CostSelection) -> tuple[Asked, Period]:
    """Read what is asked for."""
    zone = periods.zone_of(query.zone)
    period = periods.plan(query.from_, query.to, query.step, zone, clock.now())
    # The period bounds what is read; the filter's own bounds would only keep sums from being used.
    given = query.model_copy(update={"from_": None, "to": None})
    dimension = None if query.by is None else Dimension(query.by)
    return Asked(actor.organization_id, selection(given), dimension), period


async def report(session: Session, actor: Actor, query: CostQuery) -> CostReport:
    """Add costs up."""
    actor.require(Permission.OPERATIONS_READ)
    wanted, period = asked(actor, query)
    by_step, cells, values = await _figures(session, wanted, period, query.limit)
    whole = total(by_step.values())
    shown = _by_place(cells, query.limit)
    values_shown = [value for value, _ in shown.values()]
    before: dict[str | None, Sums] = {}
    before_all: Sums | None = None
    if query.compare:
        everything = Asked(wanted.organization_id, wanted.filters, None)
        before_all = total((await repository.sums(session, everything, period.before)).values())
        if shown:
            before = await repository.sums_of(session, wanted, period.before, values_shown)
    names = await labels(session, wanted, values_shown)
    steps = len(period.edges) - 1
    items = [
        CostItem(
            **figures(total(found.values())),
            value=public(query.by, value),
            label=None if value is None else names.get(value),
            share=_share(total(found.values()), whole),
            costs=_costs(found, steps),
            before=_before(before.get(value, Sums())) if query.compare else None,
        )
        for value, found in shown.values()
    ]
    rest = {cell.step: cell.sums for cell in cells if cell.place > query.limit}
    return CostReport(
        as_of=clock.now(),
        from_=period.since,
        to=period.until,
        before_from=period.before.since,
        before_to=period.before.until,
        zone=query.zone,
        by=query.by,
        step=query.step,
        total=CostTotal(
            **figures(whole), before=None if before_all is None else _before(before_all)
        ),
        steps=[] if query.step is None else _steps(period, by_step),
        items=items,
        rest=_rest(rest, values - len(shown), whole, steps) if rest else None,
    )


async def _figures(
    session: Session, wanted: Asked, period: Period, most: int
) -> tuple[dict[int, Sums], list[Cell], int]:
    """Add up by step, and by value and step; where no call counts twice, the former follows."""
    everything = Asked(wanted.organization_id, wanted.filters, None)
    if wanted.dimension is None:
        return await repository.sums(session, everything, period.edges), [], 0
    cells, values = await repository.cells(session, wanted, period.edges, most)
    if wanted.dimension.overlaps:
        return await repository.sums(session, everything, period.edges), cells, values
    by_step: dict[int, Sums] = {}
    for cell in cells:
        by_step.setdefault(cell.step, Sums()).add(cell.sums)
    return by_step, cells, values


def _by_place(cells: Sequence[Cell], most: int) -> dict[int, tuple[str | None, dict[int, Sums]]]:
    found: dict[int, tuple[str | None, dict[int, Sums]]] = {}
    for cell in sorted(cells, key=lambda each: each.place):
        if cell.place <= most:
            found.setdefault(cell.place, (cell.value, {}))[1][cell.step] = cell.sums
    return found


async def labels(session: Session, wanted: Asked, values: Sequence[str | None]) -> dict[str, str]:
    """Name keys, people and teams."""
    by = None if wanted.dimension is None else wanted.dimension.name
    if by not in _NAMED:
        return {}
    named = [UUID(each) for each in values if each is not None]
    found = await repository.labels(session, wanted.organization_id, by, named)
    return {str(known): name for known, name in found.items()}


def public(by: str | None, value: str | None) -> str | None:
    """Write a value as the API names it."""
    return ids.public(by, UUID(value)) if by in _NAMED and by and value else value


def figures(sums: Sums) -> dict[str, Any]:
    """Show sums."""
    made = CostFigures(
        calls=sums.calls,
        input_tokens=sums.input_tokens,
        cached_tokens=sums.cached_tokens,
        cache_write_tokens=sums.written_tokens,
        output_tokens=sums.output_tokens,
        reasoning_tokens=sums.reasoning_tokens,
        cost_usd=usd(sums.cost),
        average_cost_usd=usd(sums.cost) / sums.calls if sums.calls else None,
        estimated_share=sums.estimated_cost / sums.cost if sums.cost else 0.0,
        earning_calls=sums.earning,
        revenue_usd=usd(sums.revenue) if sums.earning else None,
        margin_usd=usd(sums.revenue - sums.cost) if sums.earning else None,
    )
    return made.model_dump()


def _before(sums: Sums) -> CostBefore:
    revenue = usd(sums.revenue) if sums.earning else None
    return CostBefore(calls=sums.calls, cost_usd=usd(sums.cost), revenue_usd=revenue)


def _share(sums: Sums, whole: Sums) -> float:
    return sums.cost / whole.cost if whole.cost else 0.0


def _costs(found: dict[int, Sums], steps: int) -> list[float]:
    return [usd(found[step].cost) if step in found else 0.0 for step in range(1, steps + 1)]


def _steps(period: Period, by_step: dict[int, Sums]) -> list[CostStep]:
    made: list[CostStep] = []
    for step, at in enumerate(period.edges[:-1], 1):
        sums = by_step.get(step, Sums())
        revenue = usd(sums.revenue) if sums.earning else None
        cost = usd(sums.cost)
        made.append(CostStep(at=at, calls=sums.calls, cost_usd=cost, revenue_usd=revenue))
    return made


def _rest(found: dict[int, Sums], values: int, whole: Sums, steps: int) -> CostRest:
    sums = total(found.values())
    return CostRest(
        **figures(sums), values=values, share=_share(sums, whole), costs=_costs(found, steps)
    )
