"""The simulator as an ASGI application, without a framework."""

from collections.abc import Awaitable, Callable

import msgspec

from hone.simulator import control, errors
from hone.simulator.config import SimulatorConfig
from hone.simulator.errors import Refused
from hone.simulator.exchange import ClientGone, Exchange, Receive, Scope, Send
from hone.simulator.provider import Provider, new_request_id

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MODELS = "/v1/models"
_json = msgspec.json.Encoder().encode


def create_simulator(config: SimulatorConfig | None = None) -> Application:
    """Build a simulator with its own behaviours and ledger."""
    provider = Provider(config or SimulatorConfig())

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _live(provider, receive, send)
            return
        exchange = Exchange(scope, receive, send)
        request_id = new_request_id()
        try:
            await _route(provider, exchange, request_id, scope.get("query_string", b""))
        except Refused as refusal:
            headers = ((b"x-request-id", request_id.encode()), *refusal.headers)
            await exchange.answer(refusal.status, refusal.body(), headers)
        except ClientGone:
            return

    return application


async def _live(provider: Provider, receive: Receive, send: Send) -> None:
    """Follow the server's life; https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    provider.ledger.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _route(provider: Provider, exchange: Exchange, request_id: str, query: bytes) -> None:
    path, method = exchange.path, exchange.method
    endpoint = {
        "/v1/chat/completions": provider.complete,
        "/v1/embeddings": provider.embed,
    }.get(path)
    if endpoint is not None:
        provider.authorize(exchange)
        if method != "POST":
            raise errors.wrong_method(method, path)
        await endpoint(exchange, request_id)
    elif path == MODELS or path.startswith(f"{MODELS}/"):
        provider.authorize(exchange)
        if method != "GET":
            raise errors.wrong_method(method, path)
        name = path[len(MODELS) + 1 :]
        found = provider.model(name) if name else provider.models()
        await exchange.answer(200, _json(found))
    elif path == "/healthz":
        await exchange.answer(200, b'{"status":"ok"}')
    elif path.startswith(control.PREFIX):
        await exchange.answer(200, _json(await control.answer(provider, exchange, query)))
    else:
        raise errors.unknown_address(method, path)
