"""Bedrock's Converse on the wire, whole and as an event stream.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
"""

import base64
from collections.abc import Mapping

from hone.core import clock
from hone.simulator.answers import Answer
from hone.simulator.asks import Json
from hone.simulator.errors import Headers
from hone.simulator.formats.base import Details, Problem, encode
from hone.simulator.formats.bedrock.eventstream import CONTENT_TYPE, event, exception

STOPS: Mapping[str, str] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "content_filtered",
}

EXCEPTIONS: Mapping[str, str] = {
    "ThrottlingException": "throttlingException",
    "ServiceUnavailableException": "serviceUnavailableException",
    "ValidationException": "validationException",
    "ModelErrorException": "modelStreamErrorException",
    "ModelStreamErrorException": "modelStreamErrorException",
}
"""The exceptions that a stream may end with; others are `internalServerException`."""


class ConverseWriter:
    """Writes one answer."""

    head: Headers = ((b"content-type", CONTENT_TYPE),)

    def __init__(self, details: Details) -> None:
        self._details = details
        self._index = 0

    def whole(self, answer: Answer) -> bytes:
        """Write an answer that is not streamed."""
        message = {"content": self._content(answer), "role": "assistant"}
        return encode(
            {
                "metrics": self._metrics(),
                "output": {"message": message},
                "stopReason": _stop_reason(answer),
                "usage": self._usage(answer),
            }
        )

    def opening(self, answer: Answer) -> bytes:
        """Write that the message begins, what was thought, and which tool is called."""
        events = [_event("messageStart", role="assistant")]
        if answer.reasoning_tokens and self._details.ask.thinks:
            events += [self._delta({"reasoningContent": {"text": t}}) for t in answer.thoughts()]
            events.append(self._delta({"reasoningContent": {"signature": _signature(answer)}}))
            events.append(_event("contentBlockStop", contentBlockIndex=0))
            self._index = 1
        call = answer.tool_call
        if call is not None:
            start = {"toolUse": {"name": call.name, "toolUseId": f"tooluse_{call.id}"}}
            events.append(_event("contentBlockStart", contentBlockIndex=self._index, start=start))
        return b"".join(events)

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token."""
        return self._delta(_delta(answer, text))

    def ending(self, answer: Answer) -> bytes:
        """Write that the block ends."""
        if not answer.pieces and answer.tool_call is None:
            return b""
        return _event("contentBlockStop", contentBlockIndex=self._index)

    def done(self, answer: Answer) -> bytes:
        """Write why the message ends, and the usage."""
        return _event("messageStop", stopReason=_stop_reason(answer)) + _event(
            "metadata", metrics=self._metrics(), usage=self._usage(answer)
        )

    def broken(self, answer: Answer) -> bytes:
        """Write an event that is framed as it should be, and no JSON."""
        body = encode({"contentBlockIndex": self._index, "delta": _delta(answer, "")})
        return event("contentBlockDelta", body[: len(body) // 2])

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        return exception(EXCEPTIONS.get(problem.name, "internalServerException"), problem.body)

    def _delta(self, delta: Json) -> bytes:
        return _event("contentBlockDelta", contentBlockIndex=self._index, delta=delta)

    def _content(self, answer: Answer) -> list[Json]:
        content: list[Json] = []
        if answer.reasoning_tokens and self._details.ask.thinks:
            thought = {"text": "".join(answer.thoughts()), "signature": _signature(answer)}
            content.append({"reasoningContent": {"reasoningText": thought}})
        call = answer.tool_call
        if call is not None:
            use = {"toolUseId": f"tooluse_{call.id}", "name": call.name}
            content.append({"toolUse": {**use, "input": answer.arguments() or {}}})
        elif answer.pieces:
            content.append({"text": answer.text})
        return content

    def _metrics(self) -> Json:
        spent = clock.now().timestamp() - self._details.created
        return {"latencyMs": max(0, int(spent * 1000))}

    def _usage(self, answer: Answer) -> Json:
        details = self._details
        read, written = details.cached_tokens, details.written_tokens
        hour = details.written_hour_tokens
        kept = [
            {"ttl": ttl, "inputTokens": tokens}
            for ttl, tokens in (("1h", hour), ("5m", written - hour))
            if tokens
        ]
        return {
            "inputTokens": details.prompt_tokens - read - written,
            "outputTokens": answer.token_count,
            "totalTokens": details.prompt_tokens + answer.token_count,
            "cacheReadInputTokens": read,
            "cacheWriteInputTokens": written,
            **({"cacheDetails": kept} if kept else {}),
        }


def _event(kind: str, **fields: object) -> bytes:
    return event(kind, encode(fields))


def _delta(answer: Answer, text: str) -> Json:
    return {"text": text} if answer.tool_call is None else {"toolUse": {"input": text}}


def _signature(answer: Answer) -> str:
    return base64.b64encode(answer.chance.to_bytes(16, "big") * 4).decode()


def _stop_reason(answer: Answer) -> str:
    return "stop_sequence" if answer.stop is not None else STOPS[answer.finish_reason]
