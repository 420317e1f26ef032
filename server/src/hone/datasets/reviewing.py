"""A decision about an example: what it changes, what it remembers, and how it is taken back."""

from collections.abc import Set
from typing import Any

from hone.core import clock
from hone.core.db import Session
from hone.datasets import keeping, quality, shapes
from hone.datasets.errors import NothingToUndo
from hone.datasets.models import Dataset, Example
from hone.datasets.repository import examples, findings
from hone.datasets.schemas import KNOWLEDGE, Review
from hone.datasets.sealing import MOST_HISTORY, Before, Box, Said

_STATUS = {"approve": "validated", "reject": "rejected", "correct": "validated"}


def review(dataset: Dataset, box: Box, row: Example, by: str, wanted: Review) -> bool:
    """Carry out one decision of many; return whether it changed anything."""
    if wanted.action == "undo":
        try:
            undo(dataset, box, row)
        except NothingToUndo:
            return False
        return True
    status = _STATUS[wanted.action]
    if wanted.output is None and row.status == status and row.reviewer is not None:
        return False
    decide(dataset, box, row, by, status, wanted.output, wanted.reason)
    return True


def decide(
    dataset: Dataset,
    box: Box,
    row: Example,
    by: str,
    status: str,
    output: Any = None,  # noqa: ANN401
    reason: str | None = None,
    given: Any = None,  # noqa: ANN401
    *,
    forget: bool = False,
) -> None:
    """Set the state of an example, and its input or output where others are given.

    With `forget` nothing of what it said before is remembered: that is what redacting is for.
    """
    said = box.open(row)
    taken, expected = said.input, said.output
    if output is not None or given is not None:
        taken, expected = shapes.checked(
            dataset.kind,
            taken if given is None else given,
            expected if output is None else output,
        )
    now = clock.now()
    before = Before(
        now.timestamp(),
        by,
        row.status,
        said.output if output is not None else None,
        said.reason,
        said.input if given is not None else None,
        row.reviewer,
        None if row.reviewed_at is None else row.reviewed_at.timestamp(),
    )
    history = [] if forget else [*said.history, before][-MOST_HISTORY:]
    row.status = status
    row.reviewer, row.reviewed_at = (None, None) if status == "pending" else (by, now)
    _write(dataset, box, row, Said(taken, expected, [], reason, history))


def undo(dataset: Dataset, box: Box, row: Example) -> None:
    """Take the last decision back; raise `NothingToUndo` where there is none."""
    said = box.open(row)
    if not said.history:
        raise NothingToUndo
    *history, before = said.history
    row.status, row.reviewer = before.status, before.reviewer
    row.reviewed_at = (
        None if before.reviewed_at is None else clock.of_ms(int(before.reviewed_at * 1000))
    )
    taken = said.input if before.input is None else before.input
    expected = said.output if before.output is None else before.output
    _write(dataset, box, row, Said(taken, expected, [], before.reason, history))


def _write(dataset: Dataset, box: Box, row: Example, said: Said) -> None:
    approved = row.status == "validated" and row.reviewer is not None
    usual = abs(row.weight - quality.weight(row.quality)) < 1e-3
    scored = quality.score(said.input, said.output, row.source, approved=approved)
    prints = keeping.prints_of(box, said.input, said.output, row.knowledge_id)
    row.digest, row.input_digest, row.near_digest = prints.whole, prints.input, prints.near
    row.label = shapes.label_of(dataset.kind, said.output)
    row.quality = scored.quality
    if usual:
        row.weight = quality.weight(scored.quality)
    row.sealed = box.seal(
        row.id, Said(said.input, said.output, scored.reasons, said.reason, said.history)
    )
    row.bytes, row.updated_at = len(row.sealed), clock.now()


async def settle(session: Session, dataset: Dataset, inputs: Set[bytes]) -> None:
    """Close contradictions of which at most one output is left that was not rejected."""
    if not inputs:
        return
    found = await findings.open_by_key(session, dataset, "contradictions", inputs)
    open_ones = {row.key: row for row in found}
    if not open_ones:
        return
    outputs: dict[bytes, set[bytes]] = {}
    await session.flush()
    for row in await examples.of_inputs(
        session, dataset.organization_id, dataset.id, list(open_ones)
    ):
        if row.status != "rejected" and row.source != KNOWLEDGE:
            outputs.setdefault(row.input_digest, set()).add(row.digest)
    for key, finding in open_ones.items():
        if len(outputs.get(key, ())) <= 1:
            finding.state, finding.decided_at = "applied", clock.now()
    await session.flush()
