"""The night's run: what is due goes, in steps that may be killed anywhere and done again.

What is older than any organization's rule goes as whole partitions, the rest in batches of one
transaction each, which also notes how much went: a run that was killed goes on and tells once.
"""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone import operations
from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.privacy import due, rules
from hone.privacy.due import BATCH
from hone.privacy.kinds import KINDS, KindName, Part
from hone.privacy.models import Run
from hone.privacy.rules import Kept

_PARTITIONED: Final[tuple[tuple[KindName, str], ...]] = (
    ("contents", "operation_contents"),
    ("operations", "operations"),
)
_KEPT_RUNS: Final = "interval '1 year'"


class _Busy(Exception):
    """A month is being read; the next run tries again."""


async def apply_retention(owner: Database, run: datetime | None = None) -> None:
    """Delete what is due as of a run; the one whose time it is, unless one is named."""
    run = run or due.last_run(clock.now())
    async with owner.transaction() as session:
        found = await session.execute(text("SELECT id FROM organizations ORDER BY id"))
        kept = await rules.every(session, list(found.scalars()))
    await _drop(owner, kept, run)
    for organization_id, rule in kept.items():
        await _apply(owner, organization_id, rule, run)


async def _drop(
    owner: Database, kept: Mapping[UUID, Mapping[KindName, Kept]], run: datetime
) -> None:
    """Drop the months that nobody keeps; without an organization nothing is known to be due."""
    for name, parent in _PARTITIONED:
        days = [rules.effective(rule, name) for rule in kept.values()]
        known = [each for each in days if each is not None]
        if not known or len(known) < len(days):
            continue
        before = due.cutoff(max(known), run)
        for child in await operations.months_before(owner, parent, before):
            with contextlib.suppress(_Busy):
                await _drop_month(owner, name, child, run)


async def _drop_month(owner: Database, name: KindName, child: str, run: datetime) -> None:
    """Drop a month and note how much went of whom; one that somebody reads stays."""
    async with owner.transaction() as session:
        rows = await session.execute(
            text(f"SELECT organization_id, count(*) FROM {child} GROUP BY 1")
        )
        for organization_id, number in rows.all():
            await _note(session, organization_id, run, name, number)
        if not await operations.drop_month(session, child):
            raise _Busy


async def _apply(
    owner: Database, organization_id: UUID, kept: Mapping[KindName, Kept], run: datetime
) -> None:
    for kind in KINDS:
        days = rules.effective(kept, kind.name)
        if days is None:
            continue
        for part in kind.parts:
            await _delete(owner, organization_id, kind.name, part, due.cutoff(days, run), run)
    await _finish(owner, organization_id, run)


async def _delete(
    owner: Database,
    organization_id: UUID,
    name: KindName,
    part: Part,
    before: datetime,
    run: datetime,
) -> None:
    deleted = BATCH
    while deleted == BATCH:
        async with owner.transaction() as session:
            deleted = await due.delete(session, organization_id, part, before)
            if part.counted and deleted:
                await _note(session, organization_id, run, name, deleted)


async def _note(
    session: Session, organization_id: UUID, run: datetime, name: KindName, number: int
) -> None:
    row = await session.get(Run, (organization_id, run), with_for_update=True)
    if row is None:
        row = Run(organization_id=organization_id, run_at=run, counts={}, finished_at=None)
        session.add(row)
    row.counts = {**row.counts, name: row.counts.get(name, 0) + number}
    await session.flush()


async def _finish(owner: Database, organization_id: UUID, run: datetime) -> None:
    """Tell once what a run did, if it did anything."""
    async with owner.transaction() as session:
        row = await session.get(Run, (organization_id, run), with_for_update=True)
        if row is not None and row.finished_at is None:
            row.finished_at = clock.now()
            data = {"run": run.isoformat(), "deleted": row.counts}
            subject = ids.public("org", organization_id)
            publish(session, organization_id, "system", "retention.applied", subject, data)
        await session.execute(
            text(
                "DELETE FROM retention_runs WHERE organization_id = :id"
                f" AND run_at < now() - {_KEPT_RUNS}"
            ),
            {"id": organization_id},
        )
