"""What was live in one environment, step by step: where a rollback leads. Pure."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID


class Step(NamedTuple):
    """One row of the history of an environment."""

    action: str
    version_id: UUID | None


def stack(steps: Iterable[Step]) -> list[UUID]:
    """Return what was live, oldest first, less what was rolled back; steps come oldest first.

    So a second rollback goes further back, and not forth again to what was left.
    """
    held: list[UUID] = []
    for step in steps:
        if step.version_id is None:
            continue
        if step.action == "rolled_back" and step.version_id in held:
            while held[-1] != step.version_id:
                held.pop()
        elif not held or held[-1] != step.version_id:
            held.append(step.version_id)
    return held


def before(steps: Iterable[Step], live: UUID | None, refused: Collection[UUID]) -> UUID | None:
    """Return what to go back to from what is live; None where nothing was live before."""
    held = stack(steps)
    return next((each for each in reversed(held) if each != live and each not in refused), None)
