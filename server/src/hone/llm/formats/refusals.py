"""What a provider's refusal means, by its status and its typed body, never by its message."""

import msgspec

from hone.llm.errors import (
    Broken,
    ContentRefused,
    ContextTooLong,
    Limited,
    ModelUnknown,
    ProviderError,
    QuotaSpent,
    Refused,
    Rejected,
    TimedOut,
)
from hone.llm.types import Target
from hone.llm.unicode import clean

_LONGEST_MESSAGE = 2000
_FILTERED = frozenset({"content_filter", "content_policy_violation", "moderation_blocked"})
_TOO_LONG = frozenset({"context_length_exceeded"})
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_error"})
_ABSENT = msgspec.Raw(b"")
_STATUS_OF_TYPE = {
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "billing_error": 402,
    "not_found_error": 404,
    "request_too_large": 413,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class _Error(msgspec.Struct, gc=False):
    message: str | None = None
    type: str | None = None
    code: str | int | None = None
    param: str | None = None
    metadata: dict[str, msgspec.Raw] | None = None
    """OpenRouter gives the reasons of its moderation here."""


class _Envelope(msgspec.Struct, gc=False):
    error: msgspec.Raw = _ABSENT


_envelope = msgspec.json.Decoder(_Envelope).decode
_error = msgspec.json.Decoder(_Error).decode
_text = msgspec.json.Decoder(str).decode


def of_body(
    status: int, body: bytes, retry_after: float | None = None, target: Target | None = None
) -> ProviderError:
    """Classify an answer with an error status."""
    try:
        raw = _envelope(body).error
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raw = _ABSENT
    return of_error(status, raw, retry_after, target)


def of_error(
    status: int,
    raw: msgspec.Raw,
    retry_after: float | None = None,
    target: Target | None = None,
) -> ProviderError:
    """Classify the `error` of an answer; a status of 0 is read from the error itself."""
    told = _read(raw)
    code = told.code if isinstance(told.code, str) else None
    if status == 0:
        numbered = told.code if isinstance(told.code, int) else 0
        status = numbered or _STATUS_OF_TYPE.get(code or told.type or "", 500)
    message = discreet(told.message, target)
    typed = _by_code(status, code or "", told, message)
    return typed or by_status(status, code, told.param, message, retry_after)


def _by_code(status: int, code: str, told: _Error, message: str | None) -> ProviderError | None:
    flagged = status == 403 and told.metadata is not None and "reasons" in told.metadata
    if code in _FILTERED or flagged:
        return ContentRefused(message, upstream_status=400)
    if code in _TOO_LONG:
        return ContextTooLong(message, upstream_status=400, param=told.param)
    if code in _SPENT or told.type in _SPENT:
        return QuotaSpent(upstream_status=status)
    return None


def by_status(
    status: int, code: str | None, param: str | None, message: str | None, retry_after: float | None
) -> ProviderError:
    """Classify an error of which only the status tells something."""
    if status in {401, 402, 403}:
        return Refused(upstream_status=status)
    if status == 404:
        return ModelUnknown(upstream_status=status)
    if status == 429:
        return Limited(message, upstream_status=status, retry_after=retry_after)
    if status in {408, 504}:
        return TimedOut(upstream_status=status, retry_after=retry_after)
    if status in {409, 425} or not 400 <= status < 500:
        return Broken(message, upstream_status=status, retry_after=retry_after)
    return Rejected(message, upstream_status=status, code=code and clean(code, 64), param=param)


def _read(raw: msgspec.Raw) -> _Error:
    for decode in (_error, _plain):
        try:
            return decode(bytes(raw))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
    return _Error()


def _plain(raw: bytes) -> _Error:
    """Read an error that is only a text, as Ollama writes it."""
    return _Error(_text(raw))


def discreet(message: str | None, target: Target | None) -> str | None:
    """Take credential and address out of what the provider says."""
    if not message or target is None:
        return message and clean(message, _LONGEST_MESSAGE)
    secrets = [target.credential, target.base_url, target.base_url.partition("://")[2]]
    for secret in secrets:
        if len(secret) >= 4:
            message = message.replace(secret, "[redacted]")
    return clean(message, _LONGEST_MESSAGE)
