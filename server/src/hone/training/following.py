"""What becomes of a version by itself: it is staged or promoted in the transaction that made it.

A gate that does not let it pass fails no run: the version is there, and what kept it back stands in the run's events.
Releases that go step by step (`shadow`, `canary`) are begun by who hears of `training_run.succeeded`.
"""

from collections.abc import Mapping
from typing import Final, Literal

from hone import identity, versions
from hone.core import clock
from hone.core.db import Session
from hone.core.errors import AppError
from hone.training.models import TrainingRun
from hone.training.repository import claims
from hone.training.schemas.job import OnSuccess
from hone.training.trail import Event

_SLOTS: Final[Mapping[OnSuccess, Literal["staging", "production"]]] = {
    "stage": "staging",
    "promote": "production",
}


async def follow(session: Session, row: TrainingRun, made: versions.ModelVersion) -> None:
    """Put a version where the run's specification says, as far as its gates allow."""
    wanted = row.spec.get("onSuccess", ())
    for step, environment in _SLOTS.items():
        if step not in wanted:
            continue
        words = f"{row.model} {made.version} is live in {environment}."
        kind = "milestone"
        promote = versions.Promote(
            version=made.version,
            environment=environment,
            reason=f"Asked for by {row.created_by} when its training began.",
        )
        actor = identity.system(row.organization_id)
        try:
            async with session.begin_nested():
                await versions.promote(session, actor, row.model, promote)
        except AppError as error:
            kind, words = "warning", f"It is not live in {environment}: {error.message}"
        said = Event(kind=kind, message=words, at=clock.now().isoformat())
        await claims.add_events(session, row.organization_id, row.id, [said])
