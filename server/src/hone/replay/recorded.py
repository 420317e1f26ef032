"""From the rows of operations to the calls that a replay reads."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from hone.llm.types import Endpoint, Usage
from hone.operations import Operation
from hone.replay.history import Past, Try

_ENDED: Final = frozenset({"cancelled", "interrupted"})
"""Nobody knows how these would have gone on."""
_GATEWAY: Final = "gateway"
_ENDPOINTS: Final = {"chat": Endpoint.CHAT, "classification": Endpoint.CLASSIFY}


def usable(row: Operation) -> bool:
    """Tell whether a call came through the gateway and was tried."""
    return row.source == _GATEWAY and bool(row.attempts)


def ended(row: Operation) -> bool:
    """Tell whether a call was ended from outside."""
    return row.status in _ENDED


def past(row: Operation) -> Past:
    """Read one call."""
    tries = tuple(tried(each) for each in row.attempts)
    latency = (row.latency_ms or 0.0) / 1000
    return Past(
        row.created_at.timestamp(),
        tries,
        _ENDPOINTS.get(row.kind) or Endpoint(row.kind),
        row.stream,
        row.conversation_id,
        max(latency - sum(each.seconds for each in tries), 0.0),
    )


def tried(attempt: Mapping[str, Any]) -> Try:
    """Read one attempt as it stands in its operation."""
    first, price_id = attempt.get("ttftMs"), attempt.get("priceId")
    return Try(
        UUID(attempt["modelId"]),
        attempt["model"],
        attempt.get("upstream") or "",
        (attempt.get("durationMs") or 0.0) / 1000,
        None if first is None else first / 1000,
        attempt.get("error"),
        attempt.get("status") or 0,
        Usage(
            attempt.get("inputTokens", 0),
            attempt.get("outputTokens", 0),
            attempt.get("cachedTokens", 0),
            attempt.get("reasoningTokens", 0),
            attempt.get("cacheWriteTokens", 0),
        ),
        attempt.get("cost", 0),
        None if price_id is None else UUID(price_id),
    )


def tries_of(rows: Iterable[Operation]) -> list[Try]:
    """List every attempt that tells of its model: neither given up nor wrong in itself."""
    return [each for row in rows if usable(row) and not ended(row) for each in _telling(past(row))]


def _telling(call: Past) -> tuple[Try, ...]:
    return call.tries[:-1] if call.fault is not None else call.tries
