"""An operation as the API shows it."""

from typing import Any, Literal, NamedTuple
from uuid import UUID

from hone.core import ids
from hone.operations import reasons
from hone.operations.contents import Shown
from hone.operations.figures import rounded, usd
from hone.operations.models import Operation
from hone.operations.reasons import CandidateRead
from hone.operations.schemas import (
    AttemptRead,
    Caller,
    Lineage,
    Neighbours,
    OperationItem,
    OperationRead,
    SplitRead,
)


def item(operation: Operation) -> OperationItem:
    """Show one row of a list."""
    return OperationItem(**_brief(operation))


class Surroundings(NamedTuple):
    """Who made a call, what split it, and its neighbours in the conversation."""

    caller: Caller | None
    split: tuple[Literal["experiment", "release"], UUID] | None
    previous: UUID | None
    next: UUID | None


def whole(operation: Operation, shown: Shown, around: Surroundings) -> OperationRead:
    """Show everything."""
    revenue = operation.revenue
    return OperationRead(
        **_brief(operation),
        caller=around.caller,
        neighbours=Neighbours(previous=_public(around.previous), next=_public(around.next)),
        lineage=Lineage(
            conversation=operation.conversation_id,
            feedback=None,
            example=None,
            dataset=None,
            run=None,
            version=None,
            release=None,
        ),
        source=operation.source,
        http_status=operation.http_status,
        finish_reason=operation.finish_reason,
        upstream=operation.upstream,
        key_id=None if operation.key_id is None else ids.public("key", operation.key_id),
        external_id=operation.external_id,
        batch_id=None if operation.batch_id is None else ids.public("batch", operation.batch_id),
        total_tokens=operation.input_tokens + operation.output_tokens,
        reasoning_tokens=operation.reasoning_tokens,
        usage_estimated=operation.usage_estimated,
        revenue_usd=None if revenue is None else usd(revenue),
        overhead_ms=rounded(operation.overhead_ms),
        confidence=operation.confidence,
        satisfaction_score=operation.satisfaction_score,
        attempts=[_attempt(each) for each in operation.attempts],
        candidates=[CandidateRead(**each) for each in operation.candidates],
        reason=reasons.read(operation.reason),
        split=_split(operation, around.split),
        metadata=operation.metadata_,
        messages=shown.messages,
        messages_withheld=shown.withheld,
    )


def _brief(operation: Operation) -> dict[str, Any]:
    return {
        "id": ids.public("op", operation.id),
        "created_at": operation.created_at,
        "model_name": operation.model,
        "route": operation.route,
        "provider": operation.provider,
        "kind": operation.kind,
        "status": operation.status,
        "error_code": operation.error_code,
        "input_tokens": operation.input_tokens,
        "output_tokens": operation.output_tokens,
        "cached_tokens": operation.cached_tokens,
        "cache_write_tokens": operation.written_tokens,
        "cache_write_hour_tokens": operation.written_hour_tokens,
        "cost_usd": usd(operation.cost),
        "latency_ms": rounded(operation.latency_ms),
        "ttft_ms": rounded(operation.ttft_ms),
        "stream": operation.stream,
        "user_id": operation.user_id,
        "conversation_id": operation.conversation_id,
    }


def _split(
    operation: Operation, subject: tuple[Literal["experiment", "release"], UUID] | None
) -> SplitRead | None:
    if subject is None or operation.arm is None:
        return None
    kind, subject_id = subject
    return SplitRead(
        id=ids.public("rel" if kind == "release" else "exp", subject_id),
        kind=kind,
        arm=operation.arm,
        chance=round(operation.chance or 0.0, 6),
        named=operation.split_unit is not None,
        rescued=operation.rescued,
    )


def _public(operation_id: UUID | None) -> str | None:
    return None if operation_id is None else ids.public("op", operation_id)


def _attempt(stored: dict[str, Any]) -> AttemptRead:
    kept = {name: value for name, value in stored.items() if name not in _INTERNAL}
    return AttemptRead.model_validate({**kept, "costUsd": usd(stored.get("cost", 0))})


_INTERNAL = {"cost", "modelId", "priceId"}
