"""How datasets and what is in them are shown."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from hone.core import crypto, ids
from hone.core.clock import of_ms
from hone.datasets import quality
from hone.datasets.models import Check, Dataset, Example, Knowledge, Version
from hone.datasets.repository.datasets import Counts
from hone.datasets.schemas import (
    Change,
    CheckRead,
    DatasetRead,
    DatasetVersionRead,
    ExampleLineage,
    ExampleRead,
    Kind,
    KnowledgeFormat,
    KnowledgeRead,
    KnowledgeState,
    QualityReason,
    Source,
    Split,
    Status,
    TrainingExample,
)
from hone.datasets.sealing import Before, Box, Said

DATASET, EXAMPLE, VERSION, FINDING, CHECK = "ds", "ex", "dv", "dfin", "dchk"
KNOWLEDGE = "kn"
_MOST_VERSIONS = 100


def dataset(
    row: Dataset, counts: Counts, findings: Mapping[str, int], newest: int | None
) -> DatasetRead:
    """Show a dataset."""
    return DatasetRead(
        id=ids.public(DATASET, row.id),
        name=row.name,
        kind=cast("Kind", row.kind),
        description=row.description,
        collects=row.collects,
        trusted=row.trusted,
        retention_days=row.retention_days,
        examples=counts.total,
        pending=counts.by_status.get("pending", 0),
        validated=counts.by_status.get("validated", 0),
        rejected=counts.by_status.get("rejected", 0),
        labels=len(counts.by_label),
        average_quality=counts.average,
        findings=sum(findings.values()),
        version=newest,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def opened(box: Box, row: Example) -> Said | None:
    """Read what an example says; None where it cannot be."""
    try:
        return box.open(row)
    except crypto.Unreadable:
        return None


def example(
    row: Example, said: Said | None, kinds: Sequence[str], *, readable: bool = True
) -> ExampleRead:
    """Show an example; without the permission to read contents, what is known of it."""
    known = said or Said(None, None)
    return ExampleRead(
        id=ids.public(EXAMPLE, row.id),
        input=known.input if readable else None,
        output=known.output if readable else None,
        label=row.label,
        source=cast("Source", row.source),
        quality=round(row.quality, 4),
        reasons=[
            QualityReason(name=name, factor=factor, words=quality.WORDS.get(name, name))
            for name, factor in known.reasons
        ],
        weight=round(row.weight, 4),
        status=cast("Status", row.status),
        split=cast("Split | None", row.split),
        reviewer=row.reviewer,
        reviewed_at=row.reviewed_at,
        reason=known.reason if readable else None,
        findings=cast("Any", kinds),
        lineage=lineage(row),
        versions=versions_of(row),
        history=[_change(each, readable=readable) for each in reversed(known.history)],
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _change(before: Before, *, readable: bool) -> Change:
    return Change(
        at=of_ms(int(before.at * 1000)),
        by=before.by,
        status=cast("Status", before.status),
        output=before.output if readable else None,
        reason=before.reason if readable else None,
    )


def lineage(row: Example) -> ExampleLineage:
    """Show where an example came from."""
    return ExampleLineage(
        operation=_public("op", row.operation_id),
        conversation=row.conversation_id,
        feedback=_public("fb", row.feedback_id),
        parent=_public(EXAMPLE, row.parent_id),
        knowledge=_public(KNOWLEDGE, row.knowledge_id),
        file=row.file,
        line=row.line,
        user=row.person,
        said_at=row.said_at,
    )


def versions_of(row: Example) -> list[int]:
    """List the numbers of the versions that hold an example, newest first."""
    numbers = (
        number
        for each in reversed(row.held)
        for number in range((each.upper or 1) - 1, (each.lower or 1) - 1, -1)
    )
    return list(itertools.islice(numbers, _MOST_VERSIONS))


def training_example(
    row: Example, said: Said | None, name: str, *, readable: bool
) -> TrainingExample:
    """Show an example among those of all datasets."""
    return TrainingExample(
        id=ids.public(EXAMPLE, row.id),
        dataset=name,
        dataset_id=ids.public(DATASET, row.dataset_id),
        input=said.input if said and readable else None,
        expected_output=said.output if said and readable else None,
        label=row.label,
        source=cast("Source", row.source),
        quality_score=round(row.quality, 4),
        weight=round(row.weight, 4),
        validation_status=cast("Status", row.status),
        reviewed_by=row.reviewer,
        operation_id=_public("op", row.operation_id),
        feedback_id=_public("fb", row.feedback_id),
        conversation_id=row.conversation_id,
        versions=versions_of(row),
        created_at=row.created_at,
    )


def version(row: Version, of: Dataset) -> DatasetVersionRead:
    """Show a version."""
    return DatasetVersionRead(
        id=ids.public(VERSION, row.id),
        dataset=ids.public(DATASET, of.id),
        dataset_name=of.name,
        kind=cast("Kind", of.kind),
        number=row.number,
        note=row.note,
        digest=row.digest,
        examples=row.examples,
        bytes=row.size,
        manifest=row.manifest,
        erasures=row.erasures,
        available=row.gone_at is None,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def knowledge(row: Knowledge) -> KnowledgeRead:
    """Show a knowledge source."""
    return KnowledgeRead(
        id=ids.public(KNOWLEDGE, row.id),
        name=row.name,
        url=row.url,
        every_hours=row.every_hours,
        format=cast("KnowledgeFormat | None", row.format),
        state=cast("KnowledgeState", row.state),
        problem=row.problem,
        pages=row.passages,
        checked_at=row.checked_at,
        changed_at=row.changed_at,
        next_at=row.next_at,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def check(row: Check) -> CheckRead:
    """Show a check."""
    return CheckRead(
        id=ids.public(CHECK, row.id),
        kinds=row.kinds,
        state=cast("Any", row.state),
        stage=row.stage,
        progress=round(row.progress, 4),
        ends_by=row.started_at + timedelta(seconds=row.seconds),
        summary=row.summary,
        error=row.problem,
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _public(prefix: str, made: UUID | None) -> str | None:
    return None if made is None else ids.public(prefix, made)
