"""What a provider keeps for a client (files, batches, jobs, stored answers) stays at the provider.

Hone did not make those ids and keeps no copy: a request about them goes, as it is, to the provider
of the first target of the route named `default`. An organization that has no such route forwards
nothing, and a key forwards only if it may call that route.
"""

import re
from typing import Final

from hone.gateway import admission
from hone.gateway.admission import Caller
from hone.gateway.errors import ClientGone, PathNotFound
from hone.gateway.exchange import JSON, Exchange, Header
from hone.gateway.pipeline import Gateway
from hone.llm.errors import ProviderError, Stalled, Unsupported
from hone.llm.providers import FORWARDERS
from hone.llm.transport import Upstream
from hone.llm.types import Call, Deadlines, Target

DEFAULT: Final = "default"
METHODS: Final = frozenset({"GET", "POST", "DELETE"})
_PATHS: Final = re.compile(
    r"/v1/(batches|chat/completions/|chat/completions$|conversations|files|fine_tuning|messages/"
    r"|models/|moderations|responses/|uploads|vector_stores)"
)
_PASSED: Final = frozenset({b"content-type", b"content-disposition", b"request-id", b"retry-after"})
_STEP: Final = re.compile(r"(^|/)\.{1,2}(/|$)")


def forwarded(method: str, path: str) -> bool:
    """Tell whether a path is one whose things the provider keeps."""
    return method in METHODS and _PATHS.match(path) is not None


async def forward(gateway: Gateway, exchange: Exchange, method: str) -> None:
    """Send a request on as it is, and its answer back as it comes."""
    caller = admission.authenticate(gateway.current, exchange.headers, exchange.scope)
    target = _target(caller, exchange.scope["path"])
    body = await exchange.body(gateway.load)
    deadlines = Deadlines()
    exchange.listen()
    upstream = gateway.transport.request(
        _call(exchange, target, method, body), deadlines, exchange.public_id
    )
    exchange.upstream = upstream
    try:
        await upstream.head(deadlines.total)
        await _relay(exchange, upstream, target, deadlines)
        gateway.meters.forwarded(target.provider, upstream.status)
    finally:
        exchange.upstream = None
        upstream.close()


def _target(caller: Caller, path: str) -> Target:
    allowed = caller.principal.routes
    route = caller.organization.routes.get(DEFAULT)
    if route is None or (allowed is not None and DEFAULT not in allowed):
        raise PathNotFound(
            f"Nothing is at {path}: it is not Hone's, and there is no route `{DEFAULT}` whose "
            "provider could be asked."
        )
    return route.targets[0].target


def _call(exchange: Exchange, target: Target, method: str, body: bytes) -> Call:
    provider = FORWARDERS.get(target.kind)
    if provider is None:
        raise Unsupported(f"A provider of kind {target.kind!r} has an API of its own.")
    path = (exchange.scope.get("raw_path") or exchange.scope["path"].encode()).decode("latin-1")
    if _STEP.search(exchange.scope["path"]):
        raise PathNotFound(f"There is nothing at {path}.")
    query = exchange.scope["query_string"].decode("latin-1")
    url = f"{target.base_url.rstrip('/')}{path.removeprefix('/v1')}"
    kind = exchange.headers.get(b"content-type", JSON).decode("latin-1")
    return Call(
        f"{url}?{query}" if query else url,
        provider.headers(target.credential),
        body,
        target.addresses,
        method=method,
        content_type=kind,
    )


async def _relay(
    exchange: Exchange, upstream: Upstream, target: Target, deadlines: Deadlines
) -> None:
    """Pass the answer on; one that is cut short is not passed off as whole."""
    exchange.still()
    await exchange.begin(upstream.status, _headers(exchange, upstream, target))
    try:
        upstream.within(deadlines.stall, Stalled)
        while (part := await upstream.chunk()) is not None:
            await exchange.part(part)
            upstream.within(deadlines.stall, Stalled)
    except ProviderError as error:
        # The end of the answer never comes: the client sees that it is not whole.
        raise ClientGone from error
    await exchange.end()


def _headers(exchange: Exchange, upstream: Upstream, target: Target) -> list[Header]:
    passed = [header for header in upstream.headers if header[0] in _PASSED]
    return [
        *passed,
        (b"x-request-id", exchange.public_id.encode()),
        (b"x-hone-model", b"none"),
        (b"x-hone-provider", target.provider.encode("unicode_escape")),
    ]
