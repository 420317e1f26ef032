"""What was asked and answered: opened with the organization's key and shown as a chat."""

import json
from typing import Any, NamedTuple, cast

import msgspec

from hone.core import crypto, ids
from hone.core.db import Session
from hone.core.keyring import CONTENT, Keyring
from hone.gateway import (
    RETOLD,
    Content,
    ContentUnreadable,
    DataKey,
    content_answer,
    content_context,
    pack_content,
    retell,
    unpack_content,
)
from hone.llm.types import Endpoint
from hone.operations import repository
from hone.operations.models import Operation, OperationContent
from hone.operations.text import showable

NOT_ALLOWED = "Reading contents needs the permission 'contents:read'."
NOT_KEPT = "No content was kept of this operation."
ERASED = "The key that sealed this content was destroyed."
UNREADABLE = "This content cannot be read."

Message = dict[str, Any]

_encode = msgspec.json.Encoder().encode


class Shown(NamedTuple):
    """The messages of an operation, or why there are none."""

    messages: list[Message] | None
    withheld: str | None


async def read(session: Session, keyring: Keyring, operation: Operation) -> Shown:
    """Open an operation's content."""
    stored = await repository.content_of(session, operation)
    if stored is None:
        return Shown(None, NOT_KEPT)
    key = await keyring.by_id(session, operation.organization_id, stored.key_id)
    if key is None:
        return Shown(None, ERASED)
    try:
        content = unpack_content(stored.sealed, key.secret, _context(operation))
    except (crypto.Unreadable, ContentUnreadable):
        return Shown(None, UNREADABLE)
    return Shown(messages(content, operation.kind), None)


async def seal(
    session: Session, keyring: Keyring, operation: Operation, asked: object, answered: object
) -> OperationContent:
    """Seal what was asked and answered elsewhere, in the shape of the gateway's own."""
    month = ids.month(operation.id.int >> 80)
    key = await keyring.ensure(session, operation.organization_id, CONTENT, month)
    request = {"messages": _asked(asked)}
    answer = {"choices": [{"message": {"role": "assistant", "content": answered}}]}
    content = Content(_encode(request), b"" if answered is None else _encode(answer), "json")
    sealed = pack_content(content, DataKey(key.id, month, key.secret), _context(operation))
    return OperationContent(
        organization_id=operation.organization_id,
        id=operation.id,
        created_at=operation.created_at,
        key_id=key.id,
        sealed=sealed,
    )


def _context(operation: Operation) -> bytes:
    return content_context(operation.organization_id, operation.id)


def messages(content: Content, kind: str) -> list[Message]:
    """Show both bodies as one chat: what was asked, then what was answered."""
    retold = retell(Endpoint(kind), content) if kind in RETOLD else None
    if retold is not None:
        return cast("list[Message]", showable(retold))
    request = _object(_parsed(content.request))
    answer = _object(content_answer(content))
    asked = request.get("messages", request.get("input"))
    shown = [*_asked(asked), *_answered(answer.get("choices")), *_labelled(answer.get("results"))]
    return cast("list[Message]", showable(shown))


def _asked(asked: object) -> list[Message]:
    if isinstance(asked, list):
        parts = cast("list[object]", asked)
        if all(isinstance(each, dict) for each in parts):
            return cast("list[Message]", parts)
    return [] if asked is None else [{"role": "user", "content": asked}]


def _answered(choices: object) -> list[Message]:
    found = cast("list[object]", choices) if isinstance(choices, list) else []
    said = [_object(_object(each).get("message")) for each in found]
    return [each for each in said if each]


def _labelled(results: object) -> list[Message]:
    """Show labels as text, and entities as they were found."""
    found = cast("list[object]", results) if isinstance(results, list) else []
    rows = [_object(each) for each in found]
    return [
        {"role": "assistant", "content": each.get("label", each.get("entities"))} for each in rows
    ]


def _object(value: object) -> Message:
    return cast("Message", value) if isinstance(value, dict) else {}


def _parsed(body: bytes) -> object:
    """Read a client's body; the gateway checked only the parts that it needs."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
