"""Experiments before they start, and their words afterwards."""

from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery
from hone.experiments import metrics, rendering, repository
from hone.experiments.errors import (
    ArmsWrong,
    ExperimentChanged,
    ExperimentRunning,
    ExperimentState,
    TargetUnknown,
)
from hone.experiments.models import Experiment
from hone.experiments.rendering import PREFIX
from hone.experiments.schemas.design import (
    ExperimentArm,
    ExperimentChange,
    ExperimentMetric,
    ExperimentRead,
    ExperimentWrite,
)
from hone.gateway import Policy
from hone.identity import Actor, Permission

READ, WRITE = Permission.EXPERIMENTS_READ, Permission.EXPERIMENTS_WRITE
_WORDS: Final = frozenset({"version", "name", "hypothesis"})
"""What may change at any time: nothing is counted by it."""
_SAME: Final = (
    "name", "hypothesis", "target", "unit", "coverage", "method", "alpha", "power", "minimum_effect",
    "mode", "max_days",
)  # fmt: skip


async def access(
    session: Session,
    actor: Actor,
    experiment_id: str,
    permission: Permission = READ,
    *,
    lock: bool = False,
) -> Experiment:
    """Open the one door to an experiment."""
    actor.require(permission)
    parsed = ids.parse(PREFIX, experiment_id)
    found = parsed and await repository.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such experiment in this organization.")
    return found


async def page(
    session: Session, actor: Actor, query: PageQuery, state: str | None
) -> Page[ExperimentRead]:
    """List experiments, newest first."""
    actor.require(READ)
    rows, total, following = await repository.page(session, actor.organization_id, query, state)
    found = [row.id for row in rows]
    looks = await repository.last_looks(session, actor.organization_id, found)
    led = await repository.releases(session, actor.organization_id, found)
    items = [rendering.experiment(row, looks.get(row.id), led.get(row.id)) for row in rows]
    return Page[ExperimentRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, experiment_id: str) -> ExperimentRead:
    """Show one."""
    return await shown(session, await access(session, actor, experiment_id))


async def shown(session: Session, row: Experiment) -> ExperimentRead:
    """Show one, with what its last analysis said."""
    looks = await repository.last_looks(session, row.organization_id, [row.id])
    led = await repository.releases(session, row.organization_id, [row.id])
    return rendering.experiment(row, looks.get(row.id), led.get(row.id))


async def create(session: Session, actor: Actor, data: ExperimentWrite) -> ExperimentRead:
    """Draw up an experiment; no call is split before it starts."""
    return await shown(session, await draw_up(session, actor, data))


async def draw_up(session: Session, actor: Actor, data: ExperimentWrite) -> Experiment:
    """Add a draft."""
    actor.require(WRITE)
    await require_callable(session, actor.organization_id, data.target, data.arms)
    row = Experiment(
        id=ids.new(),
        organization_id=actor.organization_id,
        state="draft",
        arms=stored_arms(data.arms),
        metrics=stored_metrics(data.metrics),
        version=1,
        created_by=actor.id,
        created_at=clock.now(),
        updated_at=clock.now(),
        plan=None,
        decided=None,
        **{name: getattr(data, name) for name in _SAME},
    )
    session.add(row)
    await session.flush()
    await session.refresh(row)
    note(session, actor, row, "experiment.created", {"after": facts(row)})
    return row


async def update(
    session: Session, actor: Actor, experiment_id: str, data: ExperimentChange
) -> ExperimentRead:
    """Change a draft; of one that has started, only its words."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    if row.version != data.version:
        raise ExperimentChanged(details={"version": row.version})
    spoiling = sorted(data.model_fields_set - _WORDS)
    if row.state != "draft" and spoiling:
        raise ExperimentRunning(
            f"This experiment is {row.state}: a change of {', '.join(spoiling)} would spoil what was"
            " counted. Stop it and start another with what you want to change; its name and hypothesis"
            " can be changed here.",
            param=spoiling[0],
            details={"state": row.state},
        )
    before = facts(row)
    given = data.model_dump(exclude_unset=True, exclude={"version"}, exclude_none=True)
    wanted = ExperimentWrite.model_validate(_written(row) | given)
    if spoiling:
        await require_callable(session, actor.organization_id, wanted.target, wanted.arms)
    for name in _SAME:
        setattr(row, name, getattr(wanted, name))
    if spoiling:
        row.arms, row.metrics = stored_arms(wanted.arms), stored_metrics(wanted.metrics)
        row.plan = None
    row.version, row.updated_at = row.version + 1, clock.now()
    await session.flush()
    note(session, actor, row, "experiment.updated", {"before": before, "after": facts(row)})
    return await shown(session, row)


async def delete(session: Session, actor: Actor, experiment_id: str) -> None:
    """Take a draft away; what was started stays on record."""
    row = await access(session, actor, experiment_id, WRITE, lock=True)
    if row.state != "draft":
        raise ExperimentState(
            f"This experiment is {row.state}: only a draft can be deleted. Stop it instead; it stays"
            " on record."
        )
    note(session, actor, row, "experiment.deleted", {"before": facts(row)})
    await session.delete(row)
    await session.flush()


async def require_callable(
    session: Session, organization_id: UUID, target: str, arms: list[ExperimentArm]
) -> None:
    """Refuse a target or an arm that clients could not call."""
    names = await repository.callable_names(session, organization_id)
    of_versions = all(each.kind == "version" for each in arms)
    if target not in names and not of_versions:
        raise TargetUnknown(
            f"There is no model and no route {target!r}: add one, or name one of them.",
            param="target",
        )
    for each in arms:
        ref = each.ref or target
        if each.kind == "policy" and ref not in set(Policy):
            known = ", ".join(Policy)
            raise ArmsWrong(f"There is no policy {ref!r}; there are {known}.", param="arms")
        if each.kind in {"model", "route", "prompt"} and ref not in names:
            raise ArmsWrong(
                f"The arm {each.name!r} names {ref!r}, and there is no such model or route.",
                param="arms",
            )


def stored_arms(arms: list[ExperimentArm]) -> list[dict[str, Any]]:
    """Write arms as the table has them; equal shares where none were given."""
    even = 1 / len(arms)
    return [
        each.model_dump() | {"share": even if each.share is None else each.share} for each in arms
    ]


def stored_metrics(given: list[ExperimentMetric]) -> list[dict[str, Any]]:
    """Write measures as the table has them."""
    return [metrics.settled(each) for each in given]


def _written(row: Experiment) -> dict[str, Any]:
    """Write an experiment as it would be sent."""
    arms = [
        {name: each.get(name) for name in ("name", "kind", "ref", "share", "prompt")}
        for each in row.arms
    ]
    return {"arms": arms, "metrics": row.metrics} | {name: getattr(row, name) for name in _SAME}


def facts(row: Experiment) -> dict[str, Any]:
    """Tell what the trail says of an experiment."""
    return {"state": row.state, "arms": row.arms, "metrics": row.metrics} | {
        name: getattr(row, name) for name in _SAME
    }


def note(session: Session, actor: Actor, row: Experiment, name: str, data: dict[str, Any]) -> None:
    """Leave an event."""
    told = {"name": row.name, "target": row.target, **data}
    publish(session, row.organization_id, actor.id, name, ids.public(PREFIX, row.id), told)
