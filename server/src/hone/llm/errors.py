"""What can come from a provider instead of an answer, classified by status and typed body.

* ProviderError
  - Rejected            the request is wrong; no other target may be tried
    - ContextTooLong
    - ContentRefused
  - Unsupported         the request cannot be said in the provider's format; another may do
  - Refused             the credential is bad or its quota is spent
    - QuotaSpent
  - ModelUnknown        the provider does not know this model
  - Limited             too many requests
  - AddressRefused      the provider's name leads where it must not
  - Broken              the provider failed
    - Unreachable
    - TimedOut
    - Stalled
    - Cut
    - StreamCut
    - Malformed
"""

import math
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import ClassVar

LONGEST_WAIT = 3600.0
"""A provider cannot ask to be left alone for longer than this, in seconds."""


class ProviderError(Exception):
    """The provider did not answer."""

    code: str = "upstream_error"
    status: int = 502
    """What the client is answered."""
    reroute: ClassVar[bool] = True
    """May another target be tried?"""
    counts: ClassVar[bool] = True
    """Does it count against the health of the target?"""
    billed: ClassVar[bool] = False
    """Had the provider taken the request, so that it may bill tokens that we can only estimate?"""

    def __init__(
        self,
        message: str | None = None,
        *,
        upstream_status: int = 0,
        retry_after: float | None = None,
        param: str | None = None,
    ) -> None:
        self.message = message or (self.__doc__ or self.code).splitlines()[0]
        self.upstream_status = upstream_status
        self.retry_after = retry_after
        """Seconds, where the provider said so."""
        self.param = param
        super().__init__(self.message)

    def body(self) -> dict[str, dict[str, object]]:
        """Render the one error envelope."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return {
            "error": {
                "message": self.message,
                "type": kind,
                "code": self.code,
                "param": self.param,
            }
        }


class Rejected(ProviderError):
    """The provider cannot accept this request."""

    code = "upstream_rejected"
    status = 400
    reroute = False
    counts = False

    def __init__(
        self,
        message: str | None = None,
        *,
        upstream_status: int = 0,
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message, upstream_status=upstream_status, param=param)
        self.code = code or self.code
        self.status = upstream_status if 400 <= upstream_status < 500 else self.status


class ContextTooLong(Rejected):
    """The request is longer than the model's context."""

    code = "context_length_exceeded"


class ContentRefused(Rejected):
    """The provider's content policy does not allow this request."""

    code = "content_filter"


class Unsupported(ProviderError):
    """The provider of this model cannot do what is asked."""

    code = "unsupported_parameter"
    status = 400
    counts = False


class Refused(ProviderError):
    """The provider does not accept the credential that is configured for it."""

    code = "upstream_refused"


class QuotaSpent(Refused):
    """The quota at the provider is spent."""

    code = "upstream_quota_spent"


class ModelUnknown(ProviderError):
    """The provider does not know the model that is configured."""

    code = "upstream_model_not_found"


class Limited(ProviderError):
    """The provider accepts no more requests at present."""

    code = "rate_limited"
    status = 429


class AddressRefused(ProviderError):
    """The provider's address is not on the public internet and not allowed."""

    code = "upstream_address_refused"
    counts = False


class Broken(ProviderError):
    """The provider failed."""


class Unreachable(Broken):
    """The provider cannot be reached."""

    code = "upstream_unreachable"


class TimedOut(Broken):
    """The provider did not answer in time."""

    code = "upstream_timeout"
    status = 504
    billed = True


class Stalled(Broken):
    """The provider fell silent in the middle of its answer."""

    code = "upstream_stalled"
    status = 504
    billed = True


class Cut(Broken):
    """The connection to the provider ended in the middle of its answer."""

    code = "upstream_cut"
    billed = True


class StreamCut(Cut):
    """The provider's stream ended before the answer was complete."""

    code = "upstream_stream_cut"


class Malformed(Broken):
    """The provider's answer cannot be read."""

    code = "upstream_malformed"
    billed = True


def retry_after(header: Callable[[bytes], bytes | None]) -> float | None:
    """Read `Retry-After` (RFC 9110, section 10.2.3), or OpenAI's `retry-after-ms`, as seconds."""
    milliseconds = _number(header(b"retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, LONGEST_WAIT)
    given = header(b"retry-after")
    seconds = _number(given)
    if seconds is None and given:
        seconds = _until(given)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def _number(value: bytes | None) -> float | None:
    try:
        number = float(value or b"")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(value: bytes) -> float | None:
    try:
        moment = parsedate_to_datetime(value.decode("ascii"))
    except ValueError:
        return None
    return max(moment.timestamp() - time.time(), 0.0)
