"""What becomes of frames: one flat row for each operation, as the table holds it.

A settled operation is told by its attempts: the last one names model and provider, and all of them
together make tokens and cost, since each was billed. An interrupted one (its process died) has no
outcome: its cost is what the prompts of the attempts that were sent would cost, marked as estimated.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from hone.core.errors import AppError
from hone.gateway import Attempt, Exposure, Opened, Settled, Status
from hone.llm.unicode import clean
from hone.operations import reasons, revenue

LABEL_LENGTH: Final = 512
"""An index refuses long values, and with them a whole COPY."""
INTERRUPTED: Final = "interrupted"
GATEWAY: Final = "gateway"
_STATUS: Final = {status.value: status.name.lower() for status in Status}
_KINDS: Final = {"chat/completions": "chat", "classify": "classification"}

_encode = msgspec.json.Encoder().encode


class Misshapen(AppError):
    """This frame cannot be stored: an id in it is not an id."""

    code = "misshapen_frame"


class Row(msgspec.Struct, gc=False):
    """One operation on its way into the table; ids are 16 bytes, times Unix milliseconds."""

    organization_id: bytes
    id: bytes
    created_ms: int
    kind: str
    status: str
    http_status: int | None
    error_code: str | None
    finish_reason: str | None
    route: str
    route_id: bytes | None
    model: str
    model_id: bytes | None
    provider: str | None
    upstream: str | None
    key_id: bytes | None
    user_id: str | None
    conversation_id: str | None
    stream: bool
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    written_tokens: int
    written_hour_tokens: int
    reasoning_tokens: int
    usage_estimated: bool
    cost: int
    revenue: int | None
    price_id: bytes | None
    latency_ms: float | None
    ttft_ms: float | None
    overhead_ms: float | None
    attempts: bytes
    candidates: bytes
    metadata: bytes | None
    content_key: bytes | None = None
    content: bytes | None = None
    held_to: bytes | None = None
    """Limits and the process that held the call to them, as JSON."""
    reason: bytes | None = None
    """Why its first target was chosen, as JSON."""
    batch: bytes | None = None
    confidence: float | None = None
    split_id: bytes | None = None
    arm: str | None = None
    chance: float | None = None
    split_unit: int | None = None
    rescued: bool = False


def settled(frame: Settled, lane: str) -> Row:
    """Make the row of an operation whose outcome is known, from the lane of the spool it lay in."""
    attempts = frame.attempts
    last = attempts[-1] if attempts else None
    return Row(
        checked(frame.organization_id),
        checked(frame.id),
        _created_ms(frame.id),
        _KINDS.get(frame.endpoint, frame.endpoint),
        _STATUS[frame.status],
        frame.http_status,
        frame.error,
        frame.finish_reason,
        _label(frame.route),
        frame.route_id,
        _label(last.model if last else frame.route),
        last.model_id if last else None,
        last.provider if last else None,
        last.upstream if last else None,
        frame.key_id,
        frame.user,
        frame.conversation,
        frame.stream,
        *_usage(attempts),
        revenue.told(frame.metadata) if frame.status == Status.SUCCESS else None,
        last.price_id if last else None,
        frame.latency_ms,
        frame.ttft_ms,
        frame.overhead_ms,
        _encode([_attempt(number, each) for number, each in enumerate(attempts, 1)]),
        _candidates(frame.candidates),
        frame.metadata,
        frame.content_key,
        frame.content,
        _held_to(frame.limits, lane),
        None if frame.reason is None else _encode(reasons.kept(frame.reason)),
        frame.batch,
        frame.confidence,
        *_met(frame.exposure),
    )


def interrupted(opened: Sequence[Opened], lane: str) -> Row:
    """Make the row of an operation whose process died, from the attempts that it opened."""
    last = opened[-1]
    met = _met(last.exposure)
    return Row(
        organization_id=checked(last.organization_id),
        id=checked(last.id),
        created_ms=_created_ms(last.id),
        kind=_KINDS.get(last.endpoint, last.endpoint),
        status=INTERRUPTED,
        http_status=None,
        error_code=INTERRUPTED,
        finish_reason=None,
        route=_label(last.route),
        route_id=last.route_id,
        model=_label(last.model),
        model_id=last.model_id,
        provider=last.provider,
        upstream=last.upstream,
        key_id=last.key_id,
        user_id=last.user,
        conversation_id=last.conversation,
        stream=last.stream,
        input_tokens=sum(each.estimated_input_tokens for each in opened),
        output_tokens=0,
        cached_tokens=0,
        written_tokens=0,
        written_hour_tokens=0,
        reasoning_tokens=0,
        usage_estimated=True,
        cost=sum(each.estimated_input_tokens * each.input_price for each in opened),
        revenue=None,
        price_id=last.price_id,
        latency_ms=None,
        ttft_ms=None,
        overhead_ms=None,
        attempts=_encode([_opened(each) for each in opened]),
        candidates=b"[]",
        metadata=last.metadata,
        held_to=_held_to(last.limits, lane),
        batch=last.batch,
        split_id=met[0],
        arm=met[1],
        chance=met[2],
        split_unit=met[3],
        rescued=met[4],
    )


_NOTHING: Final = (None, None, None, None, False)


def _met(
    exposure: Exposure | None,
) -> tuple[bytes | None, str | None, float | None, int | None, bool]:
    """Tell which arm a call met, as the columns have it."""
    if exposure is None:
        return _NOTHING
    arm = _label(exposure.arm)
    return checked(exposure.split), arm, exposure.chance, exposure.unit, exposure.rescued


@lru_cache(maxsize=4096)
def _label(text: str) -> str:
    """Clean a name that is also a key of the sums, where PostgreSQL must find it again."""
    return clean(text, LABEL_LENGTH)


def checked(value: bytes) -> bytes:
    """Return an id, or raise `Misshapen` where it is none: packed, it would pass for another."""
    if len(value) != 16:
        raise Misshapen
    return value


def _created_ms(operation_id: bytes) -> int:
    return int.from_bytes(operation_id[:6], "big")


def _usage(attempts: Sequence[Attempt]) -> tuple[int, int, int, int, int, int, bool, int]:
    if len(attempts) == 1:
        one = attempts[0]
        return (
            one.input_tokens,
            one.output_tokens,
            one.cached_tokens,
            one.written_tokens,
            one.written_hour_tokens,
            one.reasoning_tokens,
            one.estimated,
            one.cost,
        )
    return (
        sum(each.input_tokens for each in attempts),
        sum(each.output_tokens for each in attempts),
        sum(each.cached_tokens for each in attempts),
        sum(each.written_tokens for each in attempts),
        sum(each.written_hour_tokens for each in attempts),
        sum(each.reasoning_tokens for each in attempts),
        any(each.estimated for each in attempts),
        sum(each.cost for each in attempts),
    )


def _attempt(number: int, attempt: Attempt) -> dict[str, object]:
    made: dict[str, object] = {
        "number": number,
        "model": attempt.model,
        "provider": attempt.provider,
        "upstream": attempt.upstream,
        "modelId": attempt.model_id.hex(),
        "priceId": attempt.price_id.hex() if attempt.price_id else None,
        "status": attempt.status,
        "error": attempt.error,
        "startedMs": round(attempt.started_ms, 3),
        "durationMs": round(attempt.duration_ms, 3),
        "ttftMs": None if attempt.ttft_ms is None else round(attempt.ttft_ms, 3),
        "inputTokens": attempt.input_tokens,
        "outputTokens": attempt.output_tokens,
        "cachedTokens": attempt.cached_tokens,
        "cacheWriteTokens": attempt.written_tokens,
        "cacheWriteHourTokens": attempt.written_hour_tokens,
        "reasoningTokens": attempt.reasoning_tokens,
        "estimated": attempt.estimated,
        "cost": attempt.cost,
    }
    if attempt.said is not None:
        made["errorMessage"] = attempt.said
    return made


def _opened(opened: Opened) -> dict[str, object]:
    return {
        "number": opened.number,
        "model": opened.model,
        "provider": opened.provider,
        "upstream": opened.upstream,
        "modelId": opened.model_id.hex(),
        "priceId": opened.price_id.hex() if opened.price_id else None,
        "status": None,
        "error": INTERRUPTED,
        "inputTokens": opened.estimated_input_tokens,
        "outputTokens": 0,
        "estimated": True,
        "cost": opened.estimated_input_tokens * opened.input_price,
    }


def _held_to(limits: Sequence[bytes], lane: str) -> bytes | None:
    if not limits:
        return None
    return _encode({"holder": lane, "limits": [checked(each).hex() for each in limits]})


def _candidates(candidates: Sequence[tuple[str, float]]) -> bytes:
    if not candidates:
        return b"[]"
    return _encode([{"model": model, "propensity": chance} for model, chance in candidates])
