"""Anthropic (API reference, "Messages", version 2023-06-01)."""

from dataclasses import dataclass
from typing import Final

import msgspec

from hone.llm.errors import ProviderError, retry_after
from hone.llm.formats import messages, refusals
from hone.llm.formats.base import Body, Reply, Stream
from hone.llm.formats.messages import answers, streams
from hone.llm.providers import listed, translating
from hone.llm.providers.base import Header, Listing
from hone.llm.providers.translating import Translating
from hone.llm.types import Call, Endpoint, Target

VERSION: Final = "2023-06-01"
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Anthropic:
    """Messages are passed on as they came, chats are translated; there are no embeddings."""

    base_url: str = "https://api.anthropic.com/v1"

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send the client's own body under the vendor's name for the model, or a translation."""
        dropped: tuple[str, ...] = ()
        if endpoint is Endpoint.MESSAGES:
            sent: dict[str, object] = {**body, "model": target.upstream}
        else:
            written, _, dropped = translating.request(endpoint, body, messages.PROVIDER)
            sent = {"model": target.upstream, **written} | ({"stream": True} if stream else {})
        url = f"{target.base_url.rstrip('/')}/messages"
        headers = self.headers(target.credential)
        return Call(url, headers, _encode(sent), target.addresses, dropped)

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Read an answer."""
        if endpoint is Endpoint.MESSAGES:
            return answers.reply(body)
        return translating.reply(endpoint, asked, body, messages.PROVIDER)

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Pass a stream on, or translate it."""
        if endpoint is Endpoint.MESSAGES:
            return streams.MessagesPassing()
        return Translating(endpoint, asked, messages.PROVIDER)

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        return refusals.of_body(status, body, retry_after(header), target)

    def headers(self, credential: str) -> tuple[tuple[str, str], ...]:
        """Write who calls, and by which version of the API."""
        version = ("anthropic-version", VERSION)
        return (version, ("x-api-key", credential)) if credential else (version,)

    def listing(self, base_url: str, credential: str) -> Listing:
        """Say where the models are listed: in pages, of which the longest is asked for."""
        return Listing(f"{base_url.rstrip('/')}/models?limit=1000", self.headers(credential))

    def models(self, body: bytes) -> list[str]:
        """Read the names of the models."""
        return listed.by_id(body)
