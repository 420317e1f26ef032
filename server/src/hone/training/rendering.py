"""Runs and schedules as the API shows them."""

from typing import Any, Final, cast

from hone.core import ids
from hone.training.models import TrainingRun
from hone.training.schemas.runs import (
    RunDataset,
    RunError,
    RunEstimate,
    RunRead,
    RunResources,
)

RUN: Final = "trun"
SCHEDULE: Final = "sched"
_PICO: Final = 1_000_000_000_000


def run(row: TrainingRun) -> RunRead:
    """Show one run."""
    return RunRead(
        id=ids.public(RUN, row.id),
        model=row.model,
        kind=cast("Any", row.kind),
        task=cast("Any", row.task),
        engine=row.engine,
        state=cast("Any", row.state),
        stage=row.stage,
        progress=round(row.progress, 4),
        why_waiting=row.why_waiting if row.state in {"queued", "paused"} else None,
        position=row.place if row.state == "queued" else None,
        cancel_requested=row.wish == "cancel",
        priority=cast("Any", row.priority),
        created_by=row.created_by,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.finished_at,
        estimate=RunEstimate.model_validate(row.estimate),
        spec=row.spec,
        spec_hash=row.spec_hash,
        dataset=_dataset(row),
        version=None if row.model_version_id is None else ids.public("mv", row.model_version_id),
        error=None if row.error is None else RunError(**row.error),
        resources=RunResources(
            cpu_seconds=round(row.cpu_seconds, 2),
            peak_memory_bytes=int(row.resources.get("peakMemoryBytes", 0)),
            seconds=round(row.seconds, 2),
            gpus=int(row.resources.get("gpus", 0)),
        ),
        cost_usd=row.cost / _PICO,
        figures=row.figures,
        retry_of=None if row.retry_of is None else ids.public(RUN, row.retry_of),
        schedule=None if row.schedule_id is None else ids.public(SCHEDULE, row.schedule_id),
    )


def _dataset(row: TrainingRun) -> RunDataset | None:
    if row.dataset_id is None:
        return None
    version_id = row.dataset_version_id
    return RunDataset(
        id=ids.public("ds", row.dataset_id),
        name=row.dataset_name,
        version=row.dataset_version,
        version_id=None if version_id is None else ids.public("dv", version_id),
        digest=row.dataset_hash,
        examples=row.examples,
    )
