"""What changed in a run since somebody looked, for those who watch it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from hone.core.db import Session
from hone.training import logs, rendering
from hone.training.models import OVER
from hone.training.place import Place
from hone.training.repository import runs

_METRICS: Final = 500
_TAIL: Final = 8 << 10


@dataclass(slots=True)
class Watched:
    """What those who watch a run have heard."""

    state: tuple[object, ...] = ()
    metric: int = -1
    log: int = -1
    over: bool = False


async def watch(
    session: Session, place: Place, organization_id: UUID, run_id: UUID, watched: Watched
) -> dict[str, Any] | None:
    """Tell what is new of a run, or nothing; who begins to watch hears how it is now."""
    row = await runs.by_id(session, organization_id, run_id)
    if row is None:
        return None
    if watched.metric < 0:
        watched.metric = await runs.last_metric(session, organization_id, run_id)
        watched.log = max(row.log_size - _TAIL, 0)
    after = watched.metric
    measured = await runs.metrics(session, organization_id, run_id, after, _METRICS)
    said, ends = b"", watched.log
    if row.log_size > watched.log:
        start = max(watched.log, row.log_size - _TAIL)
        said, ends = await logs.read(session, place.keyring, organization_id, run_id, start)
    shown = rendering.run(row)
    state = (row.state, row.stage, shown.progress, shown.why_waiting, shown.position, row.wish)
    if state == watched.state and not measured and not said:
        return None
    watched.state, watched.log = state, ends
    watched.metric = measured[-1].id if measured else after
    watched.over = row.state in OVER
    return {
        "id": shown.id,
        "state": row.state,
        "stage": row.stage,
        "progress": shown.progress,
        "whyWaiting": shown.why_waiting,
        "position": shown.position,
        "metrics": [
            {
                "at": each.at.isoformat(),
                "step": each.step,
                "epoch": each.epoch,
                "split": each.split,
                "name": each.name,
                "value": each.value,
            }
            for each in measured
        ],
        "after": str(after),
        "next": str(watched.metric),
        "logTail": said.decode("utf-8", "replace"),
        "logNext": ends,
    }
