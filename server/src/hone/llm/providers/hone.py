"""What was trained here, at the predictor: OpenAI's protocol for chats, and labels and entities."""

from dataclasses import dataclass, field, replace
from typing import Final

from hone.llm.errors import Broken, ModelUnknown, ProviderError
from hone.llm.formats import labels
from hone.llm.formats.base import Body, Reply
from hone.llm.providers.base import Header
from hone.llm.providers.compatible import Compatible
from hone.llm.types import Call, Endpoint, Target

_LABELLED: Final = frozenset({Endpoint.CLASSIFY, Endpoint.ENTITIES})
_SECONDS: Final = 10.0
"""What a label may take: a predictor that is started again answers within seconds."""
_AGAIN: Final = 1.0
"""Seconds until a call may be worth making again."""


class PredictorMissing(ProviderError):
    """No predictor runs here: install the trainer with `scripts/setup trainer`, then start Hone again."""

    code = "predictor_missing"
    status = 503
    counts = False


class NoLiveVersion(ProviderError):
    """No version of this model is live."""

    code = "no_live_version"
    status = 404
    counts = False


class PredictorBusy(Broken):
    """The predictor cannot answer at present; try again in a moment."""

    code = "predictor_busy"
    status = 503


class PredictorAway(Broken):
    """The predictor ended twice while it was asked, and is being started again; try again in a moment."""

    code = "predictor_away"
    status = 503


def _away() -> PredictorAway:
    return PredictorAway(retry_after=_AGAIN)


@dataclass(frozen=True, slots=True)
class Hone(Compatible):
    """Where it is, and the token of the organization, are filled in when routes are compiled."""

    base_url: str = "http://predictor.invalid/v1"
    serves: frozenset[Endpoint] = field(default=_LABELLED | {Endpoint.CHAT})

    def call(self, endpoint: Endpoint, body: Body, target: Target, *, stream: bool) -> Call:
        """Send what came, to the predictor of this installation."""
        if not target.base_url:
            raise PredictorMissing
        made = Compatible.call(self, endpoint, body, target, stream=stream)
        return replace(made, seconds=_SECONDS if endpoint in _LABELLED else None, lost=_away)

    def reply(self, endpoint: Endpoint, asked: Body, body: bytes) -> Reply:
        """Read an answer."""
        if endpoint in _LABELLED:
            return labels.reply(endpoint, body)
        return Compatible.reply(self, endpoint, asked, body)

    def error(self, status: int, header: Header, body: bytes, target: Target) -> ProviderError:
        """Read a refusal; why a model cannot be asked is told in the predictor's words."""
        read = Compatible.error(self, status, header, body, target)
        if isinstance(read, ModelUnknown):
            return NoLiveVersion(
                f"No version of {target.model} is live: promote one, or call another model.",
                upstream_status=status,
                param="model",
            )
        if status == 503:
            wait = read.retry_after or _AGAIN
            return PredictorBusy(read.message, upstream_status=status, retry_after=wait)
        return read
