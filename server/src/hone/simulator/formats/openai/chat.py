"""OpenAI's chat completion on the wire, whole and in chunks.

https://platform.openai.com/docs/api-reference/chat/object and …/chat/streaming
"""

import functools
import hashlib
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from hone.simulator.answers import Answer
from hone.simulator.formats.base import EVENTS, Details, Problem, encode
from hone.simulator.formats.openai.chat_requests import ChatAsk

DONE = b"data: [DONE]\n\n"
PLACE = "\0"
"""Where a token goes in what is written around it."""


class PromptDetails(msgspec.Struct, gc=False):
    """What the prompt's tokens were."""

    cached_tokens: int = 0
    audio_tokens: int = 0


class CompletionDetails(msgspec.Struct, gc=False):
    """What the answer's tokens were."""

    reasoning_tokens: int = 0
    audio_tokens: int = 0
    accepted_prediction_tokens: int = 0
    rejected_prediction_tokens: int = 0


class Usage(msgspec.Struct, gc=False):
    """Tokens of one answer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails
    completion_tokens_details: CompletionDetails


class FunctionCall(msgspec.Struct, gc=False, kw_only=True):
    """A function and (a fragment of) its arguments."""

    name: str | UnsetType = UNSET
    arguments: str


class Call(msgspec.Struct, gc=False, kw_only=True):
    """One tool call, or a fragment of it."""

    index: int | UnsetType = UNSET
    id: str | UnsetType = UNSET
    type: Literal["function"] | UnsetType = UNSET
    function: FunctionCall


class Message(msgspec.Struct, gc=False):
    """An answer, or what a chunk adds to it."""

    role: Literal["assistant"] | UnsetType = UNSET
    content: str | UnsetType | None = UNSET
    refusal: UnsetType | None = UNSET
    tool_calls: list[Call] | UnsetType = UNSET


class Choice(msgspec.Struct, gc=False, kw_only=True):
    """The only choice."""

    index: int = 0
    message: Message | UnsetType = UNSET
    delta: Message | UnsetType = UNSET
    logprobs: None = None
    finish_reason: str | None = None


class Completion(msgspec.Struct, gc=False):
    """A chat completion or a chunk of one."""

    id: str
    object: Literal["chat.completion", "chat.completion.chunk"]
    created: int
    model: str
    choices: list[Choice]
    service_tier: Literal["default"] = "default"
    system_fingerprint: str = ""
    usage: Usage | UnsetType | None = UNSET


def usage(details: Details, answer: Answer) -> Usage:
    """Report an answer's tokens."""
    prompt = details.prompt_tokens
    return Usage(
        prompt,
        answer.token_count,
        prompt + answer.token_count,
        PromptDetails(details.cached_tokens),
        CompletionDetails(answer.reasoning_tokens),
    )


class ChatWriter:
    """Writes one answer."""

    head = EVENTS

    def __init__(self, details: Details) -> None:
        self._details = details
        self._id = f"chatcmpl-{details.bare_id}"
        self._created = int(details.created)
        self._model = details.model
        self._fingerprint = fingerprint(details.seed, details.model)
        self._usage = isinstance(details.ask, ChatAsk) and details.ask.include_usage
        self._around: tuple[bytes, bytes] | None = None

    def whole(self, answer: Answer) -> bytes:
        """Write an answer that is not streamed."""
        message = Message("assistant", answer.text, None)
        if answer.tool_call is not None:
            function = FunctionCall(name=answer.tool_call.name, arguments=answer.text)
            message.content = None
            message.tool_calls = [
                Call(id=f"call_{answer.tool_call.id}", type="function", function=function)
            ]
        return encode(
            Completion(
                self._id,
                "chat.completion",
                self._created,
                self._model,
                [Choice(message=message, finish_reason=answer.finish_reason)],
                system_fingerprint=self._fingerprint,
                usage=usage(self._details, answer),
            )
        )

    def opening(self, answer: Answer) -> bytes:
        """Write the first chunk: the role, and the name of a tool that is called."""
        delta = Message("assistant", "", None)
        if answer.tool_call is not None:
            function = FunctionCall(name=answer.tool_call.name, arguments="")
            call = Call(
                index=0, id=f"call_{answer.tool_call.id}", type="function", function=function
            )
            delta.content = None
            delta.tool_calls = [call]
        return self._chunk([Choice(delta=delta)])

    def piece(self, answer: Answer, text: str) -> bytes:
        """Write one token, between what is the same for each."""
        if self._around is None:
            delta = Message(content=PLACE)
            if answer.tool_call is not None:
                call = Call(index=0, function=FunctionCall(arguments=PLACE))
                delta = Message(tool_calls=[call])
            before, _, after = self._chunk([Choice(delta=delta)]).rpartition(encode(PLACE))
            self._around = before, after
        before, after = self._around
        return before + encode(text) + after

    def ending(self, answer: Answer) -> bytes:
        """Write the finish reason and, where it was asked for, the usage."""
        end = self._chunk([Choice(delta=Message(), finish_reason=answer.finish_reason)])
        return end + self._chunk([], usage(self._details, answer)) if self._usage else end

    def done(self, _answer: Answer) -> bytes:
        """Write the mark that the stream is whole."""
        return DONE

    def broken(self, answer: Answer) -> bytes:
        """Write a chunk that is no JSON."""
        return half(self.piece(answer, ""))

    def error(self, problem: Problem) -> bytes:
        """Write an error in the middle of a stream."""
        return b"data: %b\n\n" % problem.body

    def _chunk(self, choices: list[Choice], used: Usage | None = None) -> bytes:
        return b"data: %b\n\n" % encode(
            Completion(
                self._id,
                "chat.completion.chunk",
                self._created,
                self._model,
                choices,
                system_fingerprint=self._fingerprint,
                usage=used if self._usage else UNSET,
            )
        )


def half(event: bytes) -> bytes:
    """Break an event in its middle, so that its data is no JSON."""
    return event[: len(event) // 2] + b"\n\n"


@functools.lru_cache(maxsize=1024)
def fingerprint(seed: int, model: str) -> str:
    """Return the fingerprint of a model's set-up."""
    return f"fp_{hashlib.blake2b(repr((seed, model)).encode(), digest_size=5).hexdigest()}"
