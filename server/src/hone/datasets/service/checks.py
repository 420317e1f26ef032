"""The rules of checks: one at a time, in a worker."""

from typing import Final

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.jobs import defer
from hone.core.paging import Page
from hone.datasets import rendering
from hone.datasets.errors import CheckNotHere, CheckOver, CheckRunning
from hone.datasets.models import Check, Dataset
from hone.datasets.repository import findings
from hone.datasets.schemas import CheckBegin, CheckRead
from hone.datasets.service.datasets import access, note
from hone.identity import Actor, Permission

CHECK: Final = "datasets.check"
"""The job that looks through a dataset."""
_SHOWN: Final = 20


async def page(session: Session, actor: Actor, named: str) -> Page[CheckRead]:
    """List the last checks of a dataset."""
    dataset = await access(session, actor, named)
    rows = await findings.checks(session, dataset, _SHOWN)
    return Page[CheckRead](items=[rendering.check(row) for row in rows], total=len(rows), next=None)


async def begin(session: Session, actor: Actor, named: str, wanted: CheckBegin) -> CheckRead:
    """Begin a check."""
    dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
    now = clock.now()
    row = Check(
        id=ids.new(),
        organization_id=dataset.organization_id,
        dataset_id=dataset.id,
        kinds=list(dict.fromkeys(wanted.kinds)),
        seconds=wanted.minutes * 60,
        finished=[],
        state="running",
        stage="waiting",
        progress=0.0,
        summary={},
        started_by=actor.id,
        started_at=now,
        updated_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError as error:
        raise CheckRunning from error
    arguments = {"organization": dataset.organization_id.hex, "check": row.id.hex}
    await defer(session, CHECK, arguments, lock=f"{CHECK}:{dataset.id.hex}")
    note(session, actor, "dataset.check_begun", dataset, {"kinds": row.kinds})
    return rendering.check(row)


async def cancel(session: Session, actor: Actor, named: str, check_id: str) -> CheckRead:
    """Cancel a check; its worker stops within seconds, and what was found by then is kept."""
    dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
    parsed = ids.parse(rendering.CHECK, check_id)
    row = parsed and await findings.check(session, dataset, parsed)
    if not row:
        raise CheckNotHere
    return await _cancel(session, actor, dataset, row)


async def cancel_running(session: Session, actor: Actor, named: str) -> CheckRead:
    """Cancel the check of a dataset that runs."""
    dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
    newest = await findings.checks(session, dataset, 1)
    if not newest:
        raise CheckNotHere
    return await cancel(session, actor, named, ids.public(rendering.CHECK, newest[0].id))


async def _cancel(session: Session, actor: Actor, dataset: Dataset, row: Check) -> CheckRead:
    if row.state != "running":
        raise CheckOver
    row.state = row.stage = "cancelled"
    row.finished_at = row.updated_at = clock.now()
    await session.flush()
    note(session, actor, "dataset.check_cancelled", dataset, {"found": row.summary})
    return rendering.check(row)
