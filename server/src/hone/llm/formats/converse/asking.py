"""A request of another format, written for Bedrock's Converse."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from hone.llm.errors import Unsupported
from hone.llm.formats.base import Raw, json_object, told
from hone.llm.formats.converse import media
from hone.llm.formats.converse.families import Family, budget
from hone.llm.neutral import (
    Asked,
    Media,
    Message,
    Part,
    Request,
    Result,
    Role,
    Sound,
    Text,
    Thought,
    Tool,
)

_SYSTEM: Final = frozenset({Role.SYSTEM, Role.DEVELOPER})
_NO_SCHEMA: Final = Raw(b'{"type":"object"}')
_METADATA: Final = re.compile(r"[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}", re.ASCII)
"""What a value of `requestMetadata` may be."""

Object = dict[str, object]


def write(family: Family, request: Request) -> Object:
    """Write a request; raise `Unsupported` for what Bedrock cannot be asked."""
    _refuse(request)
    turns = _Turns(family)
    more = family.more(request)
    asks = family.sequences and request.stop
    user = request.user or ""
    body: Object = {
        "system": tuple(turns.system(request)),
        "messages": turns.messages(request),
        "inferenceConfig": _inference(family, request),
        "toolConfig": _tools(family, request),
        "outputConfig": _output(request),
        "additionalModelRequestFields": more or None,
        "additionalModelResponseFieldPaths": ["/stop_sequence"] if asks else None,
        "requestMetadata": {"user": user} if _METADATA.fullmatch(user) else None,
    }
    return {name: value for name, value in body.items() if told(value)}


def _refuse(request: Request) -> None:
    if request.choices > 1:
        raise Unsupported("'n': Bedrock gives one answer.", param="n")
    if request.logprobs is not None:
        raise Unsupported("'logprobs': Bedrock does not tell them.", param="logprobs")
    if request.format is not None and not bytes(request.format.schema):
        reason = "'response_format': Bedrock wants a schema; use `json_schema`."
        raise Unsupported(reason, param="response_format")


def _inference(family: Family, request: Request) -> Object | None:
    """Write limits and how words are drawn; who thinks draws in a way of its own."""
    thought = budget(request) if family.budgets else 0
    limit = request.max_tokens
    if limit is not None and thought >= limit:
        limit += thought
    warm, narrow = (None, None) if thought else _drawn(family, request)
    written: Object = {
        "maxTokens": limit,
        "stopSequences": tuple(each for each in request.stop if each.strip()),
        "temperature": warm,
        "topP": narrow,
    }
    return {name: value for name, value in written.items() if told(value)} or None


def _drawn(family: Family, request: Request) -> tuple[float | None, float | None]:
    """Return temperature, up to 1, and top p; of those that restrict nothing Claude takes one."""
    drawn = request.sampling
    warm = None if drawn.temperature is None else min(drawn.temperature, 1.0)
    narrow = drawn.top_p
    if family.budgets and narrow == 1:
        narrow = None
    if family.budgets and narrow is not None and warm == 1:
        warm = None
    return warm, narrow


def _output(request: Request) -> Object | None:
    if request.format is None:
        return None
    schema = {"name": request.format.name, "schema": bytes(request.format.schema).decode()}
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}}


def _tools(family: Family, request: Request) -> Object | None:
    """Write tools; those that must not be called are not offered."""
    if not request.tools:
        return None
    choice = request.choice
    if choice == "none":
        return _forbidden(request)
    tools: list[Object] = []
    for tool in request.tools:
        tools += (_tool(tool), *_point(family, tool.cache))
    written: Object = {"tools": tools}
    if choice is not None:
        written["toolChoice"] = _choice(choice)
    return written


def _forbidden(request: Request) -> None:
    parts = (part for message in request.messages for part in message.parts)
    if any(isinstance(part, Asked | Result) for part in parts):
        reason = "'tool_choice': Bedrock cannot forbid tools that were called already."
        raise Unsupported(reason, param="tool_choice")


def _choice(choice: str) -> Object:
    if choice.startswith("="):
        return {"tool": {"name": choice.removeprefix("=")}}
    nothing: Object = {}
    return {"any" if choice == "required" else "auto": nothing}


def _tool(tool: Tool) -> Object:
    schema = Raw(tool.schema) if bytes(tool.schema) else _NO_SCHEMA
    spec: Object = {
        "name": tool.name,
        "description": tool.description,
        "inputSchema": {"json": schema},
        "strict": tool.strict,
    }
    return {"toolSpec": {name: value for name, value in spec.items() if told(value)}}


def _point(family: Family, ttl: str | None) -> Iterable[Object]:
    """Write up to where to cache; five minutes are the usual time."""
    if ttl is None or not family.caches:
        return ()
    point: Object = {"type": "default"} if ttl == "5m" else {"type": "default", "ttl": ttl}
    return ({"cachePoint": point},)


class _Turns:
    """Writes what was said; it knows which names of documents are taken."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._taken: set[str] = set()

    def system(self, request: Request) -> Iterator[Object]:
        """Put everything that the system says at the front."""
        for message in request.messages:
            if message.role in _SYSTEM:
                for part in message.parts:
                    if isinstance(part, Text):
                        yield from self._pointed(part)

    def messages(self, request: Request) -> list[Object]:
        """Write the turns; neighbours of one role become one turn, and empty ones none."""
        turns = [message for message in request.messages if message.role not in _SYSTEM]
        written: list[Object] = []
        for role, group in groupby(turns, key=lambda message: message.role):
            blocks = [block for message in group for block in self._blocks(message)]
            if blocks:
                written.append({"role": role.value, "content": blocks})
        return written

    def _blocks(self, message: Message) -> Iterator[Object]:
        # Results must be the first blocks of a turn.
        for part in sorted(message.parts, key=lambda part: not isinstance(part, Result)):
            yield from self._pointed(part)

    def _pointed(self, part: Part) -> Iterator[Object]:
        """Write a part and, where it is marked, a cache point; an empty one is none of them."""
        block = self._block(part)
        if block is not None:
            yield block
            yield from _point(self._family, _marked(part))

    def _block(self, part: Part) -> Object | None:
        match part:
            case Text():
                # Blank text is refused.
                return {"text": part.text} if part.text.strip() else None
            case Media():
                return self._media(part)
            case Thought():
                return _thought(part)
            case Asked():
                arguments = json_object(part.arguments)
                use: Object = {"toolUseId": part.id, "name": part.name, "input": arguments}
                return {"toolUse": use}
            case Result():
                return self._result(part)
            case Sound():
                reason = "'input_audio': Bedrock's Converse does not listen."
                raise Unsupported(reason, param="messages")

    def _media(self, part: Media) -> Object:
        if part.kind == "image":
            return media.picture(part)
        return media.document(part, self._taken)

    def _result(self, result: Result) -> Object:
        content = [block for part in result.parts if (block := self._block(part)) is not None]
        written: Object = {"toolUseId": result.id, "content": content}
        if result.failed:
            written["status"] = "error"
        return {"toolResult": written}


def _thought(thought: Thought) -> Object | None:
    """Write a thought; one that nobody has signed is not taken back."""
    if thought.sealed:
        return {"reasoningContent": {"redactedContent": thought.sealed}}
    if not thought.signature:
        return None
    text = {"text": thought.text, "signature": thought.signature}
    return {"reasoningContent": {"reasoningText": text}}


def _marked(part: Part) -> str | None:
    """Find the mark of a part, or of what is within it, which cannot have one of its own."""
    own = getattr(part, "cache", None)
    if own is None and isinstance(part, Result):
        return next((each.cache for each in reversed(part.parts) if each.cache), None)
    return own
