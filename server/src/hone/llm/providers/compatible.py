"""Vendors that speak OpenAI's protocol. Adding one is adding a row."""

from dataclasses import dataclass, field

import msgspec

from hone.llm.errors import Malformed, ProviderError, retry_after
from hone.llm.providers import refusals, shapes
from hone.llm.providers.base import Body, Header, Piece, Reply
from hone.llm.types import Call, Endpoint, Target

Raw = msgspec.Raw
_INCLUDE_USAGE = Raw(b'{"include_usage":true}')
_DONE = Piece(done=True)
_encode = msgspec.json.Encoder().encode
_options = msgspec.json.Decoder(dict[str, Raw]).decode


@dataclass(frozen=True, slots=True)
class Compatible:
    """OpenAI's protocol at another address, less what the vendor does not take."""

    base_url: str = ""
    """Where the vendor is; empty where only the operator knows."""
    drops: frozenset[str] = field(default_factory=frozenset[str])
    asks_usage: bool = True
    """The vendor takes `stream_options.include_usage`; the others tell usage unasked."""

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send the client's own body under the vendor's name for the model."""
        sent = {**body, "model": Raw(_encode(target.upstream))}
        if not self.asks_usage:
            sent.pop("stream_options", None)
        elif stream:
            options = body.get("stream_options", _INCLUDE_USAGE)
            sent["stream_options"] = _forced(options) if shapes.given(options) else _INCLUDE_USAGE
        for name in self.drops & sent.keys():
            del sent[name]
        headers = (("authorization", f"Bearer {target.credential}"),) if target.credential else ()
        url = f"{target.base_url.rstrip('/')}/{endpoint.value}"
        return Call(url, headers, _encode(sent), target.addresses)

    def reply(self, endpoint: Endpoint, body: bytes) -> Reply:
        """Read usage and finish reason; the body itself goes to the client as it is."""
        if endpoint is Endpoint.EMBEDDINGS:
            vectors = shapes.read(shapes.vectors, body)
            _accept(vectors.error, there=shapes.given(vectors.data))
            return Reply(shapes.usage(vectors.usage), None, 0)
        answer = shapes.read(shapes.answer, body)
        _accept(answer.error, there=bool(answer.choices))
        choices = answer.choices or ()
        finish = next((each.finish_reason for each in choices if each.finish_reason), None)
        size = sum(shapes.size(each.message) for each in choices)
        return Reply(shapes.usage(answer.usage), finish, size)

    def piece(self, data: bytes) -> Piece:
        """Read what one event of a stream adds."""
        if data == b"[DONE]":
            return _DONE
        answer = shapes.read(shapes.answer, data)
        if shapes.given(answer.error):
            return Piece(error=refusals.of_error(0, answer.error))
        usage = shapes.usage(answer.usage)
        if usage is None and answer.x_groq is not None:
            usage = shapes.usage(answer.x_groq.usage)
        choices = answer.choices or ()
        size, finished = 0, ()
        for choice in choices:
            size += shapes.size(choice.delta)
            if choice.finish_reason:
                finished += (choice.finish_reason,)
        return Piece(size, finished, usage, usage is not None and not choices)

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        return refusals.of_body(status, body, retry_after(header), target)


def _forced(options: Raw) -> Raw:
    return Raw(_encode({**_options(options), "include_usage": Raw(b"true")}))


def _accept(error: Raw, *, there: bool) -> None:
    """Let an answer pass that is one; some vendors send their errors with status 200."""
    if shapes.given(error):
        raise refusals.of_error(0, error)
    if not there:
        raise Malformed


VENDORS = {
    "compatible": Compatible(),
    "openai": Compatible("https://api.openai.com/v1"),
    "deepseek": Compatible("https://api.deepseek.com/v1"),
    "fireworks": Compatible("https://api.fireworks.ai/inference/v1"),
    "groq": Compatible("https://api.groq.com/openai/v1"),
    "mistral": Compatible("https://api.mistral.ai/v1", asks_usage=False),
    "ollama": Compatible("http://127.0.0.1:11434/v1"),
    "openrouter": Compatible("https://openrouter.ai/api/v1"),
    "together": Compatible("https://api.together.xyz/v1"),
    "vllm": Compatible("http://127.0.0.1:8000/v1"),
    "xai": Compatible("https://api.x.ai/v1"),
}
