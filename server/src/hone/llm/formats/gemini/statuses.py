"""What Google's refusal means: a `google.rpc.Status` (Cloud API Design Guide, "Errors")."""

from typing import Final

import msgspec

from hone.llm.errors import (
    LONGEST_WAIT,
    Broken,
    Limited,
    ModelUnknown,
    ProviderError,
    Refused,
    Rejected,
    TimedOut,
)
from hone.llm.formats import refusals
from hone.llm.types import Target

_ABSENT: Final = msgspec.Raw(b"")
_REFUSED: Final = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED", "FAILED_PRECONDITION"})
"""The last one is told of a project without billing, or in a country that is not served."""
_REJECTED: Final = frozenset({"INVALID_ARGUMENT", "OUT_OF_RANGE"})
_BROKEN: Final = frozenset({"ABORTED", "CANCELLED", "DATA_LOSS", "INTERNAL", "UNAVAILABLE"})
_WRONG_KEY: Final = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED"})


class _Detail(msgspec.Struct, gc=False, rename="camel"):
    """`ErrorInfo` and `RetryInfo`, as far as they are read."""

    reason: str | None = None
    retry_delay: str | None = None


class _Status(msgspec.Struct, gc=False):
    code: int = 0
    message: str | None = None
    status: str = ""
    details: list[_Detail] | None = None


class _Envelope(msgspec.Struct, gc=False):
    error: msgspec.Raw = _ABSENT


_envelopes = msgspec.json.Decoder(list[_Envelope]).decode
_status = msgspec.json.Decoder(_Status).decode


def of_body(
    status: int, body: bytes, retry_after: float | None = None, target: Target | None = None
) -> ProviderError:
    """Classify an answer with an error status; some come in a list of one."""
    try:
        told = _envelopes(body if body.lstrip().startswith(b"[") else b"[%b]" % body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        told = []
    raw = told[0].error if told else _ABSENT
    return of_error(status, raw, retry_after, target)


def of_error(
    status: int,
    raw: msgspec.Raw,
    retry_after: float | None = None,
    target: Target | None = None,
) -> ProviderError:
    """Classify the `error` of an answer; a status of 0 is read from the error itself."""
    try:
        told = _status(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        told = _Status()
    status = status or told.code
    wait = _wait(told)
    wait = retry_after if wait is None else wait
    message = refusals.discreet(told.message, target)
    if any(detail.reason in _WRONG_KEY for detail in told.details or ()):
        return Refused(upstream_status=status)
    return _by_name(told.status, status, message, wait) or refusals.by_status(
        status, None, None, message, wait
    )


def _by_name(
    name: str, status: int, message: str | None, wait: float | None
) -> ProviderError | None:
    if name == "RESOURCE_EXHAUSTED":
        return Limited(message, upstream_status=status, retry_after=wait)
    if name in _REFUSED:
        return Refused(upstream_status=status)
    if name == "NOT_FOUND":
        return ModelUnknown(upstream_status=status)
    if name == "DEADLINE_EXCEEDED":
        return TimedOut(upstream_status=status, retry_after=wait)
    if name in _REJECTED:
        return Rejected(message, upstream_status=status)
    if name in _BROKEN:
        return Broken(message, upstream_status=status, retry_after=wait)
    return None


def _wait(told: _Status) -> float | None:
    """Read a protobuf duration, such as `17.5s`."""
    for detail in told.details or ():
        try:
            seconds = float((detail.retry_delay or "").removesuffix("s"))
        except ValueError:
            continue
        if seconds >= 0:
            return min(seconds, LONGEST_WAIT)
    return None
