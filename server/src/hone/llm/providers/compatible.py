"""Vendors that speak OpenAI's protocol. Adding one is adding a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from hone.llm.errors import ProviderError, retry_after
from hone.llm.formats import chat, openai, passing, refusals
from hone.llm.formats.base import Body, ProviderFormat, Reply, Stream
from hone.llm.formats.responses import answers as responses_answers
from hone.llm.formats.responses import passing as responses_passing
from hone.llm.providers import listed, translating
from hone.llm.providers.base import Header, Listing
from hone.llm.providers.translating import Translating
from hone.llm.types import Call, Endpoint, Target

Raw = msgspec.Raw
_INCLUDE_USAGE = Raw(b'{"include_usage":true}')
_encode = msgspec.json.Encoder().encode
_options = msgspec.json.Decoder(dict[str, Raw]).decode

_STREAMED: Final = frozenset({Endpoint.CHAT, Endpoint.COMPLETIONS})
_CHAT: Final = frozenset({Endpoint.CHAT})
_USUAL: Final = frozenset({Endpoint.CHAT, Endpoint.EMBEDDINGS})
_MORE: Final = _USUAL | {Endpoint.COMPLETIONS}
_ALL: Final = _MORE | {Endpoint.RESPONSES}
_REPLIES: Final[Mapping[Endpoint, Callable[[bytes], Reply]]] = {
    Endpoint.CHAT: passing.chat_reply,
    Endpoint.COMPLETIONS: passing.chat_reply,
    Endpoint.EMBEDDINGS: passing.vectors_reply,
    Endpoint.RESPONSES: responses_answers.reply,
}


@dataclass(frozen=True, slots=True)
class Compatible:
    """OpenAI's protocol at another address, less what the vendor does not take."""

    base_url: str = ""
    """Where the vendor is; empty where only the operator knows."""
    serves: frozenset[Endpoint] = _USUAL
    """What is passed on as it came; the rest is translated into a chat."""
    drops: frozenset[str] = field(default_factory=frozenset[str])
    asks_usage: bool = True
    """The vendor takes `stream_options.include_usage`; the others tell usage unasked."""
    header: str = "authorization"
    """Where the credential goes; `authorization` has it as a bearer token."""
    spoken: ProviderFormat = chat.COMMON

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send the client's own body under the vendor's name for the model, or a translation."""
        dropped: tuple[str, ...] = ()
        if endpoint in self.serves:
            sent: dict[str, object] = {**body, "model": target.upstream}
        else:
            written, _, dropped = translating.request(endpoint, body, self.spoken)
            sent = {"model": target.upstream, **written} | ({"stream": True} if stream else {})
            endpoint = Endpoint.CHAT
        if not self.asks_usage:
            sent.pop("stream_options", None)
        elif stream and endpoint in _STREAMED:
            options = body.get("stream_options", _INCLUDE_USAGE)
            sent["stream_options"] = _forced(options) if openai.given(options) else _INCLUDE_USAGE
        for name in self.drops & sent.keys():
            del sent[name]
        url = f"{target.base_url.rstrip('/')}/{endpoint}"
        headers = self.headers(target.credential)
        return Call(url, headers, _encode(sent), target.addresses, dropped)

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Read usage and finish reason; the body itself goes to the client as it is."""
        if endpoint not in self.serves:
            return translating.reply(endpoint, asked, body, self.spoken)
        return _REPLIES[endpoint](body)

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Pass a stream on, or translate it."""
        if endpoint not in self.serves:
            return Translating(endpoint, asked, self.spoken)
        return (
            responses_passing.stream()
            if endpoint is Endpoint.RESPONSES
            else (passing.chat_stream())
        )

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        return refusals.of_body(status, body, retry_after(header), target)

    def listing(self, base_url: str, credential: str) -> Listing:
        """Say where the models are listed."""
        return Listing(f"{base_url.rstrip('/')}/models", self.headers(credential))

    def models(self, body: bytes) -> list[str]:
        """Read the names of the models."""
        return listed.by_id(body)

    def headers(self, credential: str) -> tuple[tuple[str, str], ...]:
        """Write who calls."""
        if not credential:
            return ()
        bearer = self.header == "authorization"
        return ((self.header, f"Bearer {credential}" if bearer else credential),)


def _forced(options: Raw) -> Raw:
    return Raw(_encode({**_options(options), "include_usage": Raw(b"true")}))


VENDORS: Final[Mapping[str, Compatible]] = {
    "compatible": Compatible(serves=_MORE),
    "openai": Compatible("https://api.openai.com/v1", _ALL, spoken=chat.OPENAI),
    # Microsoft Learn, "Azure OpenAI in Microsoft Foundry Models v1 API": no api-version there.
    "azure": Compatible("", _ALL, header="api-key", spoken=chat.OPENAI),
    "cohere": Compatible("https://api.cohere.ai/compatibility/v1"),
    "deepseek": Compatible("https://api.deepseek.com/v1", _CHAT),
    "fireworks": Compatible("https://api.fireworks.ai/inference/v1", _ALL),
    "groq": Compatible("https://api.groq.com/openai/v1", _CHAT | {Endpoint.RESPONSES}),
    "huggingface": Compatible("https://router.huggingface.co/v1", _CHAT | {Endpoint.RESPONSES}),
    "lmstudio": Compatible("http://127.0.0.1:1234/v1", _ALL),
    "meta-llama": Compatible("https://api.llama.com/compat/v1", _CHAT),
    "minimax": Compatible("https://api.minimax.io/v1", _CHAT),
    "mistral": Compatible("https://api.mistral.ai/v1", asks_usage=False),
    "moonshot": Compatible("https://api.moonshot.ai/v1", _CHAT),
    "openrouter": Compatible("https://openrouter.ai/api/v1", _ALL),
    "perplexity": Compatible("https://api.perplexity.ai", _CHAT),
    "qwen": Compatible("https://dashscope-intl.aliyuncs.com/compatible-mode/v1"),
    "sglang": Compatible("http://127.0.0.1:30000/v1", _MORE),
    "together": Compatible("https://api.together.xyz/v1", _MORE),
    "vllm": Compatible("http://127.0.0.1:8000/v1", _ALL),
    "xai": Compatible("https://api.x.ai/v1", _CHAT | {Endpoint.RESPONSES}),
    "zhipu": Compatible("https://open.bigmodel.cn/api/paas/v4"),
}
