"""The rules of retention: who may change how long a kind is kept, and what is told before."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.privacy import due, repository, rules
from hone.privacy.errors import RuleChanged
from hone.privacy.kinds import KindName
from hone.privacy.models import Rule
from hone.privacy.rules import Kept
from hone.privacy.schemas import Due, Retention, RetentionUpdate, RuleRead

_MAY = Permission.ORGANIZATION_WRITE


async def retention(session: Session, actor: Actor) -> Retention:
    """Tell how long each kind is kept, and what goes next."""
    actor.require(_MAY)
    kept = await rules.rules(session, actor.organization_id)
    return await _shown(session, actor.organization_id, kept)


async def preview(session: Session, actor: Actor, data: RetentionUpdate) -> Retention:
    """Tell what would go next under other rules, and change nothing."""
    actor.require(_MAY)
    kept = await rules.rules(session, actor.organization_id)
    return await _shown(session, actor.organization_id, _changed(kept, data))


async def update(session: Session, actor: Actor, data: RetentionUpdate) -> Retention:
    """Set rules; they count from the next run on."""
    actor.require(_MAY)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id)
    before = await rules.rules(session, organization_id)
    after = _changed(before, data)
    changed: list[KindName] = [name for name in after if after[name].days != before[name].days]
    for name in changed:
        await _save(session, organization_id, after[name])
    if changed:
        said = {
            "before": {name: before[name].days for name in changed},
            "after": {name: after[name].days for name in changed},
        }
        subject = ids.public("org", organization_id)
        publish(session, organization_id, actor.id, "retention.updated", subject, said)
    await session.flush()
    return await _shown(session, organization_id, await rules.rules(session, organization_id))


def _changed(kept: Mapping[KindName, Kept], data: RetentionUpdate) -> dict[KindName, Kept]:
    made = dict(kept)
    for wanted in data.rules:
        present = kept[wanted.kind]
        if wanted.version != present.version:
            raise RuleChanged(param=wanted.kind, details={"version": present.version})
        rules.check(wanted.kind, wanted.days)
        made[wanted.kind] = Kept(present.kind, wanted.days, present.version + 1, present.updated_at)
    return made


async def _save(session: Session, organization_id: UUID, kept: Kept) -> None:
    name = kept.kind.name
    await session.merge(
        Rule(
            organization_id=organization_id,
            kind=name,
            days=kept.days,
            version=kept.version,
            updated_at=clock.now(),
        )
    )
    if name == rules.OPERATIONS:
        await session.execute(
            text("UPDATE organizations SET retention_days = :days WHERE id = :id"),
            {"days": kept.days, "id": organization_id},
        )


async def _shown(
    session: Session, organization_id: UUID, kept: Mapping[KindName, Kept]
) -> Retention:
    run = due.next_run(clock.now())
    return Retention(
        next_run=run,
        rules=[await _rule(session, organization_id, kept, name, run) for name in kept],
    )


async def _rule(
    session: Session,
    organization_id: UUID,
    kept: Mapping[KindName, Kept],
    name: KindName,
    run: datetime,
) -> RuleRead:
    rule, days = kept[name], rules.effective(kept, name)
    before = None if days is None else due.cutoff(days, run)
    found = await due.count(session, organization_id, rule.kind, before)
    return RuleRead(
        kind=name,
        about=rule.kind.about,
        days=rule.days,
        effective_days=days,
        default_days=rule.kind.default,
        least_days=rule.kind.least,
        most_days=rule.kind.most,
        version=rule.version,
        updated_at=rule.updated_at,
        due=Due(before=before, rows=found.rows, oldest=found.oldest),
    )
