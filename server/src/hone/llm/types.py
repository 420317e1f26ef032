"""The shapes that the gateway and every provider share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec


class Endpoint(StrEnum):
    """What a client asks a model to do; the value is the path below a provider's base URL."""

    CHAT = "chat/completions"
    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    MESSAGES = "messages"
    RESPONSES = "responses"
    CLASSIFY = "classify"
    ENTITIES = "entities"

    # An enumeration's own goes through Python, and every call looks a few things up by its endpoint.
    __hash__ = str.__hash__


WORDLESS: Final = frozenset({Endpoint.EMBEDDINGS, Endpoint.CLASSIFY, Endpoint.ENTITIES})
"""Where nothing is written: no tokens come out, and there is nothing to stream."""


class Usage(msgspec.Struct, frozen=True, gc=False):
    """Tokens of one attempt.

    `cached_tokens` are the part of `input_tokens` that the provider read from its prompt cache,
    `written_tokens` the part that it put there, of which `written_hour_tokens` are to stay for an
    hour; `reasoning_tokens` are the part of `output_tokens` that it spent thinking.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    written_tokens: int = 0
    estimated: bool = False
    """True when the provider did not report usage and we counted ourselves."""
    written_hour_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Add what two attempts took."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.written_tokens + other.written_tokens,
            self.estimated or other.estimated,
            self.written_hour_tokens + other.written_hour_tokens,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """One version of a model's price, in pico-dollars (1e-12 USD) per token.

    1 USD per million tokens is 1,000,000 pico-dollars per token, so that every published price
    is a whole number and sums are exact.
    """

    id: UUID
    input: int
    output: int
    cached_input: int | None = None
    """Price of a cached input token; None charges it like any other."""
    cache_write: int | None = None
    """Price of an input token that is put into the cache; None charges it like any other."""
    batch_percent: int | None = None
    """How much of this a call of a batch pays; None: all of it."""
    cache_write_hour: int | None = None
    """Price of one that is to stay there for an hour; None charges it as any that is put there."""
    id_bytes: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the id once for all calls."""
        object.__setattr__(self, "id_bytes", self.id.bytes)

    @property
    def dearest_input(self) -> int:
        """Return the most that an input token can cost."""
        cache = (self.cached_input or 0, self.cache_write or 0, self.cache_write_hour or 0)
        return max(self.input, *cache)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each part of an attempt may take, in seconds."""

    connect: float = 5.0
    first_token: float = 60.0
    """Until a stream's first token; an answer that is not streamed has only `total`."""
    stall: float = 30.0
    """Between two chunks of a stream."""
    total: float = 600.0


class Modality(StrEnum):
    """What a model can be given."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    FILE = "file"


class Capability(StrEnum):
    """What a model can do."""

    CHAT = "chat"
    COMPLETIONS = "completions"
    """It goes on with a text."""
    EMBEDDINGS = "embeddings"
    TOOLS = "tools"
    JSON_SCHEMA = "json_schema"
    """It answers in the form of a JSON schema."""
    REASONING = "reasoning"
    PREFILL = "prefill"
    """It goes on from the beginning of an answer that it is given."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a model beyond how to call it; None is unknown."""

    context_tokens: int | None = None
    output_tokens: int | None = None
    lacks: frozenset[str] = frozenset()
    """Modalities and capabilities that it is known not to have."""
    region: str | None = None
    """Where it computes."""
    quality: float | None = None
    """How good the operator takes its answers to be, 0 to 1."""
    prefill: bool = False
    """It is known to go on from the beginning of an answer that it is given."""


_UNKNOWN = Profile()


@dataclass(frozen=True, slots=True)
class Target:
    """One model at one provider, with the credential to call it."""

    model_id: UUID
    model: str
    """The name that the organization gave to this model."""
    provider: str
    """The name that the organization gave to this provider."""
    kind: str
    """Which protocol and vendor: a key of `PROVIDERS`."""
    upstream: str
    """The model's name at the provider."""
    base_url: str
    credential: str = field(repr=False)
    """The API key; empty when the provider needs none."""
    price: Price | None = None
    addresses: tuple[str, ...] = ()
    """Networks outside the public internet that this provider may resolve to (CIDR)."""
    profile: Profile = _UNKNOWN
    model_bytes: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the id once for all calls."""
        object.__setattr__(self, "model_bytes", self.model_id.bytes)


@dataclass(frozen=True, slots=True)
class Call:
    """The HTTP request that a provider wants to get: a POST of JSON, if nothing else is said."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    addresses: tuple[str, ...] = ()
    """Networks outside the public internet that the host may resolve to (CIDR)."""
    dropped: tuple[str, ...] = ()
    """Parameters of the client's request that the provider does not have."""
    method: str = "POST"
    content_type: str = "application/json"
    signed: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers that are others for every call, such as a signature; plain ASCII."""
    seconds: float | None = None
    """The most that an answer may take, where that is less than the route allows."""
    lost: Callable[[], Exception] | None = None
    """Whoever answers changes nothing and is of this installation: where it ends before it answers, the call
    is made once more, and this is raised where that fails too."""
