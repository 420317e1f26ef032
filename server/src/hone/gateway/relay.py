"""From a provider's answer to the client: whole, or as a stream of events.

Of a stream every byte goes out as it came, except what tells the client that it has all of it: the
finish reason, the usage and `[DONE]` are held back until the operation is settled in the log.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import Final

from hone.gateway.continuing import Beginning, Spliced
from hone.gateway.errors import ClientGone
from hone.gateway.exchange import EVENTS, JSON
from hone.gateway.faces import FACES
from hone.gateway.operation import Operation
from hone.gateway.record import Status
from hone.gateway.wording import usd
from hone.llm import partial
from hone.llm.errors import Cut, Malformed, ProviderError, Stalled, StreamCut
from hone.llm.formats.base import Event, Piece, Stream
from hone.llm.providers import PROVIDERS
from hone.llm.transport import Upstream
from hone.llm.types import Usage
from hone.llm.unrolling import unroll

LARGEST_ANSWER: Final = 64 << 20
LARGEST_REFUSAL: Final = 64 << 10
GRACE: Final = 2.0
"""Seconds that a finished answer waits for its usage and `[DONE]`."""

_DONE: Final = b"data: [DONE]"
_STREAMS: Final = frozenset(
    {b"text/event-stream", b"application/x-ndjson", b"application/vnd.amazon.eventstream"}
)


async def whole(operation: Operation, upstream: Upstream) -> None:
    """Relay an answer that is not streamed."""
    ask, target = operation.ask, operation.target
    assert target is not None
    await upstream.head()
    status = upstream.status
    if not 200 <= status < 300:
        raise await _refusal(operation, upstream)
    provider, answer = PROVIDERS[target.kind], b""
    try:
        answer = await upstream.body(LARGEST_ANSWER)
        reply = provider.reply(ask.endpoint, ask.body, answer)
    except (ProviderError, ClientGone):
        operation.size = _written(operation, answer or upstream.received())
        raise
    operation.size, operation.usage = reply.size, reply.usage
    operation.succeed(status)
    body = reply.body
    passed = upstream.header(b"content-type") if body is answer else None
    headers = operation.headers(passed or JSON)
    # Kept first: a process that dies here leaves an answer that is given again, not asked for again.
    await operation.keep_answer(status, headers, body)
    operation.settle(Status.SUCCESS, status, None, reply.finish_reason, body, "json", reply.told)
    if operation.durable is not None:
        await operation.durable()
    await operation.exchange.answer(status, headers, body)


def _written(operation: Operation, received: bytes) -> int:
    """Count what the model wrote of an answer that broke off, as far as it came."""
    ask, target = operation.ask, operation.target
    assert target is not None
    try:
        return PROVIDERS[target.kind].reply(ask.endpoint, ask.body, partial.closed(received)).size
    except ProviderError:
        return 0


async def stream(
    operation: Operation, upstream: Upstream, beginning: Beginning | None = None
) -> None:
    """Relay a stream, or the rest of one of which the client has the beginning."""
    relay = await _open(operation, upstream, beginning)
    deadlines = operation.way.taken.deadlines
    try:
        # The provider has deadlines of its own; this one is for a client that does not read.
        async with asyncio.timeout(deadlines.total + GRACE):
            await _flow(relay, upstream, deadlines.stall)
    except TimeoutError as error:
        raise ClientGone from error
    except Cut as error:
        if not relay.complete:
            raise StreamCut from error
    except Stalled:
        if not relay.complete:
            raise
    await relay.finish()
    # Read past the end, so that the connection can be used again.
    with suppress(ProviderError):
        upstream.within(GRACE, Cut)
        while await upstream.chunk() is not None:
            pass


async def _open(operation: Operation, upstream: Upstream, beginning: Beginning | None) -> "Relay":
    """Wait for the head of a stream; raise where it is none."""
    ask, target = operation.ask, operation.target
    assert target is not None
    provider = PROVIDERS[target.kind]
    await upstream.head(operation.way.taken.deadlines.first_token)
    if upstream.status != 200:
        raise await _refusal(operation, upstream)
    if (upstream.header(b"content-type") or b"").partition(b";")[0].strip() in _STREAMS:
        opened = provider.stream(ask.endpoint, ask.body)
        if beginning is None:
            return Relay(operation, opened)
        return Relay(operation, Spliced(opened, ask.endpoint, beginning), beginning.used)
    # Some vendors answer with an error and status 200, and some know of no streams.
    body = await upstream.body(LARGEST_ANSWER)
    reply = provider.reply(ask.endpoint, ask.body, body)
    if beginning is not None:
        raise Malformed
    return await _unrolled(operation, reply.body)


async def _unrolled(operation: Operation, body: bytes) -> "Relay":
    """Begin a stream with all of an answer that came whole."""
    stream, events = unroll(operation.ask.endpoint, body)
    relay = Relay(operation, stream)
    ready = relay.take(stream.feed(events))
    if ready:
        await relay.send(ready)
    relay.end()
    return relay


async def _flow(relay: "Relay", upstream: Upstream, stall: float) -> None:
    """Pass events on until nothing more is to come."""
    while not relay.done:
        chunk = await upstream.chunk()
        if chunk is None:
            relay.end()
            return
        ready = relay.take(relay.stream.feed(chunk))
        if ready:
            # A client that reads slowly is not the provider's stall.
            upstream.within(inf, Stalled)
            await relay.send(ready)
        if relay.broken is not None:
            raise relay.broken
        if relay.flowing or relay.complete:
            upstream.within(min(stall, GRACE) if relay.complete else stall, Stalled)


async def _refusal(operation: Operation, upstream: Upstream) -> ProviderError:
    target = operation.target
    assert target is not None
    try:
        body = await upstream.body(LARGEST_REFUSAL)
    except ProviderError:
        body = b""
    return PROVIDERS[target.kind].error(upstream.status, upstream.header, body, target)


@dataclass(slots=True)
class Relay:
    """One stream on its way: what was passed on, and what is held back."""

    operation: Operation
    stream: Stream
    before: Usage | None = None
    """What the attempts took that wrote the beginning of this answer."""
    done: bool = False
    """The vendor has said that nothing follows."""
    complete: bool = False
    """Every choice has its finish reason."""
    broken: ProviderError | None = None
    """What ended the stream behind what may still go out."""
    flowing: bool = False
    """A first token has come; before that another target may still answer."""
    finish_reason: str | None = None
    finished: int = 0
    waiting: list[bytes] = field(default_factory=list[bytes])
    """Events before the first token."""
    held: list[Event] = field(default_factory=list[Event])

    def take(self, events: Sequence[Event]) -> bytes:
        """Read events; return the bytes that may go out, be it before an error.

        While the client has nothing, another target may answer it from the beginning: the error is
        raised at once.
        """
        ready = self.waiting if not self.flowing else []
        for event in events:
            piece = event.piece
            if piece is None:
                ready.append(event.raw)
                continue
            if piece.error is not None:
                if not self.operation.exchange.begun:
                    raise piece.error
                self.broken = piece.error
                break
            self._note(piece)
            if piece.done:
                self.done = True
                self.held.append(event)
                break
            if piece.finished or piece.bare or self.complete:
                self.held.append(event)
            else:
                ready.append(event.raw)
        if not self.flowing or not ready:
            return b""
        self.waiting = []
        return ready[0] if len(ready) == 1 else b"".join(ready)

    def end(self) -> None:
        """Take the end of the stream; raise where it is not the end of the answer."""
        if self.stream.rest().strip() == _DONE:
            self.done = True
        if not self.done and not self.complete:
            raise StreamCut

    async def send(self, ready: bytes) -> None:
        """Pass bytes on."""
        exchange = self.operation.exchange
        if not exchange.begun:
            headers = self.operation.headers(EVENTS)
            await exchange.begin(200, _streaming(headers))
        self.operation.passed(ready)
        await exchange.part(ready)

    async def finish(self) -> None:
        """Settle, then let go of what was held back."""
        operation = self.operation
        if not self.done:
            for event in self.stream.close():
                self.held.append(event)
                if event.piece is not None and event.piece.usage is not None:
                    operation.usage = event.piece.usage
        operation.succeed(200)
        ask = operation.ask
        used = operation.counted if self.before is None else self.before + operation.counted
        end = FACES[ask.endpoint].tail(self.held, used, usd(operation.cost), wanted=ask.wants_usage)
        tail = b"".join(self.waiting) + end
        operation.passed(tail)
        body = operation.delivered()
        exchange = operation.exchange
        headers = _streaming(operation.headers(EVENTS))
        await operation.keep_answer(200, headers, body)
        operation.settle(Status.SUCCESS, 200, None, self.finish_reason, body, "sse")
        if operation.durable is not None:
            await operation.durable()
        if not exchange.begun:
            await exchange.begin(200, headers)
        await exchange.end(tail)

    def _note(self, piece: Piece) -> None:
        operation = self.operation
        if piece.begun is not None:
            operation.begun = piece.begun
        if piece.usage is not None:
            operation.usage = piece.usage
        if piece.size:
            operation.size += piece.size
            if not self.flowing:
                self.flowing = True
                operation.note_first_token()
        if piece.finished:
            self.finish_reason = self.finish_reason or piece.finished[0]
            self.finished += len(piece.finished)
            self.complete = self.finished >= operation.ask.choices


def _streaming(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Leave out what a stream tells at its end, and keep proxies from collecting it."""
    kept = [header for header in headers if header[0] != b"x-hone-cost-usd"]
    return [*kept, (b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no")]
