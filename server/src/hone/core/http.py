"""What every HTTP answer of the API has in common: request ids and one error envelope."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hone.core import ids
from hone.core.errors import AppError, BadRequest, Invalid, NotFound, StorageFull, Unavailable

log = logging.getLogger(__name__)

_FULL: Final = "53100"
"""What PostgreSQL says of a disk without room."""


class DatabaseAway(Unavailable):
    """The database cannot be reached; the gateway goes on answering, try this again shortly."""

    code = "database_unavailable"


class BodyUnreadable(BadRequest):
    """The request body is not valid JSON."""

    code = "invalid_json"


class MethodNotAllowed(AppError):
    """This path does not take this method."""

    status = 405
    code = "method_not_allowed"


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str = Field(description="For people; it may change.")
    type: Literal["invalid_request_error", "server_error", "requests", "insufficient_quota"]
    code: str = Field(description="For programs; it does not change.")
    param: str | None = Field(description="The part of the request that is meant, if it is one.")
    details: dict[str, Any] | None = Field(default=None, description="Facts that differ by code.")


class ErrorBody(BaseModel):
    """Every answer that is not a success."""

    error: ErrorDetail


ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": ErrorBody, "description": "The request cannot be served as it is."},
    "5XX": {"model": ErrorBody, "description": "The request cannot be served now."},
}
"""What the OpenAPI document says of failures, in place of the framework's own."""


class RequestIds:
    """Give each API answer an `x-request-id`, and let nobody keep it who was not told to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = ids.public("req", ids.new())
        scope.setdefault("state", {})["request_id"] = request_id

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-request-id", request_id)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, sending)


def answer(error: AppError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Render an error as the envelope."""
    told = dict(headers or {})
    seconds = error.wait or error.retry_after
    if seconds:
        told["retry-after"] = str(seconds)
    return JSONResponse(error.body(), error.status, told)


def install(app: FastAPI) -> None:
    """Answer every failure of an application in the one envelope."""
    app.add_exception_handler(AppError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(Exception, _unexpected)
    app.add_middleware(RequestIds)


def gather(routers: Iterable[APIRouter]) -> APIRouter:
    """Make one router of several."""
    made = APIRouter()
    for each in routers:
        made.routes.extend(each.routes)
    return made


def add_routers(app: FastAPI, *routers: APIRouter) -> None:
    """Serve the routes of routers as they stand.

    The framework's `include_router` would build each route once more, and look for it longer.
    """
    for each in routers:
        app.router.routes.extend(each.routes)


async def _expected(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)
    if error.status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error.code, exc_info=error)
    return answer(error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = cast("Sequence[Mapping[str, object]]", error.errors())
    first = problems[0]
    where = [str(part) for part in cast("Sequence[object]", first.get("loc", ()))]
    param = ".".join(where[1:]) or None
    if first.get("type") == "json_invalid":
        return answer(BodyUnreadable())
    message = str(first.get("msg", "")) or "A value in this request is not acceptable."
    details = [
        {
            "param": ".".join(str(p) for p in cast("Sequence[object]", each.get("loc", ()))[1:]),
            "message": each.get("msg"),
        }
        for each in problems[:20]
    ]
    return answer(
        Invalid(
            f"{param}: {message}" if param else message, param=param, details={"errors": details}
        )
    )


async def _framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return answer(NotFound(f"There is nothing at {request.url.path}."))
    if error.status_code == 405:
        return answer(MethodNotAllowed(), error.headers)
    if error.status_code == 400:
        # The framework's only reason: a body that is not UTF-8, or nested beyond what can be read.
        return answer(BodyUnreadable())
    if error.status_code < 500:
        return answer(BadRequest(str(error.detail)))
    return answer(AppError())


async def _database(request: Request, error: Exception) -> JSONResponse:
    away = isinstance(error, PoolTimeout) or (
        isinstance(error, DBAPIError) and (error.connection_invalidated or _is_outage(error))
    )
    if away:
        log.warning("%s %s: the database is away", request.method, request.url.path)
        return answer(DatabaseAway())
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _FULL:
        log.error("%s %s: the database has no room left", request.method, request.url.path)
        return answer(StorageFull())
    return await _unexpected(request, error)


def _is_outage(error: DBAPIError) -> bool:
    """Tell a lost or refused connection from a statement that failed."""
    return getattr(error.orig, "sqlstate", None) in {None, "57P01", "57P02", "57P03", "53300"}


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(AppError())
