"""Frames as the gateway writes them, for tests of what reads them."""

from uuid import UUID

from hone.core import ids
from hone.gateway import Attempt, Opened, Settled


def opened(organization: UUID, operation: UUID, number: int = 1) -> Opened:
    """An attempt that has started."""
    return Opened(
        id=operation.bytes,
        organization_id=organization.bytes,
        key_id=ids.new().bytes,
        number=number,
        endpoint="chat/completions",
        route="assistant",
        route_id=None,
        model="venue",
        provider="simulator",
        upstream="venue",
        model_id=ids.new().bytes,
        price_id=None,
        input_price=2_500_000,
        output_price=10_000_000,
        estimated_input_tokens=12,
        stream=False,
        user=None,
        conversation=None,
        metadata=None,
    )


def settled(organization: UUID, operation: UUID, *, cost: int = 100, user: str = "u") -> Settled:
    """An operation that has ended well."""
    attempt = Attempt(
        model="venue",
        provider="simulator",
        upstream="venue",
        model_id=ids.new().bytes,
        price_id=None,
        status=200,
        error=None,
        started_ms=0.1,
        duration_ms=12.0,
        ttft_ms=3.0,
        input_tokens=12,
        output_tokens=7,
        cached_tokens=0,
        reasoning_tokens=0,
        estimated=False,
        cost=cost,
    )
    return Settled(
        id=operation.bytes,
        organization_id=organization.bytes,
        key_id=ids.new().bytes,
        endpoint="chat/completions",
        route="assistant",
        route_id=None,
        status=0,
        http_status=200,
        error=None,
        finish_reason="stop",
        stream=False,
        user=user,
        conversation=None,
        metadata=None,
        latency_ms=12.5,
        ttft_ms=3.0,
        overhead_ms=0.4,
        candidates=[("venue", 1.0)],
        attempts=[attempt],
        content_key=None,
        content=None,
    )
