"""What a worker does with notices: letters to people, and to channels an event that monitoring carries on.

A notice is held while it is sent. Whoever dies in between leaves it to another worker, who sends it again under the
same Message-ID; what does not arrive is tried again, ever later, and given up in the end with a word in the run.
"""

import asyncio
import contextlib
import hashlib
import logging
import smtplib
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock, ids, mail
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.core.settings import Settings
from hone.identity import Person
from hone.training import rendering
from hone.training.models import TrainingNotice, TrainingRun
from hone.training.repository import claims, runs
from hone.training.telling import CHANNEL, PERSON
from hone.training.trail import Event

log = logging.getLogger(__name__)

_TURN: Final = 2.0
_SOON: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(minutes=30)
_MOST_FAILURES: Final = 60
"""More than a day."""
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)
_SUBJECTS: Final = {
    "started": "Training began: {}",
    "milestone": "Training came further: {}",
    "best": "A better trial: {}",
    "finished": "Trained: {}",
    "failed": "Training failed: {}",
}


class _Unheard(Exception):
    """A letter did not leave; its text says why."""


class Sender:
    """The notices of one worker."""

    def __init__(self, owner: Database, settings: Settings) -> None:
        self._owner = owner
        self._settings = settings

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            with contextlib.suppress(*_OUTAGES):
                while await self.one():
                    pass
            await asyncio.sleep(_TURN)

    async def one(self) -> bool:
        """Send one notice that is due; return whether there was one."""
        async with self._owner.transaction() as session:
            row = await _due(session)
            if row is None:
                return False
            run = await runs.by_id(session, row.organization_id, row.run_id)
            assert run is not None
            row.attempts += 1
            try:
                await self._send(session, row, run)
            except _Unheard as error:
                await _later(session, row, str(error))
            return True

    async def _send(self, session: Session, row: TrainingNotice, run: TrainingRun) -> None:
        if row.target.startswith(CHANNEL):
            _hand_on(session, row, run)
            _end(row, "sent")
            return
        person = await _person(session, row)
        if person is None:
            _end(row, "cancelled")
            return
        if self._settings.mail.host is None:
            raise _Unheard("This Hone sends no mail: `HONE_MAIL__HOST` names a mail server.")
        letter = mail.Letter(person.email, _subject(row, run), self._text(row, run))
        domain = self._settings.mail.sender.rpartition("@")[2] or "localhost"
        name = f"<{_name(row)}@{domain}>"
        try:
            await asyncio.to_thread(mail.send, self._settings.mail, letter, message_id=name)
        except (smtplib.SMTPException, OSError) as error:
            raise _Unheard(f"The mail server did not take it: {error}"[:300]) from error
        _end(row, "sent")

    def _text(self, row: TrainingNotice, run: TrainingRun) -> str:
        page = f"{self._settings.public_url}/training/{ids.public(rendering.RUN, run.id)}"
        return f"{row.words}\n\n{page}\n"


async def _due(session: Session) -> TrainingNotice | None:
    query = (
        select(TrainingNotice)
        .where(TrainingNotice.state == "waiting", TrainingNotice.next_at <= clock.now())
        .order_by(TrainingNotice.next_at, TrainingNotice.created_at)
        .limit(1)
    )
    return await session.scalar(query.with_for_update(skip_locked=True))


async def _person(session: Session, row: TrainingNotice) -> Person | None:
    """Find whom it is for, while they are here."""
    person_id = ids.parse(PERSON, row.target)
    query = select(Person).where(
        Person.organization_id == row.organization_id,
        Person.id == person_id,
        Person.deactivated_at.is_(None),
    )
    return await session.scalar(query)


def _hand_on(session: Session, row: TrainingNotice, run: TrainingRun) -> None:
    facts: dict[str, object] = {
        "channel": row.target.removeprefix(CHANNEL),
        "occasion": row.event,
        "model": run.model,
        "title": _subject(row, run),
        "words": row.words,
    }
    subject = ids.public(rendering.RUN, run.id)
    publish(session, row.organization_id, "system", "training_run.told", subject, facts)


def _subject(row: TrainingNotice, run: TrainingRun) -> str:
    return " ".join(_SUBJECTS[row.event].format(run.model).split())


def _name(row: TrainingNotice) -> str:
    """Name a letter: the same words to the same person are the same letter."""
    said = f"{row.run_id.hex} {row.event} {row.target} {row.words}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _end(row: TrainingNotice, state: str, why: str | None = None) -> None:
    row.state, row.error, row.ended_at = state, why, clock.now()


async def _later(session: Session, row: TrainingNotice, why: str) -> None:
    if row.attempts < _MOST_FAILURES:
        row.error = why
        row.next_at = clock.now() + min(_SOON * 2 ** min(row.attempts - 1, 16), _LONGEST)
        if row.attempts > 1:
            return
        log.warning("cannot tell of training run %s yet: %s", row.run_id, why)
        words = f"Mail about it did not leave yet. {why}"
    else:
        _end(row, "failed", why)
        words = f"Mail about it did not leave, and is not tried again. {why}"
    warning = Event(kind="warning", message=words, at=clock.now().isoformat())
    await claims.add_events(session, row.organization_id, row.run_id, [warning])
