"""Where something is kept of a person or an end user: counted before, erased in batches.

Each trace is a condition on one table. Rows found by another trace's condition go in the order of
the list: what somebody said is found by their operations, so those lose their name last.
"""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text

from hone.core.db import Session
from hone.privacy import typed
from hone.privacy.places import OURS, Trace
from hone.privacy.target import Kind, Target

_USER: Final = "user_id = CAST(:name AS text)"
_PERSON: Final = f"({_USER} OR user_id IS NULL AND key_id = ANY(CAST(:keys AS uuid[])))"
_BARE: Final = (
    "conversation_id = NULL, split_unit = NULL, external_id = NULL, metadata = NULL, attempts = (SELECT"
    " coalesce(jsonb_agg(each - 'errorMessage'), '[]') FROM jsonb_array_elements(attempts) each)"
)
_NAMED: Final = (
    "jsonb_path_exists({}, '$.** ? (@ == $name)', jsonb_build_object('name', CAST(:name AS text)))"
)

_TOLD: Final = "(message #> '{alert,evidence}')"
_MOVED: Final = (
    "EXISTS (SELECT FROM jsonb_array_elements_text({} -> 'operations') AS moved"
    " WHERE moved IN (SELECT 'op_' || replace(id::text, '-', '') FROM ({}) AS theirs))"
)
_DIGESTED: Final = (
    "EXISTS (SELECT FROM alerts WHERE alerts.organization_id = :organization"
    " AND message -> 'alerts' ? ('alert_' || replace(alerts.id::text, '-', ''))"
)
"""An alert that a digest tells of; what is left open is which."""

_OPERATION: Final = "created_at, id"


def _theirs(kind: Kind) -> str:
    """Write which operations are somebody's: a person's keys call in nobody's name, too."""
    return _PERSON if kind == "person" else _USER


def _said(kind: Kind) -> str:
    return (
        f"SELECT conversation_id FROM operations WHERE {OURS} AND {_theirs(kind)}"
        " AND conversation_id IS NOT NULL"
    )


def _told(kind: Kind, columns: str) -> str:
    """Write which operations tell what somebody said.

    A conversation is sent again with each call, so it stands in the calls of all who are in it.
    """
    start = f"SELECT {columns} FROM operations WHERE {OURS} AND"
    return f"{start} {_theirs(kind)} UNION {start} conversation_id IN ({_said(kind)})"


def _files(theirs: str) -> str:
    """Write which files are somebody's: made by them, named after them, or with calls of theirs."""
    owned = "owner = :name OR owner = ANY(CAST(:subjects AS text[]))"
    called = f"SELECT batch_id FROM operations WHERE {OURS} AND {theirs} AND batch_id IS NOT NULL"
    return (
        f"({owned} OR split_part(filename, '.', 1) = :name OR id = ANY(CAST(:files AS uuid[]))"
        " OR id IN (SELECT unnest(ARRAY[input_file_id, output_file_id, error_file_id])"
        f" FROM batches WHERE {OURS} AND (batches.id IN ({called})"
        f" OR batches.{owned.replace('OR owner', 'OR batches.owner')}"
        f" OR {_NAMED.format('metadata')})))"
    )


def said(kind: Kind) -> list[Trace]:
    """List the traces of what somebody said, in the order of erasing."""
    theirs = _theirs(kind)
    return [
        Trace(
            "contents",
            "operation_contents",
            f"({_OPERATION}) IN ({_told(kind, _OPERATION)})",
            key=_OPERATION,
        ),
        Trace(
            "outcomes",
            "routing_outcomes",
            f"(user_id = :name OR operation_id IN ({_told(kind, 'id')}))",
        ),
        # Marked here; they go when they have been taken out of every version.
        Trace(
            "examples",
            "examples",
            "erased_at IS NULL AND (person = :name OR person = ANY(CAST(:subjects AS text[]))"
            f" OR operation_id IN ({_told(kind, 'id')})"
            f" OR conversation_id IN ({_said(kind)}))",
            key=_OPERATION,
            change="erased_at = now(), sealed = '', person = NULL, conversation_id = NULL,"
            " label = NULL, file = NULL",
        ),
        Trace(
            "reviews",
            "examples",
            "reviewer = :name",
            key=_OPERATION,
            change="reviewer = 'erased'",
        ),
        Trace(
            "trusted",
            "datasets",
            "trusted @> ARRAY[CAST(:name AS text)]",
            change="trusted = array_remove(trusted, CAST(:name AS text))",
        ),
        # What is said of an answer repeats it, or says what would have been right.
        Trace(
            "feedback",
            "feedback",
            f"(person = :name OR actor = :name OR reviewed_by = :name"
            f" OR person = ANY(CAST(:subjects AS text[])) OR operation_id IN ({_told(kind, 'id')})"
            f" OR conversation_id IN ({_said(kind)}))",
        ),
        Trace(
            "feedback_people",
            "feedback_people",
            "(person = :name OR person = ANY(CAST(:subjects AS text[])))",
            key="organization_id, person",
        ),
        Trace(
            "signals",
            "feedback_signals",
            f"(user_id = :name OR operation_id IN ({_told(kind, 'id')}))",
            key="organization_id, operation_id, kind",
        ),
        Trace(
            "split_units",
            "split_units",
            f"(split_id, unit) IN ({_told(kind, 'split_id, split_unit')})",
            key="split_id, unit, arm",
        ),
        Trace(
            "split_feedback",
            "split_feedback",
            f"(split_id, unit) IN ({_told(kind, 'split_id, split_unit')})",
            key="split_id, metric, unit, arm",
        ),
        # Errors by how they read: what of a message was no number and no name may still be a person's.
        Trace(
            "alert_messages",
            "alert_deliveries",
            f"{_TOLD} ? 'template' AND {_MOVED.format(_TOLD, _told(kind, 'id'))}",
            change="message = jsonb_set(message #- '{alert,evidence,template}', '{words}',"
            " message -> 'subject')",
        ),
        Trace(
            "digests",
            "alert_deliveries",
            f"event = 'digest' AND message ->> 'words' <> message ->> 'subject' AND {_DIGESTED}"
            f" AND evidence ? 'template' AND {_MOVED.format('evidence', _told(kind, 'id'))})",
            change="message = jsonb_set(message, '{words}', message -> 'subject')",
        ),
        Trace(
            "alerts",
            "alerts",
            f"evidence ? 'template' AND {_MOVED.format('evidence', _told(kind, 'id'))}",
            change="words = title, evidence = evidence - 'template'",
        ),
        Trace(
            "error_patterns",
            "error_patterns",
            f"examples && ARRAY({_told(kind, 'id')})",
            key="organization_id, digest",
        ),
        Trace("replays", "idempotency", f"operation_id IN ({_told(kind, 'id')})", "key_digest"),
        # A file is not taken apart: one that holds something of theirs goes as a whole.
        Trace("files", "files", _files(theirs)),
        Trace(
            "batch_answers",
            "batch_answers",
            "NOT EXISTS (SELECT FROM batches JOIN files ON files.id = input_file_id"
            " WHERE batches.id = batch_id)",
            key="batch_id, line",
        ),
        Trace(
            "batches",
            "batches",
            f"(owner = :name OR {_NAMED.format('metadata')}"
            " OR metadata IS NOT NULL AND owner = ANY(CAST(:subjects AS text[])))",
            change="metadata = NULL, person_id = NULL,"
            " owner = CASE WHEN owner = :name THEN 'erased' ELSE owner END",
        ),
        # What could not be read may be anybody's.
        Trace(
            "quarantine",
            "quarantine",
            "position(CAST(:needle AS bytea) IN raw) > 0",
            whose=f"({OURS} OR organization_id IS NULL)",
        ),
        Trace("views", "operation_views", f"(owner = :name OR {_NAMED.format('query')})"),
        *typed.traces(),
        Trace(
            "event_details",
            "event_details",
            f"({_NAMED.format('data')} OR event_id IN (SELECT id FROM events WHERE {OURS}"
            " AND (subject = ANY(CAST(:subjects AS text[])) OR actor = :name"
            " AND name LIKE 'view.%')))",
            key="event_id",
        ),
        Trace(
            "conversations",
            "operations",
            f"user_id IS NULL AND ({theirs}) IS NOT TRUE AND conversation_id IN ({_said(kind)})",
            key=_OPERATION,
            change=_BARE,
        ),
        Trace(
            "operations",
            "operations",
            f"{theirs} AND (user_id IS NOT NULL OR conversation_id IS NOT NULL"
            " OR external_id IS NOT NULL OR metadata IS NOT NULL"
            " OR attempts @? '$[*].errorMessage')",
            key=_OPERATION,
            change=f"user_id = NULL, {_BARE}",
        ),
    ]


_ADDRESS: Final = "(SELECT lower(email) FROM people WHERE id = :person)"
_WITHOUT: Final = (
    f"ARRAY(SELECT each FROM unnest(recipients) AS each WHERE lower(each) <> {_ADDRESS})"
)


def known(kind: Kind) -> list[Trace]:
    """List the traces of who somebody is; only a person of the organization has any."""
    if kind == "user":
        return []
    return [
        Trace(
            "keys",
            "api_keys",
            "person_id = :person",
            change="name = 'erased', person_id = NULL, revoked_at = coalesce(revoked_at, now())",
        ),
        # Calls that are still there took their sums along; nobody is told of the others.
        Trace(
            "costs",
            "operation_costs",
            "person_id = :person",
            key="tableoid, ctid",
            change="person_id = gen_random_uuid()",
        ),
        Trace(
            "alert_channels",
            "alert_channels",
            f"lower(recipients::text)::text[] @> ARRAY[{_ADDRESS}]",
            change=f"recipients = {_WITHOUT}, target = array_to_string({_WITHOUT}, ', ')",
        ),
        Trace("sessions", "sessions", "person_id = :person"),
        Trace("facts", "data_keys", "purpose = 'person' AND scope = :scope"),
        Trace("person", "people", "id = :person"),
    ]


async def names(session: Session, organization_id: UUID, target: Target) -> dict[str, Any]:
    """Gather what the conditions need; a person's keys are found while they are theirs."""
    person_id = target.person_id
    found = await session.execute(
        text("SELECT id FROM api_keys WHERE organization_id = :organization AND person_id = :id"),
        {"organization": organization_id, "id": person_id},
    )
    keys = list(found.scalars()) if person_id is not None else []
    email = await session.scalar(text("SELECT email FROM people WHERE id = :id"), {"id": person_id})
    return {
        "organization": organization_id,
        "name": target.name,
        "actor": target.name if target.kind == "person" else None,
        "typed": typed.pattern(target.name, email),
        "keys": keys,
        "subjects": [f"key_{each.hex}" for each in keys],
        "needle": msgspec.msgpack.encode(target.name),
        "person": person_id,
        "scope": person_id.hex if person_id is not None else None,
        "files": list[UUID](),
    }


async def conversations(session: Session, kind: Kind, found: dict[str, Any]) -> frozenset[str]:
    """Find the conversations that somebody was in."""
    rows = await session.execute(text(_said(kind)), found)
    return frozenset(rows.scalars())
