"""What a finding suggests, done: each change is one that a reviewer could have made, and take back."""

from collections.abc import Sequence
from typing import Any, cast

from hone.core import ids
from hone.core.db import Session
from hone.datasets import pii, reviewing
from hone.datasets.errors import NothingSuggested
from hone.datasets.models import Dataset, Example, Finding
from hone.datasets.rendering import EXAMPLE
from hone.datasets.repository import examples
from hone.datasets.sealing import Box
from hone.datasets.shapes import Input, Output

_JOINED = ("person", "operation_id", "conversation_id", "feedback_id", "file", "line")


async def apply(session: Session, dataset: Dataset, box: Box, finding: Finding, by: str) -> None:
    """Change examples as a finding suggests."""
    found = await examples.these(
        session, dataset.organization_id, dataset.id, finding.examples, lock=True
    )
    rows = [found[each] for each in finding.examples if each in found]
    if finding.suggestion == "merge":
        _merge(dataset, box, rows, by)
    elif finding.suggestion == "relabel" and finding.label is not None:
        for row in rows[:1]:
            reviewing.decide(dataset, box, row, by, "validated", finding.label)
    elif finding.suggestion == "drop":
        for row in _dropped(finding, rows):
            reviewing.decide(dataset, box, row, by, "rejected", reason=finding.reason)
    elif finding.suggestion == "redact":
        for row in rows:
            _redact(dataset, box, row, by)
    else:
        raise NothingSuggested
    await session.flush()
    await reviewing.settle(session, dataset, {row.input_digest for row in rows})


def _merge(dataset: Dataset, box: Box, rows: Sequence[Example], by: str) -> None:
    """Keep the best, which inherits where the others came from, and reject these."""
    if not rows:
        return
    best, *others = sorted(rows, key=lambda row: (row.status != "validated", -row.quality, row.id))
    for other in others:
        for name in _JOINED:
            if getattr(best, name) is None:
                setattr(best, name, getattr(other, name))
        reason = f"Merged into {ids.public(EXAMPLE, best.id)}."
        reviewing.decide(dataset, box, other, by, "rejected", reason=reason)


def _dropped(finding: Finding, rows: Sequence[Example]) -> Sequence[Example]:
    """Choose what goes: of a leak what is trained on, so that the test stays as it is."""
    if finding.kind == "leakage":
        return [row for row in rows if row.split == "train"] or rows[1:]
    return rows[:1]


def _redact(dataset: Dataset, box: Box, row: Example, by: str) -> None:
    said = box.open(row)
    given, output = redacted(dataset.kind, said.input, said.output)
    status = row.status if row.status != "rejected" else "pending"
    reviewing.decide(dataset, box, row, by, status, output, "Redacted.", given, forget=True)


def redacted(kind: str, given: Input, output: Output) -> tuple[Input, Output]:
    """Put masks in the place of personal data; entities move with their text."""
    if kind == "entity" and isinstance(given, str):
        return _marked(given, cast("list[dict[str, Any]]", output))
    taken: Input = (
        pii.redact(given) if isinstance(given, str) else [each | _masked(each) for each in given]
    )
    if isinstance(output, str):
        return taken, output if kind == "intent" else pii.redact(output)
    if isinstance(output, dict):
        return taken, {name: pii.redact(each) for name, each in output.items()}
    return taken, output


def _masked(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    return {"content": pii.redact(content)} if isinstance(content, str) else {}


def _marked(text: str, spans: list[dict[str, Any]]) -> tuple[Input, Output]:
    pieces, made, last = pii.find(text), list[str](), 0
    moves: list[tuple[int, int, int, int]] = []
    length = 0
    for kind, start, end in pieces:
        mask = pii.MASKS[kind]
        made += [text[last:start], mask]
        length += start - last
        moves.append((start, end, length, length + len(mask)))
        length += len(mask)
        last = end

    def moved(place: int, *, is_end: bool) -> int:
        shift = 0
        for start, end, new_start, new_end in moves:
            if start < place < end or (place == end and is_end) or (place == start and not is_end):
                return new_end if is_end else new_start
            if end <= place:
                shift = new_end - end
        return place + shift

    kept = [
        {
            "start": moved(each["start"], is_end=False),
            "end": moved(each["end"], is_end=True),
            "label": each["label"],
        }
        for each in spans
    ]
    return "".join([*made, text[last:]]), [each for each in kept if each["start"] < each["end"]]
