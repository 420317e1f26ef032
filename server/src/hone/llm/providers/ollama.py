"""Ollama (API documentation): a server that people run themselves."""

from dataclasses import dataclass

import msgspec

from hone.llm.errors import Malformed, ProviderError, retry_after
from hone.llm.formats import ollama, openai, refusals, vectors
from hone.llm.formats.base import Body, Raw, Reply, Stream
from hone.llm.formats.ollama import answers
from hone.llm.providers import listed, translating
from hone.llm.providers.base import Header, Listing
from hone.llm.providers.translating import Translating
from hone.llm.types import Call, Endpoint, Target

_encode = msgspec.json.Encoder().encode


class _Vectors(answers.Counts, gc=False):
    embeddings: list[Raw] | None = None


_vectors = msgspec.json.Decoder(_Vectors).decode


@dataclass(frozen=True, slots=True)
class Ollama:
    """Everything is translated."""

    base_url: str = "http://127.0.0.1:11434"

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send a translation."""
        if endpoint is Endpoint.EMBEDDINGS:
            asked = vectors.read(body)
            path, dropped = "embed", asked.dropped
            written: dict[str, object] = {"input": asked.texts}
            if asked.dimensions:
                written["dimensions"] = asked.dimensions
        else:
            path = "chat"
            written, _, dropped = translating.request(endpoint, body, ollama.PROVIDER)
            written["stream"] = stream
        url = f"{_root(target.base_url)}/api/{path}"
        sent = _encode({"model": target.upstream, **written})
        return Call(url, _headers(target.credential), sent, target.addresses, dropped)

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Translate an answer."""
        if endpoint is not Endpoint.EMBEDDINGS:
            return translating.reply(endpoint, asked, body, ollama.PROVIDER)
        told = openai.read(_vectors, body)
        if not told.embeddings:
            raise Malformed
        return vectors.write(told.embeddings, asked, answers.usage(told))

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Translate a stream."""
        return Translating(endpoint, asked, ollama.PROVIDER)

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        return refusals.of_body(status, body, retry_after(header), target)

    def listing(self, base_url: str, credential: str) -> Listing:
        """Say where the models are listed."""
        url = f"{_root(base_url)}/api/tags"
        return Listing(url, _headers(credential), "/api/tags", "")

    def models(self, body: bytes) -> list[str]:
        """Read the names of the models."""
        return listed.by_name(body)


def _root(base_url: str) -> str:
    """Return the server's address; one that leads to its API in OpenAI's format is taken too."""
    return base_url.rstrip("/").removesuffix("/v1")


def _headers(credential: str) -> tuple[tuple[str, str], ...]:
    """Return the token that Ollama's cloud wants, or a proxy before a server."""
    return (("authorization", f"Bearer {credential}"),) if credential else ()
