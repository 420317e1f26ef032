"""The health of providers as the API gives it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from hone.core.schemas import Schema
from hone.health.states import CircuitState

HealthWindow = Literal["15m", "1h", "6h", "24h"]


class CircuitRead(Schema):
    """A model's circuit breaker in all server processes; the worst state counts."""

    state: CircuitState = Field(
        description="open: left alone. half_open: tried by one call. unknown: no process is heard of."
    )
    processes: int = Field(description="Server processes, of all replicas.")
    open_in: int = Field(description="Processes in which it is open.")
    half_open_in: int
    since: datetime | None
    until: datetime | None = Field(description="When the last process tries it again.")
    reason: str | None = Field(description="The code of the error that opened it.")
    retry_after: float | None = Field(description="Seconds that the provider asked for.")


class AttemptFigures(Schema):
    """What attempts came to; those that the request itself made fail did not fail."""

    attempts: int
    failed: int
    error_rate: float
    p50_ms: float | None
    p95_ms: float | None
    ttft_p50_ms: float | None
    ttft_p95_ms: float | None
    answered_at: datetime | None = Field(description="When it answered last.")


class ModelHealth(AttemptFigures):
    """How one model is."""

    id: str
    name: str
    circuit: CircuitRead


class FailureRead(Schema):
    """An attempt that failed."""

    operation_id: str
    at: datetime
    model: str
    code: str
    status: int | None = Field(description="HTTP status of the provider; null where none came.")


class ProviderHealth(AttemptFigures):
    """How one provider is."""

    id: str
    name: str
    kind: str
    status: Literal["healthy", "degraded", "unhealthy", "idle"] = Field(
        description="idle: no call went there in the window."
    )
    models: list[ModelHealth]
    last_errors: list[FailureRead]


class HealthRead(Schema):
    """How providers are."""

    as_of: datetime
    window: HealthWindow
    processes: int = Field(description="Server processes that are heard of, of all replicas.")
    items: list[ProviderHealth]
