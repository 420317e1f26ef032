"""What Bedrock's exceptions mean, before an answer and within a stream, by their names."""

from typing import Final

import msgspec

from hone.llm.errors import ProviderError, QuotaSpent
from hone.llm.formats import refusals
from hone.llm.types import Target

Raw = msgspec.Raw
_encode = msgspec.json.Encoder().encode

_UNSIGNED: Final = (
    "AccessDenied",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "SignatureDoesNotMatch",
    "UnrecognizedClient",
)
_MEANINGS: Final = {
    **dict.fromkeys(_UNSIGNED, 403),
    "InternalFailure": 500,
    "InternalServer": 500,
    "ModelError": 500,
    "ModelNotReady": 429,
    "ModelStreamError": 500,
    "ModelTimeout": 408,
    "ResourceNotFound": 404,
    "ServiceUnavailable": 503,
    "Throttling": 429,
    "TooManyRequests": 429,
    "Validation": 400,
}
"""The status that says the same; Bedrock's own is not always that (a failed model's is 424)."""


class _Told(msgspec.Struct, gc=False):
    message: str | None = None
    Message: str | None = None
    type: str | None = msgspec.field(default=None, name="__type")


_decode = msgspec.json.Decoder(_Told).decode


def of_exception(
    name: str,
    body: bytes,
    status: int = 0,
    retry_after: float | None = None,
    target: Target | None = None,
) -> ProviderError:
    """Classify an exception; within a stream it has no status of its own."""
    told = _read(body)
    kind = short(name or told.type or "")
    if kind == "ServiceQuotaExceeded":
        return QuotaSpent(upstream_status=status)
    meaning = _MEANINGS.get(kind, status or 500)
    error = Raw(_encode({"message": told.message or told.Message}))
    found = refusals.of_error(meaning, error, retry_after, target)
    found.upstream_status = status or meaning
    return found


def short(name: str) -> str:
    """Leave out what may stand around a name: a namespace before it, an address behind it."""
    plain = name.partition(":")[0].rpartition("#")[2].removesuffix("Exception")
    return plain[:1].upper() + plain[1:]


def _read(body: bytes) -> _Told:
    try:
        return _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Told()
