"""Calls as they were: plain values that a replay reads, and what each would ask of a target."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from hone.gateway import Ask
from hone.llm import errors
from hone.llm.errors import Broken, ProviderError, Rejected
from hone.llm.types import Endpoint, Target, Usage

ANY: Final = "*"
"""A model of this upstream name answers under whatever name the client sent."""
_MODEL: Final = "replayed"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at one model."""

    model_id: UUID
    model: str
    upstream: str
    seconds: float
    first: float | None = None
    """To the first token, where the answer was streamed."""
    error: str | None = None
    status: int = 200
    usage: Usage = field(default_factory=Usage)
    cost: int = 0
    price_id: UUID | None = None

    def of(self, target: Target) -> bool:
        """Tell whether it was an attempt at a target as that is now."""
        return self.model_id == target.model_id and target.upstream in {self.upstream, ANY}


@dataclass(frozen=True, slots=True)
class Past:
    """One call, and what became of it."""

    at: float
    """When it came, in Unix seconds."""
    tries: tuple[Try, ...]
    endpoint: Endpoint = Endpoint.CHAT
    stream: bool = False
    conversation: str | None = None
    overhead: float = 0.0
    """Seconds that were not spent at a provider."""
    ask: Ask = field(init=False, repr=False, compare=False)
    """What was asked, as far as that is recorded."""

    def __post_init__(self) -> None:
        """Say again what was asked: kind, size, conversation; not what was said."""
        size = 4 * max(each.usage.input_tokens for each in self.tries)
        ask = Ask(self.endpoint, _MODEL, b"", {}, size, self.stream, conversation=self.conversation)
        object.__setattr__(self, "ask", ask)

    @property
    def answered(self) -> Try | None:
        """Return the attempt that was the answer."""
        last = self.tries[-1]
        return last if last.error is None else None

    @property
    def fault(self) -> Try | None:
        """Return the attempt that found the request itself wrong: another model would too."""
        last = self.tries[-1]
        return last if last.error and not recalled(last.error, last.status).reroute else None

    def tried(self, target: Target) -> Try | None:
        """Return its attempt at a target."""
        return next((each for each in self.tries if each.of(target)), None)


def recalled(code: str, status: int) -> ProviderError:
    """Make again the error that an attempt was recorded with."""
    found = _ERRORS.get(code)
    if found is not None:
        return found(upstream_status=status)
    # Only a refusal of the request keeps the provider's own word.
    kind = Rejected if 400 <= status < 500 else Broken
    return kind(upstream_status=status)


def _below(parent: type[ProviderError]) -> dict[str, type[ProviderError]]:
    found = {parent.code: parent}
    for each in parent.__subclasses__():
        found |= _below(each)
    return found


_ERRORS: Final = _below(ProviderError) | {errors.Broken.code: errors.Broken}


def usual_usage(calls: Sequence[Past]) -> Usage:
    """Return the tokens of a usual answer, for calls that never had one."""
    seen = [each.answered.usage for each in calls if each.answered is not None]
    if not seen:
        return Usage()
    prompts = sorted(each.input_tokens for each in seen)
    answers = sorted(each.output_tokens for each in seen)
    middle = len(seen) // 2
    return Usage(prompts[middle], answers[middle], estimated=True)
