"""Who has a run: taken as the owner, and written to only by whoever has it still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hone.core.db import Session
from hone.training.machine import Machine
from hone.training.models import (
    HELD,
    TrainingEvent,
    TrainingMetric,
    TrainingNode,
    TrainingRun,
    TrainingTrial,
)
from hone.training.trail import Event, Metric, Trial, moment

LEASE: Final = timedelta(seconds=8)
MOST_LOSSES: Final = 10
"""Workers or trainers that may be lost in a row before a run is given up."""
_LOCK: Final = 0x7241
_MOST_WAITING: Final = 1000
_METRICS_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that a worker has, by its fencing token."""

    organization_id: UUID
    run_id: UUID
    token: int


async def alone(session: Session) -> None:
    """Let one worker at a time decide who starts."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def beat(session: Session, machine: Machine) -> None:
    """Tell that this machine is there, what it has, and how much of it is taken."""
    used = (
        await session.execute(
            select(
                func.coalesce(func.sum(TrainingRun.cpu), 0),
                func.coalesce(func.sum(TrainingRun.memory), 0),
                func.coalesce(func.sum(TrainingRun.gpus_given), 0),
                func.count(),
            ).where(TrainingRun.state.in_(HELD), TrainingRun.node == machine.id)
        )
    ).one()
    told = {
        "cpu": machine.cpu,
        "memory": machine.memory,
        "gpus": machine.gpus,
        "used_cpu": used[0],
        "used_memory": int(used[1]),
        "used_gpus": used[2],
        "running": used[3],
        "beat_at": func.now(),
    }
    statement = insert(TrainingNode).values(id=machine.id, **told)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[TrainingNode.id], set_=told)
    )


async def renew(session: Session, claims: Sequence[Claim]) -> Mapping[UUID, str | None]:
    """Hold on to runs; those that are not returned are lost. With each comes what is wanted of it.

    A row that this worker itself has locked, to write what came of it, is not waited for.
    """
    tokens = {each.run_id: each.token for each in claims}
    mine = TrainingRun.id.in_(tokens), TrainingRun.state.in_(HELD)
    found = await session.execute(
        select(TrainingRun.id, TrainingRun.claim, TrainingRun.wish).where(*mine)
    )
    held = {row_id: wish for row_id, token, wish in found if tokens[row_id] == token}
    free = select(TrainingRun.id).where(*mine, TrainingRun.id.in_(held))
    await session.execute(
        update(TrainingRun)
        .where(TrainingRun.id.in_(free.with_for_update(skip_locked=True)))
        .values(leased_until=func.now() + LEASE)
    )
    return held


async def lost(session: Session) -> Sequence[TrainingRun]:
    """Find runs whose worker no longer holds on to them."""
    query = select(TrainingRun).where(
        TrainingRun.state.in_(HELD), TrainingRun.leased_until < func.now()
    )
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def waiting(session: Session) -> Sequence[TrainingRun]:
    """Read who waits, in all organizations."""
    query = select(TrainingRun).where(TrainingRun.state == "queued").order_by(TrainingRun.queued_at)
    return (
        await session.scalars(query.limit(_MOST_WAITING).with_for_update(skip_locked=True))
    ).all()


async def at_work(session: Session) -> Sequence[TrainingRun]:
    """Read who is at work, in all organizations."""
    return (await session.scalars(select(TrainingRun).where(TrainingRun.state.in_(HELD)))).all()


async def held(session: Session, claim: Claim) -> TrainingRun | None:
    """Read and lock a run, if the claim still counts."""
    query = select(TrainingRun).where(
        TrainingRun.organization_id == claim.organization_id,
        TrainingRun.id == claim.run_id,
        TrainingRun.claim == claim.token,
        TrainingRun.state.in_(HELD),
    )
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def add_metrics(
    session: Session, organization_id: UUID, run_id: UUID, metrics: Sequence[Metric]
) -> None:
    """Keep measured values; one that was measured before at the same step stays one."""
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for each in metrics:
        epoch = each.epoch
        rows[each.name, each.split, each.step, epoch] = {
            "organization_id": organization_id,
            "run_id": run_id,
            "name": each.name,
            "split": each.split or "",
            "step": each.step,
            "epoch": epoch,
            "value": each.value,
            "at": moment(each.at),
        }
    listed = list(rows.values())
    for start in range(0, len(listed), _METRICS_AT_ONCE):
        statement = insert(TrainingMetric).values(listed[start : start + _METRICS_AT_ONCE])
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[
                    TrainingMetric.run_id,
                    TrainingMetric.name,
                    TrainingMetric.split,
                    TrainingMetric.step,
                    func.coalesce(TrainingMetric.epoch, text("-1")),
                ],
                set_={"value": statement.excluded.value, "at": statement.excluded.at},
            )
        )


async def add_events(
    session: Session, organization_id: UUID, run_id: UUID, events: Sequence[Event]
) -> None:
    """Keep what was said."""
    query = select(func.coalesce(func.max(TrainingEvent.number), 0)).where(
        TrainingEvent.organization_id == organization_id, TrainingEvent.run_id == run_id
    )
    last = int(await session.scalar(query) or 0)
    for number, each in enumerate(events, last + 1):
        session.add(
            TrainingEvent(
                run_id=run_id,
                number=number,
                organization_id=organization_id,
                at=moment(each.at),
                kind=each.kind[:40],
                message=each.words,
                done=each.done,
            )
        )


async def add_trials(
    session: Session, organization_id: UUID, run_id: UUID, trials: Sequence[Trial]
) -> None:
    """Keep how trials stand; one that is over stays as it was."""
    for each in trials:
        at = moment(each.at)
        over = each.state != "running"
        values = {
            "state": each.state,
            "value": each.value,
            "figures": each.figures,
            "seconds": max(each.seconds, 0.0),
            "error": each.error if each.state == "failed" else None,
            "ended_at": at if over else None,
        }
        statement = insert(TrainingTrial).values(
            run_id=run_id,
            number=each.number,
            organization_id=organization_id,
            params=each.params,
            started_at=at,
            **values,
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[TrainingTrial.run_id, TrainingTrial.number],
                set_=values,
                where=TrainingTrial.state == "running",
            )
        )


async def states(session: Session, run_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Tell the states of runs; as the owner."""
    query = select(TrainingRun.id, TrainingRun.state).where(TrainingRun.id.in_(run_ids))
    return {row[0]: row[1] for row in await session.execute(query)}


def expired(row: TrainingRun, now: datetime) -> bool:
    """Tell whether a run has waited longer than it may."""
    most = row.spec.get("limits", {}).get("queueSeconds")
    since = max(row.queued_at, row.not_before or row.queued_at)
    return most is not None and (now - since).total_seconds() > float(most)
