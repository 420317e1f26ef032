"""The ASGI application of `/v1`: plain, beside the API and never behind its framework."""

import logging
from collections.abc import Awaitable, Callable

from hone.core.errors import AppError
from hone.gateway import admission, forwarding, listing, pipeline
from hone.gateway.errors import ClientGone, MethodNotAllowed, PathNotFound
from hone.gateway.exchange import (
    JSON,
    Exchange,
    Header,
    Receive,
    Scope,
    Send,
    retry_after,
)
from hone.gateway.faces import FACES, OPENAI
from hone.gateway.pipeline import Gateway
from hone.llm.errors import ProviderError
from hone.llm.types import Endpoint

log = logging.getLogger(__name__)

App = Callable[[Scope, Receive, Send], Awaitable[None]]

_CALLS = {f"/v1/{endpoint.value}": endpoint for endpoint in Endpoint}
_MODELS = "/v1/models"
_OF_MESSAGES = "/v1/messages/"


def create_gateway_app(gateway: Gateway) -> App:
    """Make the application that answers `/v1` for one process."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"the gateway does not speak {scope['type']}")
        await serve(gateway, Exchange(scope, receive, send))

    return application


async def serve(gateway: Gateway, exchange: Exchange) -> None:
    """Answer one request, whatever comes of it."""
    load, scope = gateway.load, exchange.scope
    try:
        load.enter()
    except AppError as error:
        await _refuse(gateway, exchange, error)
        return
    gateway.meters.in_flight.set(load.requests)
    try:
        await _answer(gateway, exchange, scope["method"], scope["path"])
    except ClientGone:
        pass
    except (AppError, ProviderError) as error:
        await _refuse(gateway, exchange, error)
    except Exception:  # the boundary: whatever is wrong, the client gets the envelope
        log.exception("%s %s failed", scope["method"], scope["path"])
        await _refuse(gateway, exchange, AppError())
    finally:
        load.leave(exchange.held_bytes)
        gateway.meters.in_flight.set(load.requests)


async def _answer(gateway: Gateway, exchange: Exchange, method: str, path: str) -> None:
    endpoint = _CALLS.get(path)
    if endpoint is not None and method == "POST":
        await pipeline.complete(gateway, exchange, endpoint)
        return
    if _is_elsewhere(gateway, exchange, method, path):
        await forwarding.forward(gateway, exchange, method)
        return
    if endpoint is not None:
        raise MethodNotAllowed
    if path != _MODELS and not path.startswith(f"{_MODELS}/"):
        raise PathNotFound(f"There is nothing at {path}.")
    if method != "GET":
        raise MethodNotAllowed
    caller = admission.authenticate(gateway.current, exchange.headers, exchange.scope)
    name = path.removeprefix(_MODELS).removeprefix("/")
    body = listing.one(caller, name) if name else listing.every(caller)
    await exchange.answer(200, _headers(exchange), body)


def _is_elsewhere(gateway: Gateway, exchange: Exchange, method: str, path: str) -> bool:
    """Tell whether a request is about something that a provider keeps; our own models are here."""
    if not forwarding.forwarded(method, path):
        return False
    if method != "GET" or not path.startswith(f"{_MODELS}/"):
        return True
    caller = admission.authenticate(gateway.current, exchange.headers, exchange.scope)
    name = path.removeprefix(f"{_MODELS}/")
    return forwarding.route_of(caller) is not None and not listing.known(caller, name)


async def _refuse(gateway: Gateway, exchange: Exchange, error: AppError | ProviderError) -> None:
    gateway.meters.rejected(error.code)
    if exchange.begun:
        await exchange.end()
        return
    headers = _headers(exchange) + retry_after(error)
    if isinstance(error, MethodNotAllowed):
        headers.append((b"allow", b"GET, POST"))
    path = exchange.scope["path"]
    endpoint = Endpoint.MESSAGES if path.startswith(_OF_MESSAGES) else _CALLS.get(path)
    face = FACES[endpoint] if endpoint else OPENAI
    body = face.error(error, exchange.public_id)
    await exchange.answer(error.status, headers, body)


def _headers(exchange: Exchange) -> list[Header]:
    """Write the headers of an answer for which no model was asked."""
    return [
        (b"content-type", JSON),
        *exchange.names(),
        (b"x-hone-model", b"none"),
        (b"x-hone-overhead-ms", b"%.3f" % exchange.elapsed_ms()),
        (b"x-hone-cost-usd", b"0"),
        (b"x-hone-cache", b"none"),
        (b"x-hone-attempts", b"0"),
    ]
