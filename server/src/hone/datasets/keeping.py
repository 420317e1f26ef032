"""How examples come into a dataset: scored, compared with what is there, sealed, and kept once.

An example that is there already is not kept twice. The same input with another output is a contradiction:
both go to review, unless a person has decided about the one that was there.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.datasets import quality, shapes
from hone.datasets.fingerprints import Fingerprints
from hone.datasets.formats import Draft
from hone.datasets.models import Dataset, Example
from hone.datasets.repository import datasets, examples, findings
from hone.datasets.schemas import KNOWLEDGE
from hone.datasets.sealing import Box, Said

MOST_IN_FINDING: Final = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Where examples come from, as far as they do not say so themselves."""

    source: str
    status: str
    reviewer: str | None = None
    """Who vouches for what is validated."""
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """An example on its way in."""

    draft: Draft
    line: int | None = None
    feedback_id: UUID | None = None
    operation_id: UUID | None = None
    parent_id: UUID | None = None
    knowledge_id: UUID | None = None
    person: str | None = None
    status: str | None = None


@dataclass(slots=True)
class Kept:
    """What came of it."""

    added: list[UUID] = field(default_factory=list[UUID])
    duplicates: int = 0
    contradictions: int = 0


@dataclass(slots=True)
class _New:
    coming: Coming
    prints: Fingerprints
    source: str
    scored: quality.Scored
    contradicted: bool = False
    id: UUID = field(default_factory=ids.new)


async def keep(
    session: Session, dataset: Dataset, box: Box, coming: Sequence[Coming], origin: Origin
) -> Kept:
    """Add examples to a dataset."""
    made = await asyncio.to_thread(_judged, box, coming, origin)
    await datasets.lock(session, dataset)
    wanted = list({each.prints.input for each in made})
    known = await examples.of_inputs(session, dataset.organization_id, dataset.id, wanted)
    kept, fresh = Kept(), list[_New]()
    there = {row.digest: row for row in known}
    seen: set[bytes] = set()
    for each in made:
        if each.prints.whole in there or each.prints.whole in seen:
            kept.duplicates += 1
            _vouch(there.get(each.prints.whole), each, origin)
            continue
        seen.add(each.prints.whole)
        fresh.append(each)
    # Made in one moment they have no order of their own, and a list should have that of the file.
    for each, made_id in zip(fresh, sorted(ids.new() for _ in fresh), strict=True):
        each.id = made_id
    contradicting = _contradictions(known, fresh)
    now = clock.now()
    for row in known:
        questioned = row.status != "rejected" and row.source != KNOWLEDGE
        if questioned and row.input_digest in contradicting:
            _doubt(box, row, now)
    rows = await asyncio.to_thread(
        lambda: [_row(dataset, box, each, origin, now) for each in fresh]
    )
    await session.flush()
    await examples.insert(session, rows)
    noted = [_finding(dataset, known, fresh, each) for each in contradicting]
    await findings.note(session, noted, again=True)
    if kept.duplicates:
        await datasets.add_merged(session, dataset, kept.duplicates)
    kept.added, kept.contradictions = [each.id for each in fresh], len(contradicting)
    return kept


def _judged(box: Box, coming: Sequence[Coming], origin: Origin) -> list[_New]:
    made: list[_New] = []
    for each in coming:
        draft = each.draft
        source = draft.source or origin.source
        approved = _status(each, origin) == "validated" and origin.reviewer is not None
        scored = quality.score(draft.input, draft.output, source, approved=approved)
        made.append(_New(each, _prints(box, each), source, scored))
    return made


def _prints(box: Box, coming: Coming) -> Fingerprints:
    return prints_of(box, coming.draft.input, coming.draft.output, coming.knowledge_id)


def prints_of(box: Box, given: Any, expected: Any, knowledge_id: UUID | None) -> Fingerprints:  # noqa: ANN401
    """Digest an example; the same page of two sources is two, so that each goes with its own."""
    own = box.prints.of(given, expected)
    if knowledge_id is None:
        return own
    return replace(own, whole=box.prints.of(given, [expected, knowledge_id.hex]).whole)


def _status(coming: Coming, origin: Origin) -> str:
    return coming.status or coming.draft.status or origin.status


def _vouch(row: Example | None, again: _New, origin: Origin) -> None:
    """Count what came again as validated when it comes validated."""
    if row is not None and row.status == "pending" and row.reviewer is None:
        row.status = _status(again.coming, origin)
        row.updated_at = clock.now()


def _contradictions(known: Sequence[Example], fresh: Sequence[_New]) -> set[bytes]:
    """Find the inputs that have several outputs now, and mark what is new of them."""
    outputs: dict[bytes, set[bytes]] = {}
    for row in known:
        if row.status != "rejected" and row.source != KNOWLEDGE:
            outputs.setdefault(row.input_digest, set()).add(row.digest)
    # Pages of one title say different things, and none of them is wrong.
    asked = [each for each in fresh if each.source != KNOWLEDGE]
    for each in asked:
        outputs.setdefault(each.prints.input, set()).add(each.prints.whole)
    fresh_inputs = {each.prints.input for each in asked}
    found = {key for key, each in outputs.items() if len(each) > 1 and key in fresh_inputs}
    for each in asked:
        each.contradicted = each.prints.input in found
    return found


def _doubt(box: Box, row: Example, now: datetime) -> None:
    """Send what was there to review, unless a person has decided about it."""
    if row.reviewer is not None and not row.reviewer.startswith("rule"):
        return
    said = box.open(row)
    scored = quality.score(said.input, said.output, row.source, contradicted=True)
    row.sealed = box.seal(
        row.id,
        Said(said.input, said.output, scored.reasons, said.reason, said.history),
    )
    row.quality, row.status, row.updated_at = scored.quality, "pending", now


def _row(dataset: Dataset, box: Box, new: _New, origin: Origin, now: datetime) -> dict[str, Any]:
    coming, draft = new.coming, new.coming.draft
    scored, status = new.scored, _status(coming, origin)
    if new.contradicted:
        scored = quality.score(draft.input, draft.output, new.source, contradicted=True)
        status = "pending"
    sealed = box.seal(new.id, Said(draft.input, draft.output, scored.reasons))
    vouched = status != "pending" and origin.reviewer is not None
    operation_id = coming.operation_id or ids.parse("op", draft.operation or "")
    return {
        "id": new.id,
        "organization_id": dataset.organization_id,
        "dataset_id": dataset.id,
        "digest": new.prints.whole,
        "input_digest": new.prints.input,
        "near_digest": new.prints.near,
        "sealed": sealed,
        "bytes": len(sealed),
        "label": shapes.label_of(dataset.kind, draft.output),
        "source": new.source,
        "quality": scored.quality,
        "weight": quality.weight(scored.quality) if draft.weight is None else draft.weight,
        "status": status,
        "split": "train" if new.source == KNOWLEDGE else draft.split,
        "reviewer": origin.reviewer if vouched else None,
        "reviewed_at": now if vouched else None,
        "person": coming.person or draft.user,
        "operation_id": operation_id,
        "conversation_id": draft.conversation,
        "feedback_id": coming.feedback_id,
        "parent_id": coming.parent_id,
        "knowledge_id": coming.knowledge_id,
        "file": origin.file,
        "line": coming.line,
        "said_at": draft.said_at or _time_of(coming.operation_id),
        "created_at": ids.created_at(new.id),
        "updated_at": now,
    }


def _time_of(operation_id: UUID | None) -> datetime | None:
    """Return when a call was made that is one of ours."""
    return None if operation_id is None else ids.created_at(operation_id)


def _finding(
    dataset: Dataset, known: Sequence[Example], fresh: Sequence[_New], digest: bytes
) -> dict[str, Any]:
    concerned = [row.id for row in known if row.input_digest == digest and row.source != KNOWLEDGE]
    concerned += [
        each.id for each in fresh if each.prints.input == digest and each.source != KNOWLEDGE
    ]
    return {
        "id": ids.new(),
        "organization_id": dataset.organization_id,
        "dataset_id": dataset.id,
        "kind": "contradictions",
        "key": digest,
        "examples": concerned[:MOST_IN_FINDING],
        "score": 1.0,
        "suggestion": "review",
        "reason": "The same input has several outputs.",
    }


def key_of(kind: str, concerned: Sequence[UUID]) -> bytes:
    """Name a finding by what it is about."""
    said = kind.encode() + b"".join(sorted(each.bytes for each in concerned))
    return hashlib.sha256(said).digest()[:16]
