"""How an answer leaves: in time, in pieces, and with the faults that were ordered."""

import msgspec
from msgspec.structs import replace

from hone.simulator import errors
from hone.simulator.answers import Answer
from hone.simulator.behaviours import Behaviour, Fault
from hone.simulator.errors import Headers
from hone.simulator.exchange import JSON, Exchange
from hone.simulator.formats.base import Dialect, Writer
from hone.simulator.ledger import Delivery
from hone.simulator.meter import Meter

HELD_BACK = {Fault.STALL, Fault.MALFORMED}
"""Faults that happen inside the answer, after which it goes on."""

DROPPED = {Fault.CUT, Fault.RESET}
"""Faults that end the connection."""


class Call(msgspec.Struct):
    """An answer on its way."""

    exchange: Exchange
    behaviour: Behaviour
    meter: Meter
    dialect: Dialect
    writer: Writer
    answer: Answer
    headers: Headers
    started: float
    """When the request came, in the loop's seconds; a stall moves it."""
    silence_seconds: float
    pending: list[bytes] = []

    @property
    def length(self) -> int:
        """How many pieces are made before the answer ends or a fault ends it."""
        after = self.behaviour.after_tokens
        whole = len(self.answer.pieces)
        return whole if after is None or self.behaviour.fault in HELD_BACK else min(after, whole)

    @property
    def fault_at(self) -> int | None:
        """Before which piece a fault happens inside the answer."""
        after, fault = self.behaviour.after_tokens, self.behaviour.fault
        if fault == Fault.MALFORMED or (fault == Fault.STALL and after is not None):
            return min(after or 0, self.length)
        return None

    @property
    def ended_early(self) -> bool:
        """Tell whether a fault ends the answer before its finish reason."""
        behaviour = self.behaviour
        return behaviour.after_tokens is not None and (
            behaviour.status is not None
            or behaviour.fault in DROPPED
            or behaviour.fault == Fault.NO_DONE
        )

    def due(self, index: int) -> float:
        """Return when a piece is ready."""
        behaviour = self.behaviour
        first = max(behaviour.ttft_ms, behaviour.head_ms)
        return self.started + (first + index * behaviour.per_token_ms) / 1000


async def hung_up(
    exchange: Exchange, behaviour: Behaviour, meter: Meter, silence_seconds: float
) -> bool:
    """Do what a behaviour orders before the head; tell whether the connection is gone."""
    before_head = behaviour.after_tokens is None
    if before_head and behaviour.fault == Fault.STALL:
        await exchange.until(exchange.now() + _stall_seconds(behaviour, silence_seconds))
    if behaviour.fault == Fault.SILENCE:
        await exchange.until(exchange.now() + silence_seconds)
    elif not (before_head and behaviour.fault in DROPPED):
        return False
    meter.settle(Delivery.CUT, 0, str(behaviour.fault))
    await exchange.drop(reset=behaviour.fault == Fault.RESET)
    return True


async def whole(call: Call) -> None:
    """Send an answer that is not streamed."""
    exchange, meter, fault = call.exchange, call.meter, call.behaviour.fault
    await exchange.until(call.due(0))
    meter.begun = True
    cut = fault in DROPPED
    if cut:
        call.answer = replace(call.answer, pieces=call.answer.pieces[: call.length])
    await _generate(call)
    body = call.writer.whole(call.answer)
    if fault == Fault.MALFORMED:
        body = body[: len(body) // 2]
    if not cut:
        meter.delivered_tokens = meter.visible_tokens
    meter.settle(Delivery.CUT if cut else Delivery.FULL, 200, str(fault) if cut else None)
    await exchange.start(200, [JSON, (b"content-length", b"%d" % len(body)), *call.headers])
    if cut:
        await exchange.write(body[: len(body) // 2])
        await exchange.drop(reset=fault == Fault.RESET)
    else:
        await exchange.finish(body)


async def stream(call: Call) -> None:
    """Send an answer piece by piece, a token in each."""
    exchange, behaviour, meter = call.exchange, call.behaviour, call.meter
    await exchange.until(call.started + behaviour.head_ms / 1000)
    await exchange.start(200, [*call.writer.head, *call.headers])
    await exchange.until(call.due(0))
    meter.begun = True
    call.pending.append(call.writer.opening(call.answer))
    fault_at = call.fault_at
    for index in range(call.length):
        if index == fault_at:
            await _fault(call)
        if behaviour.per_token_ms or len(call.pending) + 1 >= behaviour.burst > 0:
            await exchange.until(call.due(index))
        meter.visible_tokens += 1
        call.pending.append(call.writer.piece(call.answer, call.answer.pieces[index]))
        if len(call.pending) >= behaviour.burst > 0:
            await _flush(call)
    if fault_at == call.length:
        await _fault(call)
    await exchange.look()
    await _end(call)


async def _generate(call: Call) -> None:
    """Let the time of every token pass."""
    fault_at = call.fault_at if call.behaviour.fault == Fault.STALL else None
    if fault_at is None and not call.behaviour.per_token_ms:
        call.meter.visible_tokens += call.length
        return
    for index in range(call.length + 1):
        if index == fault_at:
            await _stall(call)
        if index == call.length:
            break
        if call.behaviour.per_token_ms:
            await call.exchange.until(call.due(index))
        call.meter.visible_tokens += 1


async def _fault(call: Call) -> None:
    if call.behaviour.fault == Fault.STALL:
        await _flush(call)
        await _stall(call)
    else:
        call.pending.append(call.writer.broken(call.answer))


async def _stall(call: Call) -> None:
    seconds = _stall_seconds(call.behaviour, call.silence_seconds)
    await call.exchange.until(call.exchange.now() + seconds)
    call.started += seconds


async def _flush(call: Call) -> None:
    await call.exchange.write(b"".join(call.pending))
    call.pending.clear()
    call.meter.delivered_tokens = call.meter.visible_tokens


async def _end(call: Call) -> None:
    """Settle, then send the last bytes, as the behaviour wants them."""
    exchange, behaviour, meter = call.exchange, call.behaviour, call.meter
    meter.delivered_tokens = meter.visible_tokens
    if not call.ended_early:
        call.pending.append(call.writer.ending(call.answer))
        if behaviour.fault != Fault.NO_DONE:
            call.pending.append(call.writer.done(call.answer))
        meter.settle(Delivery.FULL, 200)
    elif behaviour.status is not None:
        refusal = errors.scripted(behaviour.status, behaviour.code, behaviour.retry_after)
        problem = call.dialect.problem(refusal, meter.request_id, None)
        call.pending.append(call.writer.error(problem))
        meter.settle(Delivery.CUT, 200, problem.name)
    else:
        meter.settle(Delivery.CUT, 200, str(behaviour.fault))
    if behaviour.fault in DROPPED:
        await exchange.write(b"".join(call.pending))
        await exchange.drop(reset=behaviour.fault == Fault.RESET)
    else:
        await exchange.finish(b"".join(call.pending))


def _stall_seconds(behaviour: Behaviour, silence_seconds: float) -> float:
    if behaviour.stall_ms is None:
        return silence_seconds
    return min(behaviour.stall_ms / 1000, silence_seconds)
