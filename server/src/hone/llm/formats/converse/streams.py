"""A stream of Bedrock's ConverseStream, read from the vendor."""

from collections.abc import Iterator

import msgspec

from hone.llm.errors import Malformed
from hone.llm.eventstream import Decoder, Message
from hone.llm.formats import openai
from hone.llm.formats.converse import answers, faults
from hone.llm.neutral import (
    Argued,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Mused,
    Wrote,
)


class _Arguments(msgspec.Struct, gc=False):
    input: str | None = None


class _Reasoning(msgspec.Struct, gc=False, rename="camel"):
    text: str | None = None
    signature: str | None = None
    redacted_content: str | None = None


class _Delta(msgspec.Struct, gc=False, rename="camel"):
    text: str | None = None
    tool_use: _Arguments | None = None
    reasoning_content: _Reasoning | None = None


class _Start(msgspec.Struct, gc=False, rename="camel"):
    tool_use: answers.ToolUse | None = None


class _Told(msgspec.Struct, gc=False, rename="camel"):
    content_block_index: int = 0
    start: _Start | None = None
    delta: _Delta | None = None
    stop_reason: str | None = None
    additional_model_response_fields: answers.Fields | None = None
    usage: answers.Counts | None = None


_decode = msgspec.json.Decoder(_Told).decode


class ConverseReader:
    """Reads events; calls of tools are counted apart from other blocks."""

    def __init__(self, model: str = "") -> None:
        self._decoder = Decoder()
        self._model = model
        self._calls: dict[int, int] = {}
        self._argued: set[int] = set()

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says."""
        for message in self._decoder.feed(chunk):
            yield from self._read(_event(message), message.payload)

    def _read(self, event: str, payload: bytes) -> Iterator[Delta]:
        told = openai.read(_decode, payload)
        match event:
            case "messageStart":
                yield Began(answers.identity(), self._model)
            case "contentBlockStart" if told.start is not None and told.start.tool_use is not None:
                use = told.start.tool_use
                call = self._calls[told.content_block_index] = len(self._calls)
                yield Called(call, use.tool_use_id or "", use.name or "")
            case "contentBlockDelta" if told.delta is not None:
                yield from self._more(told.content_block_index, told.delta)
            case "contentBlockStop":
                yield from self._stopped(told.content_block_index)
            case "messageStop":
                yield Ended(
                    *answers.ending(told.stop_reason, told.additional_model_response_fields)
                )
            case "metadata":
                usage = answers.usage(told.usage)
                if usage is not None:
                    yield Counted(usage)
                yield Closed()
            case _:
                return

    def _more(self, index: int, delta: _Delta) -> Iterator[Delta]:
        if delta.text:
            yield Wrote(delta.text)
        thought = delta.reasoning_content
        if thought is not None:
            text, signature = thought.text or "", thought.signature or ""
            sealed = thought.redacted_content or ""
            if text or signature or sealed:
                yield Mused(text, signature, sealed)
        if delta.tool_use is not None and delta.tool_use.input and index in self._calls:
            self._argued.add(index)
            yield Argued(self._calls[index], delta.tool_use.input)

    def _stopped(self, index: int) -> Iterator[Delta]:
        """Give a call without arguments an empty object, so that its arguments are JSON."""
        if index in self._calls and index not in self._argued:
            yield Argued(self._calls[index], "{}")


def _event(message: Message) -> str:
    """Return the name of an event; raise what is told instead of one."""
    headers = message.headers
    match headers.get(":message-type"):
        case "event":
            return headers.get(":event-type", "")
        case "exception":
            raise faults.of_exception(headers.get(":exception-type", ""), message.payload)
        case "error":
            raise faults.of_exception(headers.get(":error-code", ""), b"")
        case _:
            raise Malformed
