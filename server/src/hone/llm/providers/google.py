"""Google's Gemini API (API reference, version v1beta)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import msgspec

from hone.llm.errors import Malformed, ProviderError, Unsupported, retry_after
from hone.llm.formats import gemini, openai, vectors
from hone.llm.formats.base import Body, ProviderFormat, Raw, Reply, Stream
from hone.llm.formats.gemini import answers, statuses
from hone.llm.providers import listed, translating
from hone.llm.providers.base import Header, Listing
from hone.llm.providers.translating import Translating
from hone.llm.types import Call, Endpoint, Target

MOST_TEXTS: Final = 100
_BEFORE_PROOFS: Final = ("gemini-1", "gemini-2", "gemma-")
"""Models that take their calls back without a signature; all later ones want one."""

_encode = msgspec.json.Encoder().encode


class _Vector(msgspec.Struct, gc=False):
    values: Raw


class _Vectors(msgspec.Struct, gc=False, rename="camel"):
    embeddings: list[_Vector] | None = None
    usage_metadata: answers.Counts | None = None


_vectors = msgspec.json.Decoder(_Vectors).decode


@dataclass(frozen=True, slots=True)
class Google:
    """Everything is translated."""

    base_url: str = "https://generativelanguage.googleapis.com/v1beta"

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send a translation; the name of the model is part of the address."""
        path, spoken = _model(target.upstream)
        if endpoint is Endpoint.EMBEDDINGS:
            method, (sent, dropped) = "batchEmbedContents", _texts(path, body)
        else:
            method = "streamGenerateContent?alt=sse" if stream else "generateContent"
            sent, _, dropped = translating.request(endpoint, body, spoken)
        url = f"{target.base_url.rstrip('/')}/{quote(path)}:{method}"
        headers = _headers(target.credential)
        return Call(url, headers, _encode(sent), target.addresses, dropped)

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Translate an answer."""
        if endpoint is not Endpoint.EMBEDDINGS:
            return translating.reply(endpoint, asked, body, gemini.PROVIDER)
        told = openai.read(_vectors, body)
        if not told.embeddings:
            raise Malformed
        values = [each.values for each in told.embeddings]
        return vectors.write(values, asked, answers.usage(told.usage_metadata))

    def stream(self, endpoint: Endpoint, asked: Body) -> Stream:
        """Translate a stream."""
        return Translating(endpoint, asked, gemini.PROVIDER)

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal."""
        return statuses.of_body(status, body, retry_after(header), target)

    def listing(self, base_url: str, credential: str) -> Listing:
        """Say where the models are listed: in pages, of which the longest is asked for."""
        url = f"{base_url.rstrip('/')}/models?pageSize=1000"
        return Listing(url, _headers(credential), version="/v1beta")

    def models(self, body: bytes) -> list[str]:
        """Read the names of the models."""
        return [name.removeprefix("models/") for name in listed.by_name(body)]


def _headers(credential: str) -> tuple[tuple[str, str], ...]:
    return (("x-goog-api-key", credential),) if credential else ()


@lru_cache(maxsize=1024)
def _model(upstream: str) -> tuple[str, ProviderFormat]:
    """Return a model's resource name, and how it wants to be asked."""
    path = upstream if upstream.startswith(("models/", "tunedModels/")) else f"models/{upstream}"
    before = path.partition("/")[2].startswith(_BEFORE_PROOFS)
    return path, gemini.PROVIDER if before else gemini.PROVING


def _texts(path: str, body: Body) -> tuple[dict[str, object], tuple[str, ...]]:
    """Write texts to be turned into vectors."""
    asked = vectors.read(body)
    if len(asked.texts) > MOST_TEXTS:
        reason = f"'input': Gemini takes {MOST_TEXTS} texts at once."
        raise Unsupported(reason, param="input")
    length = {"outputDimensionality": asked.dimensions} if asked.dimensions else {}
    requests = [
        {"model": path, "content": {"parts": [{"text": text}]}, **length} for text in asked.texts
    ]
    return {"requests": requests}, asked.dropped
