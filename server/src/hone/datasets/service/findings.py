"""The rules of findings: shown with their examples, done as they suggest, or dismissed."""

from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery
from hone.datasets import applying, rendering, sealing
from hone.datasets.errors import FindingDecided, FindingNotHere
from hone.datasets.models import Dataset, Finding
from hone.datasets.repository import examples, findings
from hone.datasets.schemas import ExampleRead, FindingRead
from hone.datasets.sealing import Box
from hone.datasets.service.datasets import access
from hone.datasets.service.examples import shown
from hone.identity import Actor, Permission


async def page(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    named: str,
    which: tuple[str | None, str | None],
    query: PageQuery,
) -> Page[FindingRead]:
    """List findings of a kind, in a state, the surest first."""
    dataset = await access(session, actor, named)
    box = await sealing.box_of(session, keyring, dataset)
    rows, total, following = await findings.page(session, dataset, *which, query)
    found = await _examples(session, actor, box, dataset, list(rows))
    items = [_shown(row, found) for row in rows]
    return Page[FindingRead](items=items, total=total, next=following)


async def decide(
    session: Session, actor: Actor, keyring: Keyring, named: str, finding: str, action: str
) -> FindingRead:
    """Apply a finding or dismiss it."""
    dataset = await access(session, actor, named, Permission.DATASETS_WRITE)
    parsed = ids.parse(rendering.FINDING, finding)
    row = parsed and await findings.by_id(session, dataset, parsed, lock=True)
    if not row:
        raise FindingNotHere
    if row.state != "open":
        raise FindingDecided
    box = await sealing.box_of(session, keyring, dataset)
    if action == "apply":
        await applying.apply(session, dataset, box, row, actor.id)
    row.state = "applied" if action == "apply" else "dismissed"
    row.decided_by, row.decided_at = actor.id, clock.now()
    await session.flush()
    subject = ids.public(rendering.FINDING, row.id)
    data = {"dataset": dataset.name, "kind": row.kind, "suggestion": row.suggestion}
    said = "finding.applied" if action == "apply" else "finding.dismissed"
    publish(session, dataset.organization_id, actor.id, said, subject, data)
    found = await _examples(session, actor, box, dataset, [row])
    return _shown(row, found)


async def _examples(
    session: Session, actor: Actor, box: Box, dataset: Dataset, rows: list[Finding]
) -> dict[UUID, ExampleRead]:
    wanted = list({each for row in rows for each in row.examples})
    if not wanted:
        return {}
    found = await examples.these(session, dataset.organization_id, dataset.id, wanted)
    views = await shown(session, actor, box, list(found.values()))
    return dict(zip(found, views, strict=True))


def _shown(row: Finding, found: dict[UUID, ExampleRead]) -> FindingRead:
    return FindingRead.model_validate(
        {
            "id": ids.public(rendering.FINDING, row.id),
            "kind": row.kind,
            "score": round(row.score, 4),
            "suggestion": row.suggestion,
            "label": row.label,
            "reason": row.reason,
            "details": row.details,
            "state": row.state,
            "examples": [found[each] for each in row.examples if each in found],
            "decided_by": row.decided_by,
            "decided_at": row.decided_at,
            "created_at": row.created_at,
        }
    )
