"""What of a run's news is worth telling people: what the trainer calls a milestone, and a better trial."""

from typing import Final

from hone.core.db import Session
from hone.training import ending, telling
from hone.training.models import TrainingRun
from hone.training.place import Place
from hone.training.repository import runs
from hone.training.service.trials import best_of, objective_of
from hone.training.trail import News

_MOST: Final = 20
"""Milestones in one look at a run; what says more says too much."""


async def mark(session: Session, place: Place, row: TrainingRun, news: News) -> None:
    """Publish milestones and tell of them; what was read once is marked once."""
    said = [each.words for each in news.events if each.kind == "milestone"]
    for words in said[:_MOST]:
        ending.note(session, row, "training_run.milestone", {"kind": "milestone", "words": words})
    if said:
        await telling.tell(session, row, "milestone", f"{row.model}: {said[0]}")
    complete = {each.number for each in news.trials if each.state == "complete"}
    if complete:
        await _best(session, place, row, complete)


async def _best(session: Session, place: Place, row: TrainingRun, complete: set[int]) -> None:
    """Tell of a trial that is better than all before it; the first is no news."""
    await session.flush()
    found = await runs.trials(session, row.organization_id, row.id)
    objective = await objective_of(place, row)
    best = best_of(found, objective)
    others = [each for each in found if each.state == "complete" and each.number not in complete]
    if best is None or best.number not in complete or not (others or len(complete) > 1):
        return
    words = f"Trial {best.number + 1} is the best so far: {objective} {best.value:.4f}."
    ending.note(session, row, "training_run.milestone", {"kind": "best", "words": words})
    await telling.tell(session, row, "best", f"{row.model}: {words}")
