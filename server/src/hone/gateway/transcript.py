"""A stored answer as one message: a stream is put together as if it had not been one."""

from typing import cast

import msgspec

from hone.gateway.contents import Content
from hone.llm import sse
from hone.llm.unicode import mend

Object = dict[str, object]

_NAMED_ONCE = frozenset({"role", "id", "type"})
_TOP = ("id", "created", "model", "system_fingerprint", "service_tier", "usage", "error")


def answer(content: Content) -> object:
    """Return the answer as one JSON value; None where none was delivered."""
    if not content.answer:
        return None
    if content.kind == "json":
        return _json(content.answer)
    return assemble(content.answer)


def assemble(stream: bytes) -> Object:
    """Put the chunks of a streamed chat completion together."""
    whole: Object = {"object": "chat.completion"}
    choices: dict[int, Object] = {}
    for event in sse.Splitter(limit=len(stream) + 1).feed(stream):
        chunk = _json(event.data) if event.data else None
        if not isinstance(chunk, dict):
            continue
        given = cast("Object", chunk)
        whole.update({name: given[name] for name in _TOP if given.get(name) is not None})
        for part in _objects(given.get("choices")):
            index = _index(part, 0)
            _extend(choices.setdefault(index, {"index": index, "message": {}}), part)
    whole["choices"] = [choices[index] for index in sorted(choices)]
    return whole


def _extend(choice: Object, part: Object) -> None:
    delta = part.get("delta")
    if isinstance(delta, dict):
        _add(cast("Object", choice["message"]), cast("Object", delta))
    for name, value in part.items():
        if name not in {"index", "delta"} and value is not None:
            choice[name] = value


def _add(message: Object, delta: Object) -> None:
    """Append a delta: text to text, calls of tools to the call of the same index."""
    for name, value in delta.items():
        before = message.setdefault(name, None)
        if isinstance(value, list):
            message[name] = _calls(_objects(before), _objects(cast("object", value)))
        elif isinstance(value, str) and isinstance(before, str) and name not in _NAMED_ONCE:
            message[name] = before + value
        elif isinstance(value, dict) and isinstance(before, dict):
            _add(cast("Object", before), cast("Object", value))
        elif value is not None:
            message[name] = value


def _calls(before: list[Object], more: list[Object]) -> list[Object]:
    for part in more:
        index = _index(part, len(before))
        known = next((call for call in before if call.get("index") == index), None)
        if known is None:
            before.append({**part, "index": index})
        else:
            _add(known, part)
    return before


def _index(part: Object, default: int) -> int:
    index = part.get("index")
    return index if isinstance(index, int) else default


def _objects(value: object) -> list[Object]:
    if not isinstance(value, list):
        return []
    return [cast("Object", each) for each in cast("list[object]", value) if isinstance(each, dict)]


def _json(content: bytes) -> object:
    """Read JSON as far as it is JSON."""
    for given in (content, mend(content)):
        try:
            return msgspec.json.decode(given)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return None
