"""What the simulated provider refuses; a format says it in its vendor's words."""

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

Headers = Sequence[tuple[bytes, bytes]]


class Reason(StrEnum):
    """Why, where every vendor has its own words for it."""

    SCRIPTED = "scripted"
    RATE = "rate"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    FILTERED = "filtered"
    PREFILL = "prefill"
    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    ADDRESS = "address"
    METHOD = "method"
    NOT_JSON = "not_json"


class Refused(Exception):
    """The provider answers this request with an error."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        reason: Reason | None = None,
        kind: str | None = None,
        code: str | None = None,
        param: str | None = None,
        retry_after: float | None = None,
        facts: Mapping[str, object] | None = None,
        headers: Headers = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.kind = kind
        self.code = code
        self.param = param
        self.retry_after = retry_after
        self.facts = facts or {}
        self.headers = headers

    def said(self, sentences: Mapping[Reason | int, str]) -> str:
        """Say it in a vendor's words: by reason, or by status where it was scripted."""
        key = self.status if self.reason == Reason.SCRIPTED else self.reason
        sentence = None if key is None else sentences.get(key)
        return self.message if sentence is None else sentence.format_map(self.facts)


def scripted(status: int, code: str | None, retry_after: float | None) -> Refused:
    """Return the failure that a behaviour asks for."""
    return Refused(
        f"The server answered with status {status}.",
        status=status,
        reason=Reason.SCRIPTED,
        code=code,
        retry_after=retry_after,
    )


def retry_after(seconds: float | None) -> Headers:
    """Return `Retry-After` (RFC 9110, section 10.2.3: whole seconds)."""
    return () if seconds is None else ((b"retry-after", b"%d" % math.ceil(seconds)),)


def unknown_address(method: str, path: str) -> Refused:
    """Return the answer where there is no such path."""
    return Refused(
        f"Invalid URL ({method} {path})",
        status=404,
        reason=Reason.ADDRESS,
        facts={"method": method, "path": path},
    )


def wrong_method(method: str, path: str) -> Refused:
    """Return the answer to a method that a path does not have."""
    return Refused(
        f"Not allowed to {method} on {path}.",
        status=405,
        reason=Reason.METHOD,
        facts={"method": method, "path": path},
    )


def wrong_key(key: str | None) -> Refused:
    """Return the answer to a missing or unknown API key; a key is shown by its ends only."""
    if not key:
        return Refused("No API key was given.", status=401, reason=Reason.NO_KEY)
    shown = f"{key[:3]}***{key[-4:]}" if len(key) > 12 else "***"
    return Refused(
        "The API key is wrong.", status=401, reason=Reason.WRONG_KEY, facts={"key": shown}
    )


def too_large() -> Refused:
    """Return the answer to a body that is too long to be read."""
    return Refused("The request is too large.", status=413, reason=Reason.TOO_LARGE)


def too_long(limit: int, prompt_tokens: int) -> Refused:
    """Return the answer to a prompt that exceeds the model's context."""
    return Refused(
        "The prompt is too long.",
        reason=Reason.TOO_LONG,
        facts={"limit": limit, "tokens": prompt_tokens},
    )


def filtered() -> Refused:
    """Return the answer to a prompt that the content filter stops."""
    return Refused("The prompt was filtered.", reason=Reason.FILTERED)


def no_prefill() -> Refused:
    """Return the answer to a conversation whose last message is the model's own."""
    return Refused(
        "This model does not support assistant message prefill. The conversation must end with a "
        "user message.",
        reason=Reason.PREFILL,
    )
