"""A window at a glance, as the API gives it."""

from datetime import datetime

from hone.core.schemas import Schema
from hone.operations.schemas.types import Window


class Before(Schema):
    """The window before, to compare with."""

    requests: int
    error_rate: float
    cost_usd: float
    p95_ms: float | None


class Totals(Schema):
    """What a window adds up to."""

    requests: int
    errors: int
    error_rate: float
    cost_usd: float
    input_tokens: int
    output_tokens: int
    requests_per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    ttft_p50_ms: float | None
    previous: Before


class Point(Schema):
    """One step of a series."""

    at: datetime
    requests: int
    errors: int
    cost_usd: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class ModelShare(Schema):
    """What one model did in a window."""

    model: str
    requests: int
    share: float
    errors: int
    cost_usd: float
    p95_ms: float | None


class Overview(Schema):
    """A window at a glance."""

    as_of: datetime
    window: Window
    totals: Totals
    series: list[Point]
    models: list[ModelShare]
