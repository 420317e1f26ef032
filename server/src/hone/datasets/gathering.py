"""Corrected answers become examples: the trail of events is followed, and feedback that counts is kept.

It goes where the dataset collects that names the route or model; where none does, one is begun. What was
taken back, held or rejected takes its examples with it, unless a person has reviewed them. Examples and
the place in the trail are written in one transaction: killed anywhere, it is done again and kept once.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from hone import feedback
from hone.core import events, ids
from hone.core.db import Database, Session
from hone.core.errors import AppError
from hone.core.keyring import Keyring
from hone.datasets import keeping, sealing, shapes
from hone.datasets.errors import ExampleWrong
from hone.datasets.formats import Draft
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Dataset
from hone.datasets.repository import datasets, examples
from hone.datasets.schemas import DatasetCreate, Kind
from hone.datasets.service.datasets import begin, note
from hone.feedback import Lesson
from hone.identity import system

log = logging.getLogger(__name__)

CONSUMER: Final = "datasets"
_LOCK: Final = 0xDA7A5E7
_MADE: Final = frozenset({"feedback.recorded", "feedback.accepted"})
_TAKEN: Final = frozenset({"feedback.held", "feedback.rejected"})
_KINDS: Final[Mapping[str, Kind]] = {"classification": "intent", "sentiment": "intent"}
RULE: Final = "rule"
"""Who validated what came from those whom a dataset trusts."""
_EVERYBODY: Final = "*"
_LONGEST_NAME: Final = 120


async def gather(owner: Database, keyring: Keyring) -> int:
    """Read on in the trail and return how many events were read; one process at a time."""
    async with owner.transaction() as session:
        if not await session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
            return 0
        found = await events.unread(session, CONSUMER)
        if not found:
            return 0
        told: dict[UUID, dict[UUID, str]] = {}
        for event in found:
            subject = ids.parse("fb", event.subject)
            if event.name in _MADE | _TAKEN and subject is not None:
                told.setdefault(event.organization_id, {})[subject] = event.name
        for organization_id, named in told.items():
            await _follow(session, keyring, organization_id, named)
        await events.advance(session, CONSUMER, found[-1].sequence)
        return len(found)


async def _follow(
    session: Session, keyring: Keyring, organization_id: UUID, named: Mapping[UUID, str]
) -> None:
    """Do what one organization's feedback says; what cannot be done stops nobody else's."""
    try:
        async with session.begin_nested():
            # What is told again may say something else: the last word counts.
            for row in await examples.of_feedback(session, organization_id, list(named)):
                if row.reviewer is None or row.reviewer == RULE:
                    await examples.remove(session, row)
            made = [each for each, name in named.items() if name in _MADE]
            found = await feedback.lessons(session, keyring, organization_id, made)
            await _learn(session, keyring, organization_id, found)
    except AppError as error:
        log.error("feedback could not become examples: %s", error.code, exc_info=error)


async def _learn(
    session: Session, keyring: Keyring, organization_id: UUID, found: Sequence[Lesson]
) -> None:
    by_dataset: dict[UUID, tuple[Dataset, list[Lesson]]] = {}
    homes: dict[tuple[str | None, str | None, str], Dataset] = {}
    for lesson in found:
        whose = lesson.route, lesson.model, lesson.kind
        if whose not in homes:
            homes[whose] = await _home(session, keyring, organization_id, lesson)
        dataset = homes[whose]
        by_dataset.setdefault(dataset.id, (dataset, []))[1].append(lesson)
    for dataset, some in by_dataset.values():
        box = await sealing.box_of(session, keyring, dataset)
        added = 0
        for trusted in (True, False):
            coming = [
                made
                for each in some
                if _trusts(dataset, each) is trusted and (made := _coming(dataset, each))
            ]
            origin = Origin("user", "validated", RULE) if trusted else Origin("user", "pending")
            if coming:
                kept = await keeping.keep(session, dataset, box, coming, origin)
                added += len(kept.added)
        data = {"feedback": len(some), "added": added}
        note(session, system(organization_id), "dataset.collected", dataset, data)


def _trusts(dataset: Dataset, lesson: Lesson) -> bool:
    return _EVERYBODY in dataset.trusted or lesson.person in dataset.trusted


def _coming(dataset: Dataset, lesson: Lesson) -> Coming | None:
    try:
        given, expected = shapes.checked(dataset.kind, lesson.input, lesson.expected)
    except ExampleWrong:
        # Such as a label for a dataset of entities: nothing that could be kept there.
        return None
    source = "expert" if lesson.person.startswith("person_") else "user"
    return Coming(
        Draft(given, expected, source, conversation=lesson.conversation_id),
        feedback_id=lesson.feedback_id,
        operation_id=lesson.operation_id,
        person=lesson.person,
    )


async def _home(
    session: Session, keyring: Keyring, organization_id: UUID, lesson: Lesson
) -> Dataset:
    """Find the dataset that a lesson belongs to, or begin one."""
    names = [each for each in (lesson.route, lesson.model) if each]
    for name in names:
        found = await datasets.collecting(session, organization_id, name)
        if found is not None:
            return found
    kind: Kind = _KINDS.get(lesson.kind, "response")
    name = names[0][:_LONGEST_NAME].translate(str.maketrans("/?#", "---"))
    for free in (name, f"{name}-{kind}"):
        found = await datasets.by_name(session, organization_id, free)
        if found is None:
            wanted = DatasetCreate(
                name=free, kind=kind, collects=[names[0]], description="Corrected answers."
            )
            return await begin(session, keyring, system(organization_id), wanted)
        if found.kind == kind:
            return found
    wanted = DatasetCreate(name=f"{name}-{ids.new().hex[-6:]}", kind=kind, collects=[names[0]])
    return await begin(session, keyring, system(organization_id), wanted)
