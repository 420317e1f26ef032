"""Every failure this product raises on purpose.

* AppError 500
  - BadRequest    400
  - Unauthorized  401
  - Forbidden     403
  - NotFound      404
  - Conflict      409
  - TooLarge      413
  - Invalid       422
  - TooMany       429
  - Unavailable   503
"""

from collections.abc import Mapping
from typing import ClassVar


class AppError(Exception):
    """Something went wrong on our side."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    retry_after: ClassVar[int | None] = None
    """Seconds a client should wait before it tries again; sent as `Retry-After`."""
    wait: int | None = None
    """The same, where it differs from case to case."""

    def __init__(
        self,
        message: str | None = None,
        *,
        param: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        self.message = message or (self.__doc__ or self.code).splitlines()[0]
        self.param = param
        self.details = details
        super().__init__(self.message)

    def body(self) -> dict[str, dict[str, object]]:
        """Render the one error envelope; its shape is OpenAI's, so every client reads it."""
        error: dict[str, object] = {
            "message": self.message,
            "type": "invalid_request_error" if self.status < 500 else "server_error",
            "code": self.code,
            "param": self.param,
        }
        if self.details is not None:
            error["details"] = dict(self.details)
        return {"error": error}


class BadRequest(AppError):
    """This request cannot be read."""

    status = 400
    code = "bad_request"


class Unauthorized(AppError):
    """Send a valid API key as `Authorization: Bearer …`."""

    status = 401
    code = "unauthorized"


class Forbidden(AppError):
    """You may not do this."""

    status = 403
    code = "forbidden"


class NotFound(AppError):
    """There is no such thing here."""

    status = 404
    code = "not_found"


class Conflict(AppError):
    """This cannot be done in the present state."""

    status = 409
    code = "conflict"


class TooLarge(AppError):
    """This request is larger than the server accepts."""

    status = 413
    code = "too_large"


class Invalid(AppError):
    """A value in this request is not acceptable."""

    status = 422
    code = "invalid"


class TooMany(AppError):
    """Too many requests; wait and try again."""

    status = 429
    code = "rate_limited"


class Unavailable(AppError):
    """This cannot be served right now; try again shortly."""

    status = 503
    code = "unavailable"
    retry_after = 1


class StorageFull(Unavailable):
    """The disk is full: nothing more can be kept until somebody makes room."""

    code = "storage_full"
    retry_after = 60
