"""The rules of feedback: who may say what of which answer, what is shown, and who decides."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.core.keyring import CONTENT, Key, Keyring
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.feedback import periods, rendering, repository, sealing, sentiment
from hone.feedback.errors import NoSuchFeedback, NothingToJudge
from hone.feedback.models import Feedback
from hone.feedback.recording import Recorder
from hone.feedback.repository import Choice, Kept
from hone.feedback.schemas import (
    MOST_REVIEWED,
    FeedbackPage,
    FeedbackQuery,
    FeedbackRead,
    FeedbackReview,
    FeedbackReviewed,
)
from hone.feedback.told import SIGNALS, Told
from hone.identity import Actor, Permission
from hone.operations import NoSuchOperation

PREFIX: Final = "fb"
_DECIDED: Final = {
    "accept": ("accepted", "feedback.accepted"),
    "reject": ("rejected", "feedback.rejected"),
}
EARLY: Final = timedelta(minutes=10)
"""So old an id may be of which there is no call yet: its server may not have been drained."""
_ARRIVES: Final = 1.0
_LOOK: Final = 0.025
"""So many seconds a sign waits for its call, which the drain stores a moment after its answer, and between two looks."""


@dataclass(frozen=True, slots=True)
class Seal:
    """How words are kept: the key of the month, if it is at hand, and whether any are kept."""

    keyring: Keyring
    key: Key | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Where feedback is given: what writes it, and how its words are kept."""

    database: Database
    recorder: Recorder
    seal: Seal


async def give(desk: Desk, actor: Actor, told: Told, key: str | None = None) -> Kept:
    """Keep what somebody says of an answer; said again by the same person, it takes its place."""
    actor.require(Permission.FEEDBACK_WRITE)
    meant = await _meant(desk, actor, told)
    if meant is not None:
        operation_id, early = meant
        if told.metric in SIGNALS and operation_id is not None:
            if await _sign(desk, actor, operation_id, told, early=early):
                return Kept(operation_id, "accepted", operation_id, None, told.metric)
        else:
            row = await _row(desk, actor, told, key, operation_id, early=early)
            kept = await desk.recorder.keep(actor.organization_id, row)
            if kept is not None:
                return kept
    raise _missing(told)


async def _sign(desk: Desk, actor: Actor, operation_id: UUID, told: Told, *, early: bool) -> bool:
    """Keep a sign; that of a call which is on its way into the database waits for it a moment."""
    until = asyncio.get_running_loop().time() + (_ARRIVES if early else 0.0)
    async with desk.database.transaction(actor.organization_id) as session:
        while not await repository.signal(
            session, actor.organization_id, operation_id, told.metric, told.user
        ):
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(_LOOK)
    return True


async def _meant(desk: Desk, actor: Actor, told: Told) -> tuple[UUID | None, bool] | None:
    """Tell which call is meant, and whether it may be on its way; None where there is none."""
    if told.operation is None:
        if told.metric in SIGNALS:
            raise NothingToJudge("A sign is of one call: give its `operation_id`.")
        return None, True
    named = ids.parse("op", told.operation)
    if named is None or not _dated(named):
        async with desk.database.transaction(actor.organization_id) as session:
            found = await repository.external(session, actor.organization_id, told.operation)
        return None if found is None else (found, False)
    age = clock.now() - ids.created_at(named)
    return named, -EARLY < age < EARLY


def _dated(operation_id: UUID) -> bool:
    """Tell whether a clock can have made an id."""
    return operation_id.int >> 80 < 4_102_444_800_000


def _missing(told: Told) -> NoSuchOperation:
    return NoSuchOperation(
        f"There is no operation {told.operation!r} in this organization.", param="operationId"
    )


async def _row(
    desk: Desk, actor: Actor, told: Told, key: str | None, operation_id: UUID | None, *, early: bool
) -> dict[str, Any]:
    """Write down what is kept of one piece of feedback."""
    organization_id = actor.organization_id
    digest = told.digest(actor.id, key, operation_id.bytes if operation_id else None)
    secret = await _secret(desk, organization_id) if told.words and desk.seal.kept else None
    comment = told.words.comment
    mood = sentiment.read(comment) if comment else None
    return {
        "id": ids.new(),
        "digest": digest,
        "said": told.said(secret),
        "kind": told.kind,
        "metric": told.metric,
        "operation_id": operation_id,
        "moment": ids.created_at(operation_id) if operation_id else None,
        "conversation_id": told.conversation,
        "actor": actor.id,
        "user_id": told.user,
        "positive": told.positive,
        "score": told.score,
        "value": told.value,
        "rating": told.rating,
        "was_used": told.was_used,
        "was_helpful": told.was_helpful,
        "corrected": told.corrected,
        "commented": comment is not None,
        "expected": told.expected,
        "sentiment": mood.score if mood else None,
        "quality": mood.quality if mood else None,
        "key_id": secret.id if secret else None,
        "sealed": sealing.seal(secret, organization_id, digest, told.words) if secret else None,
        "early": early,
        "keyed": key is not None,
    }


async def _secret(desk: Desk, organization_id: UUID) -> Key:
    if desk.seal.key is not None:
        return desk.seal.key
    month = f"{clock.now():%Y-%m}"
    async with desk.database.transaction(organization_id) as session:
        return await desk.seal.keyring.ensure(session, organization_id, CONTENT, month)


async def access(session: Session, actor: Actor, feedback_id: str) -> Feedback:
    """Open the one door to a piece of feedback."""
    actor.require(Permission.FEEDBACK_READ)
    named = ids.parse(PREFIX, feedback_id)
    rows = await repository.by_ids(session, actor.organization_id, [named] if named else [])
    if not rows:
        raise NoSuchFeedback
    return rows[0]


async def get(session: Session, actor: Actor, keyring: Keyring, feedback_id: str) -> FeedbackRead:
    """Show one piece of feedback."""
    row = await access(session, actor, feedback_id)
    (shown,) = await _shown(session, actor, keyring, [row])
    return shown


async def page(
    session: Session, actor: Actor, keyring: Keyring, query: FeedbackQuery
) -> FeedbackPage:
    """List feedback, newest first, with the figures of its period."""
    actor.require(Permission.FEEDBACK_READ)
    organization_id, choice = actor.organization_id, _choice(query)
    after = _after(query)
    found = await repository.page(session, organization_id, choice, after, query.limit + 1)
    rows, more = found[: query.limit], len(found) > query.limit
    whole = after is None and not more
    total = len(rows) if whole else await repository.count(session, organization_id, choice)
    span = periods.span(query.period, clock.now())
    cells = await repository.cells(
        session, organization_id, span.since, span.until, model=query.model, kind=query.type
    )
    return FeedbackPage(
        items=await _shown(session, actor, keyring, rows),
        total=total,
        next=cursor(rows[-1].id.hex) if more else None,
        statistics=rendering.statistics(cells),
        period=query.period,
    )


def _choice(query: FeedbackQuery) -> Choice:
    operation = ids.parse("op", query.operation) if query.operation else None
    if query.operation and operation is None:
        operation = UUID(int=0)
    named = operation or query.conversation or query.state == "held"
    since = None if named else periods.span(query.period, clock.now()).since
    return Choice(
        since=since,
        model=query.model,
        kind=query.type,
        metric=query.metric,
        state=query.state,
        positive=query.feedback,
        corrected=query.corrected,
        commented=query.commented,
        operation=operation,
        conversation=query.conversation,
        person=query.person,
    )


def _after(query: FeedbackQuery) -> UUID | None:
    parts = PageQuery(limit=query.limit, cursor=query.cursor).after()
    if parts is None:
        return None
    last = ids.parse("", parts[0]) if len(parts) == 1 else None
    if last is None:
        raise UnknownCursor(param="cursor")
    return last


async def _shown(
    session: Session, actor: Actor, keyring: Keyring, rows: Sequence[Feedback]
) -> list[FeedbackRead]:
    organization_id = actor.organization_id
    people = {each.person for each in rows} | {each.reviewed_by or "" for each in rows}
    names = await repository.names(session, organization_id, sorted(people))
    allowed = Permission.CONTENTS_READ in actor.permissions
    opened = await sealing.opened(session, keyring, organization_id, rows) if allowed else None
    return [rendering.read(row, names, opened) for row in rows]


async def review(session: Session, actor: Actor, body: FeedbackReview) -> FeedbackReviewed:
    """Decide of feedback that is held, by its ids or of a whole person."""
    # What may be learned from is decided by who curates data, not by everybody who may say something.
    actor.require(Permission.DATASETS_WRITE)
    organization_id = actor.organization_id
    if body.person is not None:
        rows = await repository.held_of(session, organization_id, body.person, MOST_REVIEWED)
        verdict = "trusted" if body.action == "accept" else "barred"
        await repository.decide(session, organization_id, body.person, verdict, actor.id)
        said: Mapping[str, object] = {"verdict": verdict, "feedback": len(rows)}
        subject = ids.public("org", organization_id)
        publish(session, organization_id, actor.id, "feedback.person_reviewed", subject, said)
    else:
        wanted = [ids.parse(PREFIX, each) for each in body.ids]
        named = [each for each in wanted if each is not None]
        rows = await repository.by_ids(session, organization_id, named, lock=True)
        if len(rows) < len(set(body.ids)) or not rows:
            raise NoSuchFeedback(param="ids")
    state, event = _DECIDED[body.action]
    changed = [each for each in rows if each.state != state and each.state != "received"]
    await repository.review(
        session, organization_id, [each.id for each in changed], state, actor.id
    )
    for each in changed:
        data: dict[str, object] = {"before": each.state, "after": state}
        subject = ids.public(PREFIX, each.id)
        publish(session, organization_id, actor.id, event, subject, data)
    remaining = await repository.count(session, organization_id, Choice(state="held"))
    return FeedbackReviewed(changed=len(changed), remaining=remaining or 0)
