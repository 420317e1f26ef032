"""The rules of policies."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone import datasets, training
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.paging import Page, PageQuery, UnknownCursor, cursor
from hone.identity import Actor, Permission
from hone.improvement import rendering
from hone.improvement.errors import PolicyChanged, PolicyTaken, PolicyWrong
from hone.improvement.models import Policy
from hone.improvement.repository import policies, turns
from hone.improvement.schemas.policies import (
    ImprovementPolicyChange,
    ImprovementPolicyRead,
    ImprovementPolicyWrite,
)
from hone.improvement.service import carrying
from hone.training import TrainingJob

_READ, _WRITE = Permission.RELEASES_READ, Permission.RELEASES_WRITE


async def access(
    session: Session,
    actor: Actor,
    policy_id: str,
    permission: Permission = _READ,
    *,
    lock: bool = False,
) -> Policy:
    """Open the one door to a policy."""
    actor.require(permission)
    parsed = ids.parse(rendering.POLICY, policy_id)
    found = parsed and await policies.by_id(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such improvement policy in this organization.")
    return found


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[ImprovementPolicyRead]:
    """List policies, newest first."""
    actor.require(_READ)
    after = last_of(query)
    rows, total = await policies.page(session, actor.organization_id, after, query.limit)
    more = cursor(rows[query.limit - 1].id.hex) if len(rows) > query.limit else None
    items = [await shown(session, row) for row in rows[: query.limit]]
    return Page[ImprovementPolicyRead](items=items, total=total, next=more)


async def get(session: Session, actor: Actor, policy_id: str) -> ImprovementPolicyRead:
    """Show one policy, and how near its next turn is."""
    return await shown(session, await access(session, actor, policy_id))


async def create(
    session: Session, actor: Actor, data: ImprovementPolicyWrite
) -> ImprovementPolicyRead:
    """Let a model learn by itself; who says so may train and release."""
    _require(actor)
    if await policies.by_model(session, actor.organization_id, data.model) is not None:
        raise PolicyTaken(param="model")
    carrying.check(data.release)
    job = await _job(session, actor, data.model, data.job)
    row = Policy(
        id=ids.new(),
        organization_id=actor.organization_id,
        model=data.model,
        enabled=data.enabled,
        job=job.document(),
        triggers=[each.model_dump(mode="json") for each in data.triggers],
        debounce_seconds=data.debounce_seconds,
        least_new=data.least_new,
        budget=data.budget.model_dump(mode="json"),
        approvals=sorted(set(data.approvals)),
        release=data.release.model_dump(mode="json"),
        created_by=actor.id,
    )
    session.add(row)
    await _flush(session)
    await session.refresh(row)
    _note(session, actor, row, "improvement_policy.created", after=facts(row))
    return await shown(session, row)


async def update(
    session: Session, actor: Actor, policy_id: str, data: ImprovementPolicyChange
) -> ImprovementPolicyRead:
    """Change a policy; a turn that is under way stays what it is."""
    _require(actor)
    row = await access(session, actor, policy_id, _WRITE, lock=True)
    if row.version != data.version:
        raise PolicyChanged(details={"version": row.version})
    before = facts(row)
    if data.release is not None:
        carrying.check(data.release)
    said = data.model_dump(mode="json", exclude={"version", "job"}, exclude_none=True)
    for name, value in said.items():
        setattr(row, name, sorted(set(value)) if name == "approvals" else value)
    if data.job is not None:
        row.job = (await _job(session, actor, row.model, data.job)).document()
    now = clock.now()
    row.version, row.updated_at, row.next_at, row.fired_at = row.version + 1, now, now, None
    await session.flush()
    _note(session, actor, row, "improvement_policy.updated", before, facts(row))
    return await shown(session, row)


async def delete(session: Session, actor: Actor, policy_id: str) -> None:
    """Take a policy away; turns that it began stay, and one that is under way goes on."""
    row = await access(session, actor, policy_id, _WRITE, lock=True)
    _note(session, actor, row, "improvement_policy.deleted", facts(row))
    await session.delete(row)
    await session.flush()


async def shown(session: Session, row: Policy) -> ImprovementPolicyRead:
    """Show a policy as it stands now."""
    spent = await policies.spent(session, row.organization_id, row.model, clock.now())
    turn = await turns.under_way(session, row.organization_id, row.model)
    return rendering.policy(row, spent, turn)


def last_of(query: PageQuery) -> UUID | None:
    """Read the id in a cursor."""
    after = query.after()
    last = ids.parse("", after[0]) if after is not None and len(after) == 1 else None
    if after is not None and last is None:
        raise UnknownCursor(param="cursor")
    return last


def facts(row: Policy) -> dict[str, object]:
    """Write what a policy says, for the trail."""
    return {
        "model": row.model,
        "enabled": row.enabled,
        "dataset": row.job.get("data", {}).get("dataset"),
        "triggers": row.triggers,
        "debounceSeconds": row.debounce_seconds,
        "leastNew": row.least_new,
        "budget": row.budget,
        "approvals": row.approvals,
        "release": row.release,
    }


def _require(actor: Actor) -> None:
    """What a policy does by itself, who makes it must be allowed to do."""
    actor.require(_WRITE)
    actor.require(Permission.TRAINING_WRITE)


async def _job(
    session: Session, actor: Actor, model: str, given: TrainingJob | None
) -> TrainingJob:
    job = given or await training.again(session, actor, model)
    if job is None:
        raise PolicyWrong(
            f"{model} was never trained: say how it is trained, by `job`, or train it once.",
            param="job",
        )
    if job.data.version is not None:
        raise PolicyWrong(
            f"Leave out `job.data.version`: {model} is to learn from what is new in the data set.",
            param="job.data.version",
        )
    await datasets.access(session, actor, job.data.dataset)
    return job.model_copy(update={"name": model})


async def _flush(session: Session) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise PolicyTaken(param="model") from error


def _note(
    session: Session,
    actor: Actor,
    row: Policy,
    name: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    subject = ids.public(rendering.POLICY, row.id)
    publish(
        session, row.organization_id, actor.id, name, subject, {"before": before, "after": after}
    )
