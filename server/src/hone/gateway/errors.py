"""What the gateway answers when it does not pass a call on.

* Unauthorized 401
  - KeyMissing
  - KeyUnknown
  - KeyExpired
  - SessionEnded
* Forbidden 403
  - CsrfFailed
  - QueryNotAllowed
  - RouteNotAllowed
* NotFound 404
  - ModelNotFound
  - PathNotFound
* BadRequest 400
  - BodyUnreadable
  - ParameterWrong
  - NoTargetFits
* AppError
  - MethodNotAllowed           405
* Conflict 409
  - IdempotencyInProgress
  - IdempotencyNotReplayable
* TooLarge 413
  - BodyTooLarge
* Invalid 422
  - IdempotencyMismatch
* TooMany 429
  - TargetsLimited
  - LimitExceeded
    - RateLimitExceeded
    - BudgetExceeded
* Unavailable 503
  - NotReady
  - Overloaded
  - NoTarget
  - IdempotencyUnavailable

What providers answer is in `hone.llm.errors`.
"""

import math
from collections.abc import Mapping
from typing import ClassVar

from hone.core.errors import (
    AppError,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
)
from hone.gateway.limits import Limit


class ClientGone(Exception):
    """The client closed the connection; nobody is there to be answered."""

    code = "client_gone"


class KeyMissing(Unauthorized):
    """Send an API key as `Authorization: Bearer …`."""

    code = "missing_api_key"


class KeyUnknown(Unauthorized):
    """This API key is not valid."""

    code = "invalid_api_key"


class KeyExpired(Unauthorized):
    """This API key has expired."""

    code = "expired_api_key"


class SessionEnded(Unauthorized):
    """You are signed out; sign in again."""

    code = "session_ended"


class CsrfFailed(Forbidden):
    """This request was not made by a page of this dashboard; reload the page and try again."""

    code = "csrf_failed"


class QueryNotAllowed(Forbidden):
    """This API key may not call models; it needs the permission `ai:query`."""

    code = "query_not_allowed"


class RouteNotAllowed(Forbidden):
    """This API key may not call this model."""

    code = "route_not_allowed"


class ModelNotFound(NotFound):
    """There is no such model; `GET /v1/models` lists those that you may call."""

    code = "model_not_found"


class PathNotFound(NotFound):
    """There is nothing at this address."""

    code = "path_not_found"


class MethodNotAllowed(AppError):
    """This address does not take this method."""

    status = 405
    code = "method_not_allowed"


class BodyUnreadable(BadRequest):
    """The request body is not valid JSON."""

    code = "invalid_json"


class ParameterWrong(BadRequest):
    """A parameter of this request is missing or has the wrong type."""

    code = "invalid_parameter"


class NoTargetFits(BadRequest):
    """No model of this route can take this request."""

    code = "no_target_fits"


class BodyTooLarge(TooLarge):
    """The request body is larger than this server accepts."""

    code = "body_too_large"


class IdempotencyInProgress(Conflict):
    """A request with this Idempotency-Key is still in progress."""

    code = "idempotency_in_progress"
    retry_after = 1


class IdempotencyNotReplayable(Conflict):
    """The request with this Idempotency-Key was answered, but its answer was too long to be kept."""

    code = "idempotency_not_replayable"


class IdempotencyMismatch(Invalid):
    """This Idempotency-Key was used with another request."""

    code = "idempotency_mismatch"


class IdempotencyUnavailable(Unavailable):
    """The store of Idempotency-Keys cannot be reached; without the header this would be served."""

    code = "idempotency_unavailable"


class NotReady(Unavailable):
    """This server is starting."""

    code = "not_ready"


class Overloaded(Unavailable):
    """This server has as many requests in progress as it can hold."""

    code = "overloaded"


class NoTarget(Unavailable):
    """Every provider of this model failed lately and is being left alone for a moment."""

    code = "no_target_available"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.wait = max(1, math.ceil(seconds))


class TargetsLimited(TooMany):
    """Every provider of this model asked to be left alone for a moment."""

    code = "rate_limited"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.wait = max(1, math.ceil(seconds))


class LimitExceeded(TooMany):
    """A limit of this organization is reached."""

    code = "limit_exceeded"
    type: ClassVar[str] = "requests"

    def __init__(
        self, message: str, seconds: int, limit: Limit, details: Mapping[str, object]
    ) -> None:
        super().__init__(message, details=details)
        self.wait = max(1, seconds)
        self.limit = limit

    def body(self) -> dict[str, dict[str, object]]:
        """Render the envelope with the type that OpenAI's clients look for."""
        made = super().body()
        made["error"]["type"] = self.type
        return made


class RateLimitExceeded(LimitExceeded):
    """A limit on requests, tokens or calls at a time is reached; wait and try again."""

    code = "rate_limit_exceeded"


class BudgetExceeded(LimitExceeded):
    """A budget is spent; calls go on when its next window begins, or when it is raised."""

    code = "budget_exceeded"
    type = "insufficient_quota"
