"""One call, read from top to bottom."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from hone.core.counters import Counters
from hone.core.errors import AppError
from hone.gateway import (
    admission,
    continuing,
    idempotency,
    limiting,
    parsing,
    relay,
    routing,
    splitting,
)
from hone.gateway.admission import Limits, Load
from hone.gateway.breaker import Breakers
from hone.gateway.continuing import Beginning
from hone.gateway.errors import ClientGone, LimitExceeded, NoTarget, TargetsLimited
from hone.gateway.exchange import JSON, Exchange, Way, retry_after
from hone.gateway.faces import FACES
from hone.gateway.idempotency import Idempotency, Outcome, Replay
from hone.gateway.meters import Meters
from hone.gateway.operation import CLIENT_CLOSED, Operation
from hone.gateway.parsing import Ask
from hone.gateway.quota import Quota
from hone.gateway.record import Status
from hone.gateway.routing import Plan, Planned, Router
from hone.gateway.shadows import Shadows
from hone.gateway.snapshot import Caller, Current
from hone.gateway.spool import Spool
from hone.llm import prefill
from hone.llm.errors import ProviderError
from hone.llm.providers import PROVIDERS, extensions
from hone.llm.transport import Transport, Upstream
from hone.llm.types import Endpoint, Target

_GRACE: Final = 1.0
"""Seconds that a name of which no version is live yet is waited for; so often is looked:"""
_LOOKS: Final = 20


@dataclass(slots=True)
class Gateway:
    """What the gateway of one process works with; made after the fork."""

    current: Current
    spool: Spool
    transport: Transport
    counters: Counters
    limits: Limits = field(default_factory=Limits)
    idempotency: Idempotency | None = None
    """None: the header is ignored."""
    quota: Quota | None = None
    """None: nothing is limited."""
    load: Load = field(init=False)
    meters: Meters = field(init=False)
    breakers: Breakers = field(init=False)
    router: Router = field(init=False)
    shadows: Shadows = field(init=False)
    """Copies of calls for routes that are tried unseen; made while `inside.run_shadows` runs."""
    clock: Callable[[], float] = field(init=False)
    """The time of the loop that all of this runs in."""

    def __post_init__(self) -> None:
        """Make what belongs to this process alone."""
        self.clock = asyncio.get_running_loop().time
        self.load = Load(self.limits)
        self.meters = Meters(self.counters)
        self.breakers = Breakers()
        self.router = Router(self.breakers)
        self.shadows = Shadows(self.meters)


async def complete(gateway: Gateway, exchange: Exchange, endpoint: Endpoint) -> None:
    """Admit a call, try its targets in order, relay the answer, keep the record whatever happens."""
    caller = exchange.caller or admission.authenticate(
        gateway.current, exchange.headers, exchange.scope
    )
    ask = parsing.parse(endpoint, await exchange.body(gateway.load), exchange.headers)
    principal, now = caller.principal, gateway.clock()
    wanted = ask.model if ask.named else principal.default_route or ask.model
    caller = await _awaited(gateway, caller, wanted)
    ours = caller.organization
    route = routing.find(ours, principal, wanted)
    way = Way(route, route)
    if ours.splits or exchange.copy is not None:
        ask, way = splitting.lead(ours, principal, wanted, ask, way, exchange)
    way, plan = _plan(gateway, caller, way, ask, now)
    operation = Operation(exchange, caller, ask, way, plan, gateway.spool, gateway.meters)
    try:
        if gateway.idempotency is not None and idempotency.HEADER in exchange.headers:
            replay = await _claim(gateway.idempotency, operation)
            if replay is not None:
                await _repeat(exchange, replay)
                return
        exchange.listen()
        if gateway.quota is not None and ours.limits is not None and exchange.copy is None:
            await _hold(gateway, gateway.quota, operation, plan)
        await _attempt(gateway, operation, plan)
    except (ProviderError, AppError) as error:
        await _refuse(gateway, operation, error)
    except ClientGone as gone:
        await _abandon(operation, gone)
    finally:
        operation.close()
    if way.shadow is not None and operation.attempts:
        gateway.shadows.offer(exchange, caller, ask.content, way)


async def _awaited(gateway: Gateway, caller: Caller, name: str) -> Caller:
    """Wait a moment for what may just have been promoted: each server hears of it by itself."""
    ours, looks = caller.organization, 0
    while name in ours.unreleased and looks < _LOOKS:
        looks += 1
        await asyncio.sleep(_GRACE / _LOOKS)
        ours = gateway.current.snapshot.organizations.get(ours.id, ours)
    return Caller(caller.principal, ours) if looks else caller


def _plan(gateway: Gateway, caller: Caller, way: Way, ask: Ask, now: float) -> tuple[Way, Plan]:
    """Order the targets that may answer; where an arm has none, those that answer without a split."""
    principal, known = caller.principal, caller.organization.learned
    owner, allowed = principal.organization_bytes, principal.routes
    try:
        return way, gateway.router.plan(owner, way.taken, now, ask, allowed, known)
    except (NoTarget, TargetsLimited):
        if way.taken is way.asked or way.unseen:
            raise
    way = way.rescued()
    return way, gateway.router.plan(owner, way.taken, now, ask, allowed, known)


async def _attempt(gateway: Gateway, operation: Operation, plan: Plan) -> None:
    """Try one target after the other, for as long as the client has seen nothing."""
    failed: ProviderError | LimitExceeded | None = None
    waiting = plan.targets
    if continuing.may(operation.ask, waiting, gateway.clock()):
        operation.kept.wanted = operation.kept.continued = True
    while waiting:
        taken, *waiting = waiting
        error = await _try(gateway, operation, taken)
        if error is None:
            return
        if isinstance(error, LimitExceeded):
            failed = failed or error
            continue
        failed = error
        if operation.exchange.begun:
            await _continue(gateway, operation, error, [*waiting, taken])
            return
        if not error.reroute:
            break
    assert failed is not None
    raise failed


async def _continue(
    gateway: Gateway, operation: Operation, broken: ProviderError, targets: list[Planned]
) -> None:
    """Let another go on with an answer that broke off; raise why it did where nobody can."""
    beginning = continuing.begin(operation) if broken.reroute else None
    for taken in continuing.able(targets, gateway.clock()):
        if beginning is None:
            break
        error = await _try(gateway, operation, taken, beginning)
        if error is None:
            return
        if isinstance(error, ProviderError):
            if not (error.reroute or continuing.unable(error, taken, gateway.clock())):
                raise error
            beginning = continuing.begin(operation, beginning)
    raise broken


async def _try(
    gateway: Gateway, operation: Operation, planned: Planned, beginning: Beginning | None = None
) -> ProviderError | LimitExceeded | None:
    """Let one target answer, or go on with an answer; return why it did not."""
    ask, clock, upstream = operation.ask, gateway.clock, None
    if operation.ticket is not None and operation.ticket.models:
        refused = await operation.ticket.enter(planned[0], clock())
        if refused is not None:
            return _limited(gateway, refused)
    target = _named(planned[0], ask.model)
    operation.begin(target, planned[1], clock())
    try:
        if operation.durable is not None:
            await operation.durable()
        upstream = _request(gateway, operation, target, beginning)
        if ask.stream:
            await relay.stream(operation, upstream, beginning)
        else:
            await relay.whole(operation, upstream)
    except ClientGone:
        operation.sent = upstream is not None and upstream.sent
        raise
    except ProviderError as error:
        status = error.upstream_status or (upstream.status if upstream else 0)
        operation.fail(error, status, clock())
        return error
    finally:
        operation.exchange.upstream = None
        if upstream is not None:
            upstream.close()
    return None


def _request(
    gateway: Gateway, operation: Operation, target: Target, beginning: Beginning | None
) -> Upstream:
    """Write the request to a target: for the whole answer, or for the rest of it.

    What it was made of is let go of here: a stream may last.
    """
    ask, provider = operation.ask, PROVIDERS[target.kind]
    if beginning is None:
        call = provider.call(ask.endpoint, ask.body, target, stream=ask.stream)
    else:
        call = provider.call(ask.endpoint, beginning.body, target, stream=True)
        call = prefill.mark(target.kind, call)
    if ask.endpoint is Endpoint.MESSAGES:
        more = extensions.passed(target.kind, operation.exchange.headers)
        call = replace(call, signed=call.signed + more) if more else call
    operation.dropped = call.dropped
    deadlines, public_id = operation.way.taken.deadlines, operation.exchange.public_id
    upstream = gateway.transport.request(call, deadlines, public_id)
    operation.exchange.upstream = upstream
    return upstream


def _named(planned: Target, model: str) -> Target:
    """Ask the provider of the model `*` for what the client has named."""
    return planned if planned.upstream != routing.ANY else replace(planned, upstream=model)


async def _hold(gateway: Gateway, quota: Quota, operation: Operation, plan: Plan) -> None:
    """Promise a call its share of every limit that applies to it, or refuse it."""
    caller, exchange = operation.caller, operation.exchange
    operation.ticket = limiting.ticket(
        quota,
        caller.organization,
        caller.principal,
        operation.route,
        gateway.meters,
        operation.ask,
        exchange.id,
    )
    if operation.ticket is None:
        return
    try:
        now = gateway.clock()
        short = operation.ticket.take([target for target, _ in plan.targets], now)
        if short:
            await operation.ticket.wait(short, now)
    except LimitExceeded as refused:
        raise _limited(gateway, refused) from None


def _limited(gateway: Gateway, refused: LimitExceeded) -> LimitExceeded:
    """Count a refusal."""
    gateway.meters.limited(refused.limit.subject, refused.limit.measure)
    return refused


async def _refuse(gateway: Gateway, operation: Operation, error: ProviderError | AppError) -> None:
    """Answer with an error; what the client already has is never passed off as all of it."""
    exchange = operation.exchange
    face = FACES[operation.ask.endpoint]
    body = face.error(error, exchange.public_id)
    if isinstance(error, AppError):
        operation.fail(error, 0, 0.0)
    if exchange.begun:
        event = face.failure(body)
        operation.passed(event)
        operation.settle(Status.ERROR, 200, error.code, None, operation.delivered(), "sse")
        if operation.durable is not None:
            await operation.durable()
        await operation.keep(Outcome.RELEASED)
        await exchange.end(event)
        return
    if operation.attempts:
        operation.settle(Status.ERROR, error.status, error.code, None, body, "json")
        if operation.durable is not None:
            await operation.durable()
    else:
        gateway.meters.rejected(error.code)
    headers = operation.headers(JSON) + retry_after(error)
    final = 400 <= error.status < 500 and error.status != 429 and operation.attempts
    if final:
        await operation.keep_answer(error.status, headers, body)
    await operation.keep(Outcome.RELEASED)
    await exchange.answer(error.status, headers, body)


async def _abandon(operation: Operation, gone: ClientGone) -> None:
    """Note that the client left."""
    status = 200 if operation.exchange.begun else CLIENT_CLOSED
    operation.fail(gone, 0, 0.0)
    if operation.attempts:
        kind = "sse" if operation.ask.stream else "json"
        operation.settle(Status.CANCELLED, status, gone.code, None, operation.delivered(), kind)
    await operation.keep(Outcome.RELEASED)


async def _claim(store: Idempotency, operation: Operation) -> Replay | None:
    """Hold the idempotency key of a request, or return the answer that it had."""
    exchange = operation.exchange
    key = exchange.headers[idempotency.HEADER]
    organization_id = operation.caller.organization.id
    ask = operation.ask
    request = b"%b\n%b" % (ask.endpoint.value.encode(), ask.content)
    held = await idempotency.claim(store, organization_id, key, request, exchange.id)
    if isinstance(held, Replay):
        return held
    operation.hold(held)
    return None


async def _repeat(exchange: Exchange, replay: Replay) -> None:
    """Answer as before."""
    headers = [*replay.headers, (b"x-hone-replayed", b"true")]
    await exchange.answer(replay.status, headers, replay.body)
