"""What a provider keeps for a client (files, batches, jobs, stored answers) stays at the provider.

Hone did not make those ids and keeps no copy: a request about them goes, as it is, to the provider
of the first target of the key's default route, or of the route named `default` where the key has
none. Without such a route nothing is forwarded, and a key forwards only if it may call it. A count
of tokens names a model, and goes to the provider of that.
"""

import re
from typing import Final

import msgspec

from hone.gateway import admission, routing
from hone.gateway.errors import ClientGone, ModelNotFound, PathNotFound
from hone.gateway.exchange import JSON, Exchange, Header
from hone.gateway.pipeline import Gateway
from hone.gateway.snapshot import Caller, Route
from hone.llm.errors import ProviderError, Stalled, Unsupported
from hone.llm.providers import FORWARDERS, extensions
from hone.llm.transport import Upstream
from hone.llm.types import Call, Deadlines, Target

DEFAULT: Final = "default"
METHODS: Final = frozenset({"GET", "POST", "DELETE"})
_PATHS: Final = re.compile(
    r"/v1/(batches|chat/completions/|chat/completions$|conversations|files|fine_tuning|messages/"
    r"|models/|moderations|responses/|uploads|vector_stores)"
)
_PASSED: Final = frozenset({b"content-type", b"content-disposition", b"request-id", b"retry-after"})
_COUNT: Final = "/v1/messages/count_tokens"
_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_text = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode
_STEP: Final = re.compile(r"(^|/)\.{1,2}(/|$)")


def forwarded(method: str, path: str) -> bool:
    """Tell whether a path is one whose things the provider keeps."""
    return method in METHODS and _PATHS.match(path) is not None


async def forward(gateway: Gateway, exchange: Exchange, method: str) -> None:
    """Send a request on as it is, and its answer back as it comes."""
    caller = exchange.caller or admission.authenticate(
        gateway.current, exchange.headers, exchange.scope
    )
    body = await exchange.body(gateway.load)
    target, body = _target(caller, exchange.scope["path"], body)
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


def route_of(caller: Caller) -> Route | None:
    """Return the route whose provider is asked for what providers keep."""
    principal = caller.principal
    name = principal.default_route or DEFAULT
    if principal.routes is not None and name not in principal.routes:
        return None
    route = caller.organization.routes.get(name)
    return route if route is not None and route.targets else None


def _target(caller: Caller, path: str, body: bytes) -> tuple[Target, bytes]:
    """Find whom to ask, and what."""
    counted = _counting(caller, body) if path == _COUNT else None
    if counted is not None:
        return counted
    route = route_of(caller)
    if route is None:
        name = caller.principal.default_route or DEFAULT
        raise PathNotFound(
            f"Nothing is at {path}: it is not Hone's, and there is no route `{name}` whose "
            "provider could be asked."
        )
    return route.targets[0].target, body


def _counting(caller: Caller, body: bytes) -> tuple[Target, bytes] | None:
    """Find the provider of the model whose tokens are to be counted, which must be Anthropic's."""
    try:
        asked = _object(body)
        route = routing.find(caller.organization, caller.principal, _text(asked["model"]))
    except (msgspec.MsgspecError, KeyError, ModelNotFound):
        return None
    target = next((each.target for each in route.targets if each.target.kind == "anthropic"), None)
    if target is None:
        raise Unsupported("This model's provider does not count tokens.", param="model")
    if target.upstream != routing.ANY:
        body = _encode({**asked, "model": target.upstream})
    return target, body


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
        signed=extensions.passed(target.kind, exchange.headers),
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
