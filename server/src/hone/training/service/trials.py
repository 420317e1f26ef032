"""What a search tried, and which try is the best so far."""

from collections.abc import Sequence
from typing import Any, Final, Literal, cast

from hone.core.db import Session
from hone.identity import Actor
from hone.training.models import TrainingRun, TrainingTrial
from hone.training.place import Place
from hone.training.repository import runs as repository
from hone.training.schemas.job import TrainingJob
from hone.training.schemas.search import TrialRead, TrialsRead
from hone.training.service import runs

LESS_IS_MORE: Final = frozenset({"loss", "perplexity", "calibrationError", "wrong"})
"""Figures that are better when they are smaller, as the trainer has it."""


async def trials(session: Session, actor: Actor, place: Place, run_id: str) -> TrialsRead:
    """Show the trials of a run."""
    row = await runs.access(session, actor, run_id)
    search = TrainingJob.model_validate(row.spec).search
    if search is None:
        return TrialsRead(objective=None, direction=None, wanted=0, best=None, items=[])
    objective = await objective_of(place, row)
    direction: Literal["maximize", "minimize"]
    direction = "minimize" if objective in LESS_IS_MORE else "maximize"
    found = await repository.trials(session, row.organization_id, row.id)
    best = best_of(found, objective)
    return TrialsRead(
        objective=objective,
        direction=direction,
        wanted=search.trials,
        best=None if best is None else best.number,
        items=[_shown(each) for each in found],
    )


async def objective_of(place: Place, row: TrainingRun) -> str | None:
    """Name the figure that a search chooses by: the one that was asked for, or the engine's own."""
    search = TrainingJob.model_validate(row.spec).search
    if search is not None and search.objective is not None:
        return search.objective
    engine = await place.catalogue.engine(row.engine)
    return None if engine is None else engine.objective


def best_of(trials: Sequence[TrainingTrial], objective: str | None) -> TrainingTrial | None:
    """Find the best trial so far; of two alike, the earlier one."""
    sign = 1 if objective in LESS_IS_MORE else -1
    complete = [each for each in trials if each.state == "complete"]
    return min(
        complete, key=lambda each: (sign * cast("float", each.value), each.number), default=None
    )


def _shown(row: TrainingTrial) -> TrialRead:
    return TrialRead(
        number=row.number,
        state=cast("Any", row.state),
        params=row.params,
        value=row.value,
        figures=row.figures,
        seconds=round(row.seconds, 2),
        error=row.error,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
