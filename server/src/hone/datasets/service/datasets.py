"""The rules of datasets themselves: who sees them, how they begin, change and go."""

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery
from hone.datasets import rendering, sealing
from hone.datasets.errors import DatasetNameTaken, DatasetNotHere
from hone.datasets.models import Dataset
from hone.datasets.repository import datasets
from hone.datasets.schemas import (
    DatasetCreate,
    DatasetRead,
    DatasetStatistics,
    DatasetUpdate,
    FindingKind,
    Kind,
    Source,
    Status,
)
from hone.identity import Actor, Permission

_READ, _WRITE = Permission.DATASETS_READ, Permission.DATASETS_WRITE
_STATUSES: tuple[Status, ...] = ("pending", "validated", "rejected")
_SOURCES: tuple[Source, ...] = ("user", "expert", "automated", "knowledge")
_FINDINGS: tuple[FindingKind, ...] = (
    "duplicates",
    "contradictions",
    "labels",
    "leakage",
    "pii",
    "outliers",
)


async def access(
    session: Session, actor: Actor, named: str, permission: Permission = _READ
) -> Dataset:
    """Open the one door to a dataset, by its id or name."""
    actor.require(permission)
    found = None
    parsed = ids.parse(rendering.DATASET, named)
    if parsed is not None:
        found = await datasets.by_id(session, actor.organization_id, parsed)
    elif "\0" not in named:
        found = await datasets.by_name(session, actor.organization_id, named)
    if found is None:
        raise DatasetNotHere
    return found


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[DatasetRead]:
    """List datasets by name."""
    actor.require(_READ)
    rows, total, following = await datasets.page(session, actor.organization_id, query)
    items = await _shown(session, actor.organization_id, list(rows))
    return Page[DatasetRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, named: str) -> DatasetRead:
    """Show one dataset."""
    return await show(session, await access(session, actor, named))


async def show(session: Session, row: Dataset) -> DatasetRead:
    """Show a dataset that was found."""
    (shown,) = await _shown(session, row.organization_id, [row])
    return shown


async def _shown(session: Session, organization_id: UUID, rows: list[Dataset]) -> list[DatasetRead]:
    wanted = [row.id for row in rows]
    counts = await datasets.counts(session, organization_id, wanted)
    found = await datasets.open_findings(session, organization_id, wanted)
    newest = await datasets.newest_versions(session, organization_id, wanted)
    return [
        rendering.dataset(row, counts[row.id], found[row.id], newest.get(row.id)) for row in rows
    ]


async def create(
    session: Session, actor: Actor, keyring: Keyring, wanted: DatasetCreate
) -> DatasetRead:
    """Begin a dataset."""
    actor.require(_WRITE)
    return await show(session, await begin(session, keyring, actor, wanted))


async def ensure(session: Session, actor: Actor, keyring: Keyring, name: str, kind: Kind) -> None:
    """Begin a dataset, unless there is one of that name."""
    actor.require(_WRITE)
    if await datasets.by_name(session, actor.organization_id, name) is None:
        await begin(session, keyring, actor, DatasetCreate(name=name, kind=kind))


async def begin(session: Session, keyring: Keyring, actor: Actor, wanted: DatasetCreate) -> Dataset:
    """Make a dataset and the key of its examples."""
    dataset_id = ids.new()
    _, sealed = await sealing.new_box(session, keyring, actor.organization_id, dataset_id)
    now = clock.now()
    row = Dataset(
        id=dataset_id,
        organization_id=actor.organization_id,
        name=wanted.name,
        kind=wanted.kind,
        description=wanted.description,
        collects=list(wanted.collects),
        trusted=list(wanted.trusted),
        retention_days=wanted.retention_days,
        merged=0,
        sealed_key=sealed,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await _flush(session)
    note(session, actor, "dataset.created", row, {"after": _facts(row)})
    return row


async def update(session: Session, actor: Actor, named: str, wanted: DatasetUpdate) -> DatasetRead:
    """Change what is said of a dataset."""
    row = await access(session, actor, named, _WRITE)
    before = _facts(row)
    for name in wanted.model_fields_set:
        value: Any = getattr(wanted, name)
        if value is None and name != "retention_days":
            continue
        setattr(row, name, list(value or ()) if name in {"collects", "trusted"} else value)
    row.updated_at = clock.now()
    await _flush(session)
    note(session, actor, "dataset.updated", row, {"before": before, "after": _facts(row)})
    return await show(session, row)


async def delete(session: Session, actor: Actor, named: str) -> None:
    """Delete a dataset with its examples and versions; its key goes with it."""
    row = await access(session, actor, named, _WRITE)
    counts = await datasets.counts(session, row.organization_id, [row.id])
    note(
        session,
        actor,
        "dataset.deleted",
        row,
        {"before": _facts(row), "examples": counts[row.id].total},
    )
    await session.delete(row)
    await session.flush()


async def statistics(session: Session, actor: Actor, named: str) -> DatasetStatistics:
    """Tell how good the data is."""
    row = await access(session, actor, named)
    counts = (await datasets.counts(session, row.organization_id, [row.id]))[row.id]
    found = (await datasets.open_findings(session, row.organization_id, [row.id]))[row.id]
    return DatasetStatistics(
        total=counts.total,
        by_status={each: counts.by_status.get(each, 0) for each in _STATUSES},
        by_source={each: counts.by_source.get(each, 0) for each in _SOURCES},
        by_label=dict(sorted(counts.by_label.items(), key=lambda pair: (-pair[1], pair[0]))),
        average_quality=counts.average,
        quality_histogram=counts.histogram,
        duplicates=found.get("duplicates", 0),
        merged=row.merged,
        needs_review=counts.by_status.get("pending", 0),
        findings={each: found.get(each, 0) for each in _FINDINGS},
    )


def note(
    session: Session, actor: Actor, name: str, row: Dataset, data: dict[str, Any] | None = None
) -> None:
    """Publish what became of a dataset."""
    subject = ids.public(rendering.DATASET, row.id)
    said = {"name": row.name, **(data or {})}
    publish(session, row.organization_id, actor.id, name, subject, said)


async def _flush(session: Session) -> None:
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise DatasetNameTaken(param="name") from error


def _facts(row: Dataset) -> dict[str, object]:
    return {
        "name": row.name,
        "kind": row.kind,
        "collects": row.collects,
        "trusted": len(row.trusted),
        "retentionDays": row.retention_days,
    }
