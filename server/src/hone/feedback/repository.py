"""Every query of feedback that a request makes. Each one names the organization."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Row, Select, func, select, text, update

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.paging import COUNT_LIMIT
from hone.feedback.figures import COLUMNS, Sums
from hone.feedback.models import Feedback, Signal
from hone.feedback.models import Verdict as PersonVerdict
from hone.identity import ApiKey, Person

_TYPES: Final = {
    "id": "uuid", "digest": "text", "said": "text", "kind": "text", "metric": "text",
    "operation_id": "uuid", "conversation_id": "text", "actor": "text", "user_id": "text",
    "positive": "boolean", "score": "real", "value": "double precision", "rating": "smallint",
    "was_used": "boolean", "was_helpful": "boolean", "corrected": "boolean", "commented": "boolean",
    "expected": "text", "sentiment": "real", "quality": "real", "key_id": "uuid", "sealed": "text",
    "moment": "timestamptz", "early": "boolean", "keyed": "boolean",
}  # fmt: skip
"""What is told of each; bytes as hexadecimal digits."""
_ASKED: Final = {"moment", "early", "keyed"}
"""What is no column: when the call was, whether it may be on its way, whether a key names the feedback."""
_WRITTEN: Final = {
    "organization_id": "CAST(%(organization_id)s AS uuid)",
    **{name: f"r.{name}" for name in _TYPES if name not in _ASKED},
    **{name: f"decode(r.{name}, 'hex')" for name in ("digest", "said", "sealed")},
    "kind": "coalesce(r.kind, CASE WHEN o.kind IN ('classification', 'suggestion', 'sentiment')"
    " THEN o.kind ELSE 'response' END)",
    "conversation_id": "coalesce(o.conversation_id, r.conversation_id)",
    **{name: f"o.{name}" for name in ("model", "model_id", "route", "confidence")},
    "state": "'received'",
    "created_at": "now()",
    "updated_at": "now()",
}
_KEPT: Final = {"id", "organization_id", "digest", "created_at"}
_TOLD: Final = "f.id, f.state, f.operation_id, f.conversation_id, f.metric, f.digest"
# One statement finds calls, if they are there by now, keeps what is said, and says what became of it.
_GIVE: Final = f"""
WITH r AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(%(rows)s AS jsonb))
        AS r ({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
), landed AS (
    INSERT INTO feedback AS f ({", ".join(_WRITTEN)})
    SELECT {", ".join(_WRITTEN.values())}
    FROM r LEFT JOIN LATERAL (
        SELECT kind, conversation_id, model, model_id, route, confidence FROM operations
        WHERE organization_id = CAST(%(organization_id)s AS uuid) AND created_at = r.moment
            AND id = r.operation_id
    ) AS o ON true
    WHERE o.kind IS NOT NULL OR r.early
    ORDER BY r.digest
    ON CONFLICT (organization_id, digest) DO UPDATE SET
        {", ".join(f"{each} = excluded.{each}" for each in _WRITTEN if each not in _KEPT)},
        given = NULL, answer = NULL, reason = NULL, settled_at = NULL, reviewed_by = NULL,
        reviewed_at = NULL, due_at = now()
    WHERE f.said <> excluded.said
        AND NOT (SELECT keyed FROM r WHERE r.digest = encode(excluded.digest, 'hex'))
    RETURNING {_TOLD}
)
SELECT * FROM landed
"""
_KNOWN: Final = f"""
SELECT {_TOLD} FROM feedback AS f
WHERE organization_id = CAST(%(organization_id)s AS uuid) AND digest = ANY(%(digests)s)
"""
_EXTERNAL: Final = """
SELECT id FROM operations WHERE organization_id = :organization_id AND external_id = :name
ORDER BY created_at DESC LIMIT 1
"""
_SIGNAL: Final = """
INSERT INTO feedback_signals
    (organization_id, operation_id, kind, source, model, route, conversation_id, user_id, created_at)
SELECT organization_id, id, :kind, 'client', model, route, conversation_id,
    coalesce(CAST(:user AS text), user_id), created_at
FROM operations WHERE organization_id = :organization_id AND created_at = :moment AND id = :id
ON CONFLICT DO NOTHING RETURNING operation_id
"""
_HOURS: Final = f"""
SELECT {{place}} AS at, model, kind, metric, {", ".join(f"sum({each}) AS {each}" for each in COLUMNS)}
FROM feedback_hours
WHERE organization_id = :organization_id AND hour >= :since AND hour < :until
    AND (CAST(:model AS text) IS NULL OR model = :model)
    AND (CAST(:kind AS text) IS NULL OR kind = :kind)
GROUP BY 1, 2, 3, 4
"""
_LABELS: Final = """
SELECT given, expected, sum(told)::bigint AS told FROM feedback_labels
WHERE organization_id = :organization_id AND day >= CAST(:since AS date) AND day <= CAST(:until AS date)
    AND (CAST(:model AS text) IS NULL OR model = :model) AND kind = 'classification'
GROUP BY 1, 2 HAVING sum(told) > 0
"""
_SIGNALS: Final = """
SELECT kind, sum(seen)::bigint AS seen FROM feedback_signal_hours
WHERE organization_id = :organization_id AND hour >= :since AND hour < :until
    AND (CAST(:model AS text) IS NULL OR model = :model)
GROUP BY 1
"""
_CONVERSATIONS: Final = """
SELECT sum(ended) AS ended, sum(calls) AS calls, sum(completed) AS completed,
    sum(escalated) AS escalated, sum(known) AS known, sum(returned) AS returned
FROM feedback_conversations
WHERE organization_id = :organization_id AND hour >= :since AND hour < :until
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What was said of one model, type and measure in one step of time."""

    at: datetime
    model: str
    kind: str
    metric: str
    sums: Sums


class Kept(NamedTuple):
    """A piece of feedback as it was written."""

    id: UUID
    state: str
    operation_id: UUID | None
    conversation_id: str | None
    metric: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which feedback a list is of; None does not matter."""

    since: datetime | None = None
    model: str | None = None
    kind: str | None = None
    metric: str | None = None
    state: str | None = None
    positive: str | None = None
    corrected: bool | None = None
    commented: bool | None = None
    operation: UUID | None = None
    conversation: str | None = None
    person: str | None = None


async def give(
    session: Session, organization_id: UUID, rows: Sequence[Mapping[str, Any]]
) -> dict[bytes, Kept]:
    """Keep what is said, no digest twice; tell by digest what became of it, or of what was said before.

    What is of a call that is not there is not among them.
    """
    # As the driver takes it: what would be compiled anew for each request costs more than the rest.
    connection = await session.connection()
    told = [{name: _plain(row[name]) for name in _TYPES} for row in rows]
    values: dict[str, Any] = {
        "organization_id": organization_id,
        "rows": msgspec.json.encode(told).decode(),
    }
    found = _by_digest(await connection.exec_driver_sql(_GIVE, values))
    if missing := [row["digest"] for row in rows if row["digest"] not in found]:
        values = {"organization_id": organization_id, "digests": missing}
        found |= _by_digest(await connection.exec_driver_sql(_KNOWN, values))
    return found


def _by_digest(rows: Iterable[Row[Any]]) -> dict[bytes, Kept]:
    return {
        bytes(row.digest): Kept(
            row.id, row.state, row.operation_id, row.conversation_id, row.metric
        )
        for row in rows
    }


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


async def external(session: Session, organization_id: UUID, name: str) -> UUID | None:
    """Find the newest call that a client gave this id."""
    values = {"organization_id": organization_id, "name": name}
    return await session.scalar(text(_EXTERNAL), values)


async def signal(
    session: Session, organization_id: UUID, operation_id: UUID, kind: str, user: str | None
) -> bool:
    """Keep a sign that a client sends; tell whether there is such a call, or was such a sign."""
    values = {
        "organization_id": organization_id,
        "id": operation_id,
        "moment": ids.created_at(operation_id),
        "kind": kind,
        "user": user,
    }
    if (await session.execute(text(_SIGNAL), values)).one_or_none() is not None:
        return True
    seen = select(Signal.operation_id).where(
        Signal.organization_id == organization_id,
        Signal.operation_id == operation_id,
        Signal.kind == kind,
    )
    return await session.scalar(seen) is not None


async def by_ids(
    session: Session, organization_id: UUID, wanted: Sequence[UUID], *, lock: bool = False
) -> Sequence[Feedback]:
    """Find feedback by its ids."""
    query = _mine(organization_id).where(Feedback.id.in_(wanted)).order_by(Feedback.id)
    if lock:
        query = query.with_for_update()
    return (await session.scalars(query)).all()


async def held_of(
    session: Session, organization_id: UUID, person: str, most: int
) -> Sequence[Feedback]:
    """Find what is held of one person, oldest first, and lock it."""
    query = _mine(organization_id).where(Feedback.state == "held", Feedback.person == person)
    found = await session.scalars(query.order_by(Feedback.id).limit(most).with_for_update())
    return found.all()


async def page(
    session: Session, organization_id: UUID, choice: Choice, after: UUID | None, limit: int
) -> Sequence[Feedback]:
    """Return feedback, newest first."""
    query = _chosen(organization_id, choice).order_by(Feedback.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Feedback.id < after)
    return (await session.scalars(query)).all()


async def count(session: Session, organization_id: UUID, choice: Choice) -> int | None:
    """Count feedback; None beyond what is counted."""
    some = _chosen(organization_id, choice).with_only_columns(Feedback.id).limit(COUNT_LIMIT + 1)
    found = await session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return found if found <= COUNT_LIMIT else None


def _mine(organization_id: UUID) -> Select[Feedback]:
    return select(Feedback).where(Feedback.organization_id == organization_id)


def _chosen(organization_id: UUID, choice: Choice) -> Select[Feedback]:
    query = _mine(organization_id)
    equal = (
        (Feedback.model, choice.model),
        (Feedback.kind, choice.kind),
        (Feedback.metric, choice.metric),
        (Feedback.state, choice.state),
        (Feedback.corrected, choice.corrected),
        (Feedback.commented, choice.commented),
        (Feedback.operation_id, choice.operation),
        (Feedback.conversation_id, choice.conversation),
        (Feedback.person, choice.person),
    )
    for column, wanted in equal:
        if wanted is not None:
            query = query.where(column == wanted)
    if choice.positive == "neutral":
        query = query.where(Feedback.positive.is_(None))
    elif choice.positive is not None:
        query = query.where(Feedback.positive.is_(choice.positive == "positive"))
    if choice.since is not None:
        # Its id tells when it was made, and the list is in the order of ids.
        first = UUID(int=int(choice.since.timestamp() * 1000) << 80)
        query = query.where(Feedback.id >= first)
    return query


async def cells(
    session: Session,
    organization_id: UUID,
    since: datetime,
    until: datetime,
    *,
    model: str | None = None,
    kind: str | None = None,
    step: str | None = None,
) -> list[Cell]:
    """Add up hours by model, type and measure, and by hour or day where a step is given."""
    place = f"date_trunc('{step}', hour, 'UTC')" if step else "CAST(:since AS timestamptz)"
    values = {
        "organization_id": organization_id,
        "since": since,
        "until": until,
        "model": model,
        "kind": kind,
    }
    rows = await session.execute(text(_HOURS.format(place=place)), values)
    return [
        Cell(
            row.at,
            row.model,
            row.kind,
            row.metric,
            Sums(**{each: _number(row, each) for each in COLUMNS}),
        )
        for row in rows
    ]


def _number(row: Row[Any], name: str) -> Any:  # noqa: ANN401 - a sum of either type
    value = getattr(row, name)
    return value if isinstance(value, float) else int(value)


async def confusion(
    session: Session, organization_id: UUID, since: datetime, until: datetime, model: str | None
) -> dict[tuple[str, str], int]:
    """Count pairs of the label that was answered and the one that is right."""
    values = {
        "organization_id": organization_id, "since": since, "until": until, "model": model,
    }  # fmt: skip
    rows = await session.execute(text(_LABELS), values)
    return {(row.given, row.expected): row.told for row in rows}


async def signals(
    session: Session, organization_id: UUID, since: datetime, until: datetime, model: str | None
) -> dict[str, int]:
    """Count signs that nobody said."""
    values = {
        "organization_id": organization_id, "since": since, "until": until, "model": model,
    }  # fmt: skip
    rows = await session.execute(text(_SIGNALS), values)
    return {row.kind: row.seen for row in rows}


async def conversations(
    session: Session, organization_id: UUID, since: datetime, until: datetime
) -> dict[str, int]:
    """Count conversations that ended, and how."""
    values = {"organization_id": organization_id, "since": since, "until": until}
    row = (await session.execute(text(_CONVERSATIONS), values)).mappings().one()
    return {name: int(value or 0) for name, value in row.items()}


async def names(session: Session, organization_id: UUID, people: Sequence[str]) -> dict[str, str]:
    """Tell the names of keys and people."""
    keys = [each for each in (ids.parse("key", one) for one in people) if each]
    known = await session.execute(
        select(ApiKey.id, ApiKey.name).where(
            ApiKey.organization_id == organization_id, ApiKey.id.in_(keys)
        )
    )
    found = {ids.public("key", row.id): row.name for row in known}
    those = [each for each in (ids.parse("person", one) for one in people) if each]
    persons = await session.execute(
        select(Person.id, Person.name).where(
            Person.organization_id == organization_id, Person.id.in_(those)
        )
    )
    return found | {ids.public("person", row.id): row.name for row in persons}


async def decide(
    session: Session, organization_id: UUID, person: str, verdict: str, decided_by: str
) -> None:
    """Remember what was decided of a person."""
    await session.merge(
        PersonVerdict(
            organization_id=organization_id, person=person, verdict=verdict, decided_by=decided_by
        )
    )
    await session.flush()


async def review(
    session: Session, organization_id: UUID, rows: Sequence[UUID], state: str, by: str
) -> None:
    """Accept or reject feedback in the name of who decided it; sums follow by the trigger."""
    await session.execute(
        update(Feedback)
        .where(Feedback.organization_id == organization_id, Feedback.id.in_(rows))
        .values(state=state, reason="review", reviewed_by=by, reviewed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
