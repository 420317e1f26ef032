"""What was asked and answered in some calls, as text: what judges and learners read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, text

from hone.core import crypto, ids
from hone.core.db import Session
from hone.core.keyring import Key, Keyring, MasterKeyMissing
from hone.gateway import ContentUnreadable, content_context, unpack_content
from hone.operations import contents

_ROWS: Final = """
SELECT o.id, o.created_at, o.kind, o.status, o.error_code, o.finish_reason, o.model, o.model_id,
    o.route, o.conversation_id, o.user_id, o.confidence, c.key_id, c.sealed
FROM operations o LEFT JOIN operation_contents c
    ON c.organization_id = o.organization_id AND c.created_at = o.created_at AND c.id = o.id
WHERE o.organization_id = :organization AND o.created_at = ANY(:moments) AND o.id = ANY(:ids)
"""
_LABELS: Final = ("label", "category", "sentiment", "output", "text", "content")
"""Where an answer that is an object has what it says."""


@dataclass(frozen=True, slots=True)
class Said:
    """One call, and what was said in it; None where it was not kept, or cannot be read any more."""

    id: UUID
    created_at: datetime
    kind: str
    status: str
    error_code: str | None
    finish_reason: str | None
    model: str
    model_id: UUID | None
    route: str | None
    conversation: str | None
    user: str | None
    confidence: float | None
    asked: str | None
    answered: str | None


async def said(
    session: Session, keyring: Keyring, organization_id: UUID, operations: Sequence[UUID]
) -> dict[UUID, Said]:
    """Read some calls with their contents."""
    values = {
        "organization": organization_id,
        "ids": list(operations),
        "moments": [ids.created_at(each) for each in operations],
    }
    rows = (await session.execute(text(_ROWS), values)).all()
    keys: dict[UUID, Key | None] = {}
    for key_id in {row.key_id for row in rows if row.key_id is not None}:
        try:
            keys[key_id] = await keyring.by_id(session, organization_id, key_id)
        except (MasterKeyMissing, crypto.Unreadable):
            keys[key_id] = None
    return {row.id: _said(organization_id, row, keys) for row in rows}


def _said(organization_id: UUID, row: Row[Any], keys: Mapping[UUID, Key | None]) -> Said:
    asked, answered = _texts(organization_id, row, keys.get(row.key_id))
    return Said(
        row.id,
        row.created_at,
        row.kind,
        row.status,
        row.error_code,
        row.finish_reason,
        row.model,
        row.model_id,
        row.route,
        row.conversation_id,
        row.user_id,
        row.confidence,
        asked,
        answered,
    )


def _texts(organization_id: UUID, row: Row[Any], key: Key | None) -> tuple[str | None, str | None]:
    if key is None:
        return None, None
    try:
        place = content_context(organization_id, row.id)
        content = unpack_content(row.sealed, key.secret, place)
    except (crypto.Unreadable, ContentUnreadable):
        return None, None
    shown = contents.messages(content, row.kind)
    return _last(shown, "user"), _last(shown, "assistant")


def _last(shown: Sequence[Mapping[str, Any]], role: str) -> str | None:
    """Find what was said last in a role."""
    for message in reversed(shown):
        if message.get("role") == role:
            found = text_of(message.get("content"))
            if found:
                return found
    return None


def text_of(content: object) -> str:
    """Read a content as text: its parts, or what an object says, else its JSON."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content.strip()
    if isinstance(content, list):
        parts = [text_of(each) for each in cast("list[object]", content)]
        return "\n".join(each for each in parts if each)
    if isinstance(content, Mapping):
        found = cast("Mapping[str, object]", content)
        named = next((found[each] for each in _LABELS if isinstance(found.get(each), str)), None)
        if isinstance(named, str):
            return named.strip()
    return json.dumps(content, ensure_ascii=False)
