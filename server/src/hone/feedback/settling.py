"""Feedback is settled: a worker finds its call, reads what was answered, and lets it count or holds it.

A request only keeps what is said, so that it is answered soon. Within a second a worker takes what is
due, one organization at a time and in one transaction: killed anywhere, it is done again. What cannot
be linked yet is tried again, ever later, for an hour.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.core.events import publish
from hone.core.keyring import SECRET, Key, Keyring
from hone.feedback import people, sealing, storing
from hone.feedback.models import Feedback
from hone.feedback.schemas import LONGEST_LABEL
from hone.operations import Said, said

BATCH: Final = 500
PATIENCE: Final = timedelta(hours=1)
"""So long feedback waits for its call."""
ACTOR: Final = "system"
LABELLED: Final = frozenset({"classification", "sentiment"})


@dataclass(slots=True)
class _Pass:
    """One organization's due feedback, and what becomes of it."""

    organization_id: UUID
    rows: Sequence[Feedback]
    facts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    linked: list[Feedback] = field(default_factory=list[Feedback])
    lost: list[UUID] = field(default_factory=list[UUID])
    held: dict[UUID, str] = field(default_factory=dict[UUID, str])


async def settle(owner: Database, keyring: Keyring) -> int:
    """Settle what is due and return how much that was."""
    async with owner.transaction() as session:
        due = await storing.due_organizations(session)
    done, trouble = 0, None
    for organization_id in due:
        try:
            async with owner.transaction() as session:
                done += await _settle(session, keyring, organization_id)
        except AppError as error:
            # Such as a key that is not configured: the others do not wait for it.
            trouble = error
    if trouble is not None and not done:
        raise trouble
    return done


async def _settle(session: Session, keyring: Keyring, organization_id: UUID) -> int:
    if not await storing.alone(session, organization_id):
        return 0
    rows = await storing.due(session, organization_id, BATCH)
    if not rows:
        return 0
    work = _Pass(organization_id, rows)
    await _link(session, work)
    await _read(session, keyring, work)
    await storing.write_facts(session, organization_id, work.facts)
    await _judge(session, work)
    await _end(session, work)
    return len(work.linked) + len(work.lost)


async def _link(session: Session, work: _Pass) -> None:
    """Find the call of each, or that which answered last in its conversation."""
    now = clock.now()
    calls = await storing.calls(
        session,
        work.organization_id,
        [each.operation_id for each in work.rows if each.operation_id and each.model is None],
    )
    talks = await storing.last_calls(
        session,
        work.organization_id,
        {
            each.conversation_id
            for each in work.rows
            if each.conversation_id and not each.operation_id
        },
    )
    for row in work.rows:
        if row.model is not None:
            work.linked.append(row)
            work.facts.append({"id": str(row.id)})
            continue
        call = (
            calls.get(row.operation_id)
            if row.operation_id
            else talks.get(row.conversation_id or "")
        )
        if call is not None:
            work.linked.append(row)
            work.facts.append({"id": str(row.id), **call})
        elif now - row.updated_at > PATIENCE:
            work.lost.append(row.id)
        else:
            work.facts.append({"id": str(row.id), "due_at": _later(row.updated_at, now)})


def _later(since: datetime, now: datetime) -> str:
    wait = max(timedelta(seconds=0.5), (now - since) / 2)
    return (now + min(wait, timedelta(minutes=1))).isoformat()


async def _read(session: Session, keyring: Keyring, work: _Pass) -> None:
    """Read what was answered, where that matters: which label, and whether two people agree."""
    wanted = [each for each in work.linked if each.positive or each.corrected or _labelled(each)]
    operations = {each.operation_id for each in wanted if each.operation_id}
    if not wanted:
        return
    calls = await said(session, keyring, work.organization_id, list(operations))
    opened = await sealing.opened(session, keyring, work.organization_id, wanted)
    secret = await keyring.ensure(session, work.organization_id, SECRET)
    facts = {each["id"]: each for each in work.facts}
    for row in wanted:
        call = calls.get(row.operation_id) if row.operation_id else None
        facts[str(row.id)] |= _answers(row, call, opened[row.id].words.correction, secret)


def _labelled(row: Feedback) -> bool:
    return row.kind in LABELLED and row.operation_id is not None


def _answers(
    row: Feedback, call: Said | None, correction: str | None, secret: Key
) -> dict[str, Any]:
    """Tell the label that was answered, the one that is right, and the right answer's digest."""
    answered = call.answered if call else None
    found: dict[str, Any] = {}
    kind = call.kind if call and row.kind == "response" else row.kind
    label = answered if kind in LABELLED and answered and len(answered) <= LONGEST_LABEL else None
    expected = row.expected or (label if row.positive else None)
    if label is not None:
        found["given"] = label
    if expected is not None:
        found["expected"] = expected
    right = row.expected or correction or (answered if row.positive else None)
    if right is not None and row.operation_id is not None:
        found["answer"] = answer_digest(secret, right)
    return found


def answer_digest(secret: Key, answer: str) -> str:
    """Tell the same answer again, for who has the key."""
    own = hashlib.sha256(b"feedback answer" + secret.secret).digest()
    told = " ".join(answer.casefold().split())
    return hmac.digest(own, told.encode("utf-8", "replace"), "sha256").hex()


async def _judge(session: Session, work: _Pass) -> None:
    """Find who is out of line, and answers that people do not agree about."""
    organization_id = work.organization_id
    mine = {each.id for each in work.linked}
    judged = await people.judge(session, organization_id, work.linked)
    for row in work.linked:
        reason = judged.reasons.get(row.person)
        if reason is not None and (row.corrected or reason == people.BARRED):
            work.held[row.id] = reason
    for each in judged.taken_back:
        work.held.setdefault(each, people.OUT_OF_LINE)
    operations = {each.operation_id for each in work.linked if each.operation_id}
    for each in await storing.contradictory(session, organization_id, operations):
        work.held.setdefault(each, "contradiction")
    accepted = mine - work.held.keys()
    await storing.move(session, organization_id, accepted, "accepted", None)
    for reason in set(work.held.values()):
        chosen = [each for each, why in work.held.items() if why == reason]
        await storing.move(session, organization_id, chosen, "held", reason)
    await storing.move(session, organization_id, work.lost, "rejected", "no_operation")
    _tell(session, work, accepted)


def _tell(session: Session, work: _Pass, accepted: Iterable[UUID]) -> None:
    """Say what became of each: those who learn from feedback follow these events."""
    rows = {each.id: each for each in work.rows}
    for each in sorted(accepted):
        row = rows[each]
        _publish(session, work, each, "feedback.recorded", _facts(row), row.actor)
    for each, reason in sorted(work.held.items()):
        _publish(session, work, each, "feedback.held", {"reason": reason}, ACTOR)


def _facts(row: Feedback) -> dict[str, object]:
    operation = row.operation_id
    return {
        "operation": None if operation is None else ids.public("op", operation),
        "type": row.kind,
        "metric": row.metric,
        "positive": row.positive,
        "corrected": row.corrected,
    }


def _publish(
    session: Session, work: _Pass, each: UUID, name: str, said: Mapping[str, object], actor: str
) -> None:
    publish(session, work.organization_id, actor, name, ids.public("fb", each), said)


async def _end(session: Session, work: _Pass) -> None:
    """Put the mean of what counts on each call: 1 to 5, as stars are."""
    touched = {each.operation_id for each in work.linked if each.operation_id}
    touched |= await storing.operations_of(session, work.organization_id, list(work.held))
    await storing.put_on_calls(session, work.organization_id, touched)
