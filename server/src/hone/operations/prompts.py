"""What was asked, and how that ended: operations as something to learn from.

A prompt is what the user said last. Contents that were not kept, were erased or cannot be opened any
more are passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from hone.core import crypto, ids
from hone.core.db import Session
from hone.core.keyring import Key, Keyring, MasterKeyMissing
from hone.gateway import (
    ContentUnreadable,
    content_context,
    limited,
    prompt_of,
    unpack_content,
)
from hone.llm.unicode import clean

_ROWS: Final = """
SELECT o.id, o.created_at, o.model_id, o.status, o.error_code, o.finish_reason, o.conversation_id,
    c.key_id, c.sealed
FROM operations o JOIN operation_contents c
    ON c.organization_id = o.organization_id AND c.created_at = o.created_at AND c.id = o.id
WHERE o.organization_id = :organization AND o.model_id IS NOT NULL
    AND {which}
"""
_BEFORE: Final = (
    "o.created_at >= :since AND o.arm IS DISTINCT FROM 'shadow' AND (o.created_at, o.id) < (:before, :id)"
    " ORDER BY o.created_at DESC, o.id DESC LIMIT :most"
)
_THESE: Final = "o.created_at = ANY(:moments) AND o.id = ANY(:ids)"
_ANSWERED: Final = """
SELECT id, model_id, user_id FROM operations
WHERE organization_id = :organization AND created_at = ANY(:moments) AND id = ANY(:ids)
    AND model_id IS NOT NULL
"""
_USUAL: Final = """
SELECT model, sum(output_tokens)::float / greatest(sum(requests), 1) FROM operation_quarters
WHERE organization_id = :organization AND minute >= :since AND status = 'success' GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: what was asked, which model answered, and how it ended."""

    id: UUID
    created_at: datetime
    model_id: UUID
    status: str
    error_code: str | None
    finish_reason: str | None
    conversation: str | None
    prompt: str
    limited: bool
    """The client set a limit to the length of the answer."""


async def asked_before(
    session: Session,
    keyring: Keyring,
    organization_id: UUID,
    since: datetime,
    before: tuple[datetime, UUID],
    most: int,
) -> tuple[list[Asked], tuple[datetime, UUID] | None]:
    """Read calls from a moment backwards, newest first; tell where to go on, None at the end."""
    values = {"since": since, "before": before[0], "id": before[1], "most": most}
    rows = await _rows(session, organization_id, _BEFORE, values)
    following = (rows[-1].created_at, rows[-1].id) if len(rows) == most else None
    return await _opened(session, keyring, organization_id, rows), following


async def asked_in(
    session: Session, keyring: Keyring, organization_id: UUID, operations: Sequence[UUID]
) -> dict[UUID, Asked]:
    """Read these calls, as far as their contents are there."""
    rows = await _rows(session, organization_id, _THESE, _named(operations))
    return {each.id: each for each in await _opened(session, keyring, organization_id, rows)}


async def answered(
    session: Session, organization_id: UUID, operations: Sequence[UUID]
) -> dict[UUID, tuple[UUID, str | None]]:
    """Tell which model answered each of these calls, and for which user."""
    values = {"organization": organization_id, **_named(operations)}
    rows = await session.execute(text(_ANSWERED), values)
    return {row.id: (row.model_id, row.user_id) for row in rows}


async def usual_output(
    session: Session, organization_id: UUID, since: datetime
) -> Mapping[str, float]:
    """Tell how many tokens an answer of each model usually had, by its name."""
    values = {"organization": organization_id, "since": since}
    rows = await session.execute(text(_USUAL), values)
    return {row[0]: row[1] for row in rows.all()}


def _named(operations: Sequence[UUID]) -> dict[str, Any]:
    return {"ids": list(operations), "moments": [ids.created_at(each) for each in operations]}


async def _rows(
    session: Session, organization_id: UUID, which: str, values: Mapping[str, Any]
) -> Sequence[Row[Any]]:
    query = text(_ROWS.format(which=which))
    return (await session.execute(query, {"organization": organization_id, **values})).all()


async def _opened(
    session: Session, keyring: Keyring, organization_id: UUID, rows: Sequence[Row[Any]]
) -> list[Asked]:
    keys: dict[UUID, Key | None] = {}
    for key_id in {row.key_id for row in rows}:
        try:
            keys[key_id] = await keyring.by_id(session, organization_id, key_id)
        except (MasterKeyMissing, crypto.Unreadable):
            keys[key_id] = None
    found = [_asked(organization_id, row, keys[row.key_id]) for row in rows]
    return [each for each in found if each is not None]


def _asked(organization_id: UUID, row: Row[Any], key: Key | None) -> Asked | None:
    if key is None:
        return None
    try:
        place = content_context(organization_id, row.id)
        content = unpack_content(row.sealed, key.secret, place)
    except (crypto.Unreadable, ContentUnreadable):
        return None
    prompt = clean(prompt_of(content.request))
    if not prompt.strip():
        return None
    return Asked(
        row.id,
        row.created_at,
        row.model_id,
        row.status,
        row.error_code,
        row.finish_reason,
        row.conversation_id,
        prompt,
        limited(content.request),
    )
