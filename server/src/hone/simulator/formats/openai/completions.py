"""OpenAI's older completions: a text in, its continuation out.

https://platform.openai.com/docs/api-reference/completions
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from hone.simulator.answers import Answer
from hone.simulator.asks import Ask, Message
from hone.simulator.errors import Refused
from hone.simulator.formats.base import EVENTS, Details, Inbound, Problem, encode
from hone.simulator.formats.openai.chat import DONE, Usage, fingerprint, half, usage
from hone.simulator.formats.openai.chat_requests import ChatAsk, StreamOptions
from hone.simulator.formats.openai.dialect import complain, no_model
from hone.simulator.formats.reading import decode

USUAL_LIMIT = 16


class CompletionRequest(msgspec.Struct):
    """A text to be continued; fields that are not here are ignored."""

    model: str
    prompt: str | list[str | int | list[int]] | None = None
    max_tokens: Annotated[int, msgspec.Meta(ge=0)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    best_of: int | None = None
    seed: int | None = None
    stop: str | list[str] | None = None


class Choice(msgspec.Struct, gc=False):
    """The only choice."""

    text: str
    index: int = 0
    logprobs: None = None
    finish_reason: str | None = None


class Completion(msgspec.Struct, gc=False):
    """A completion or a chunk of one."""

    id: str
    created: int
    model: str
    choices: list[Choice]
    object: Literal["text_completion"] = "text_completion"
    system_fingerprint: str = ""
    usage: Usage | UnsetType | None = UNSET


def read(inbound: Inbound) -> Ask:
    """Read a completion's request."""
    request = decode(inbound.body, _REQUEST, complain)
    if not request.model:
        raise no_model()
    for name, value in (("n", request.n), ("best_of", request.best_of)):
        if value not in {None, 1}:
            raise Refused(
                f"Unsupported value: '{name}' does not support {value} with this model.",
                code="unsupported_value",
                param=name,
            )
    options = request.stream_options
    return ChatAsk(
        request.model,
        [Message("user", _text(request.prompt))],
        stream=bool(request.stream),
        limit=USUAL_LIMIT if request.max_tokens is None else request.max_tokens,
        seed=request.seed,
        stops=[request.stop] if isinstance(request.stop, str) else request.stop or (),
        include_usage=options is not None and bool(options.include_usage),
    )


class CompletionWriter:
    """Writes one continuation."""

    head = EVENTS

    def __init__(self, details: Details) -> None:
        self._details = details
        self._usage = isinstance(details.ask, ChatAsk) and details.ask.include_usage

    def whole(self, answer: Answer) -> bytes:
        """Write an answer that is not streamed."""
        choice = Choice(answer.text, finish_reason=answer.finish_reason)
        return encode(self._completion([choice], usage(self._details, answer)))

    def opening(self, _answer: Answer) -> bytes:
        """Write nothing: a continuation has no beginning of its own."""
        return b""

    def piece(self, _answer: Answer, text: str) -> bytes:
        """Write one token."""
        return self._chunk([Choice(text)])

    def ending(self, answer: Answer) -> bytes:
        """Write the finish reason and, where it was asked for, the usage."""
        end = self._chunk([Choice("", finish_reason=answer.finish_reason)])
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
        return b"data: %b\n\n" % encode(self._completion(choices, used if self._usage else UNSET))

    def _completion(self, choices: list[Choice], used: Usage | UnsetType | None) -> Completion:
        details = self._details
        return Completion(
            f"cmpl-{details.bare_id}",
            int(details.created),
            details.model,
            choices,
            system_fingerprint=fingerprint(details.seed, details.model),
            usage=used,
        )


def _text(prompt: str | list[str | int | list[int]] | None) -> str:
    """Return the one text; token numbers stand for themselves."""
    if prompt is None or isinstance(prompt, str):
        return prompt or ""
    if all(isinstance(item, int) for item in prompt):
        return " ".join(map(str, prompt))
    if len(prompt) != 1:
        raise Refused(
            "Unsupported value: 'prompt' takes one text with this model.",
            code="unsupported_value",
            param="prompt",
        )
    only = prompt[0]
    return only if isinstance(only, str) else _text(list(only)) if isinstance(only, list) else ""


_REQUEST = msgspec.json.Decoder(CompletionRequest)
