"""Who hears of a run, and in which words.

What is told is a row that the transaction makes which makes it true; a worker sends it (`sending.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from hone.core import ids
from hone.core.db import Session
from hone.core.settings import Settings
from hone.identity import Actor, Permission, Person
from hone.training.models import TrainingNotice, TrainingRun
from hone.training.schemas.job import Notify, Occasion

CHANNEL: Final = "channel:"
PERSON: Final = "person"
_PAUSE: Final = timedelta(minutes=10)
"""Between two words about a best trial to the same person."""
_LONGEST: Final = 1000
_FIGURES: Final = ("accuracy", "macroF1", "spanF1", "answerRate", "loss")


async def settled(
    session: Session, actor: Actor, settings: Settings, wanted: Notify, *, lenient: bool = False
) -> tuple[Notify, list[str]]:
    """Find the people that are meant, and say what is wrong; a lenient look leaves out who is gone."""
    problems: list[str] = []
    named = list(wanted.people)
    if wanted.me and actor.id.startswith(f"{PERSON}_"):
        named.append(actor.id)
    elif wanted.me:
        problems.append(
            "`notify.me` is for people who are signed in; name people in `notify.email`."
        )
    if wanted.email:
        actor.require(Permission.PEOPLE_READ)
    found = await _people(session, actor, named, wanted.email)
    people = {ids.public(PERSON, each.id): each.email.lower() for each in found}
    lost = [each for each in named if each not in people]
    lost += [each for each in wanted.email if each.lower() not in people.values()]
    if lost and not lenient:
        problems.append(
            f"Nobody in this organization is {lost[0]!r}: mail about runs goes to its people."
        )
    if people and settings.mail.host is None and not lenient:
        problems.append("This Hone sends no mail: `HONE_MAIL__HOST` names a mail server.")
    return Notify(people=sorted(people), channels=wanted.channels, on=wanted.on), problems


async def _people(
    session: Session, actor: Actor, named: Sequence[str], addresses: Sequence[str]
) -> Sequence[Person]:
    known = [each for one in named if (each := ids.parse(PERSON, one)) is not None]
    lowered = [each.lower() for each in addresses]
    if not known and not lowered:
        return ()
    query = select(Person).where(
        Person.organization_id == actor.organization_id,
        Person.deactivated_at.is_(None),
        or_(Person.id.in_(known), func.lower(Person.email).in_(lowered)),
    )
    return (await session.scalars(query)).all()


def notices(row: TrainingRun, occasion: Occasion, words: str) -> list[TrainingNotice]:
    """Write what is told of a run on an occasion, to everybody who wants to hear of it."""
    wanted = Notify.model_validate(row.spec.get("notify") or {})
    if occasion not in wanted.on:
        return []
    targets = [*wanted.people, *(f"{CHANNEL}{each}" for each in wanted.channels)]
    return [
        TrainingNotice(
            run_id=row.id,
            event=occasion,
            target=target,
            organization_id=row.organization_id,
            words=words[:_LONGEST],
        )
        for target in dict.fromkeys(targets)
    ]


async def tell(session: Session, row: TrainingRun, occasion: Occasion, words: str) -> None:
    """Tell of an occasion that may come again: of the first one, but of the best trial so far the last."""
    for each in notices(row, occasion, words):
        statement = insert(TrainingNotice).values(
            run_id=each.run_id,
            event=each.event,
            target=each.target,
            organization_id=each.organization_id,
            words=each.words,
        )
        again = {
            "words": statement.excluded.words,
            "state": "waiting",
            "attempts": 0,
            "error": None,
            "next_at": func.greatest(
                func.now(), TrainingNotice.next_at, TrainingNotice.ended_at + _PAUSE
            ),
            "ended_at": None,
        }
        unique = [TrainingNotice.run_id, TrainingNotice.event, TrainingNotice.target]
        await session.execute(
            statement.on_conflict_do_update(index_elements=unique, set_=again)
            if occasion == "best"
            else statement.on_conflict_do_nothing(index_elements=unique)
        )


def ended(row: TrainingRun) -> tuple[Occasion, str] | None:
    """Say how a run ended; that somebody ended it is news to nobody."""
    if row.state == "succeeded":
        told = good(row.figures)
        return "finished", f"{row.model} is trained{f': {told}' if told else ''}."
    if row.state == "failed":
        why = (row.error or {}).get("message") or "It did not say why."
        return "failed", f"The training of {row.model} failed. {why}"
    return None


def good(figures: Mapping[str, Any]) -> str:
    """Say how good a model is by its first figure."""
    name = next((each for each in _FIGURES if each in figures), None) or next(iter(figures), None)
    return "" if name is None else f"{name} {figures[name]:.4g} on the test"
