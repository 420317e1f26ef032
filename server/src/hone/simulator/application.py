"""The simulator as an ASGI application, without a framework."""

from collections.abc import Awaitable, Callable

import msgspec

from hone.simulator import control, formats
from hone.simulator.config import SimulatorConfig
from hone.simulator.errors import Refused
from hone.simulator.exchange import ClientGone, Exchange, Receive, Scope, Send
from hone.simulator.formats.base import Dialect
from hone.simulator.provider import Provider, new_request_id

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

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
            await _route(provider, exchange, request_id)
        except Refused as refusal:
            await _refuse(exchange, request_id, refusal)
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


async def _route(provider: Provider, exchange: Exchange, request_id: str) -> None:
    path = exchange.path
    if path == "/healthz":
        await exchange.answer(200, b'{"status":"ok"}')
    elif path.startswith(control.PREFIX):
        await exchange.answer(200, _json(await control.answer(provider, exchange)))
    else:
        endpoint, name = formats.find(exchange.method, path, exchange.headers)
        try:
            await provider.answer(exchange, request_id, endpoint, name)
        except Refused as refusal:
            await _refuse(exchange, request_id, refusal, endpoint.dialect)


async def _refuse(
    exchange: Exchange, request_id: str, refusal: Refused, dialect: Dialect | None = None
) -> None:
    spoken = dialect or formats.dialect(exchange.path, exchange.headers)
    problem = spoken.problem(refusal, request_id, None)
    await exchange.answer(problem.status, problem.body, problem.headers)
