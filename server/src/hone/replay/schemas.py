"""What-if as the API takes and gives it."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from hone.core.schemas import Schema
from hone.registry import RouteCreate

MOST_CALLS: Final = 1000


class WhatIfQuery(RouteCreate):
    """A route as it might be."""

    id: str | None = Field(
        default=None, max_length=80, description="The route to change; absent: a new one."
    )
    calls: int = Field(
        default=MOST_CALLS, ge=1, le=MOST_CALLS, description="At most so many calls are replayed."
    )


class Estimate(Schema):
    """A figure as it was and as it would have been, with the range of twelve replays."""

    fact: float | None
    estimate: float | None = Field(description="Null: it is not known.")
    low: float | None
    high: float | None


class Measures(Schema):
    """What the calls cost, took, and came to."""

    cost_usd: Estimate
    p50_ms: Estimate = Field(
        description="To the end of the answer; half of the answers were sooner."
    )
    p95_ms: Estimate
    ttft_p50_ms: Estimate = Field(description="To the first token, of answers that were streamed.")
    ttft_p95_ms: Estimate
    failed: Estimate = Field(description="Calls that nobody answered.")
    fallbacks: Estimate = Field(
        description="Calls that another model than the one asked first answered."
    )
    deadlines: Estimate = Field(description="Attempts that a deadline ended.")


class MixPart(Schema):
    """What one model has of the calls."""

    model: str
    asked_fact: int = Field(description="Calls that it was asked first.")
    asked_estimate: int
    answered_fact: int
    answered_estimate: int


class SampleRead(Schema):
    """What is known of a model of the route."""

    model: str
    attempts: int = Field(description="Attempts that its speed and failures are taken from.")
    failed: int


class BasisRead(Schema):
    """Which calls were replayed."""

    kind: Literal["route", "organization"] = Field(
        description="organization: the route has no calls of its own yet."
    )
    route: str | None = Field(description="The route's name.")
    calls: int
    since: datetime | None
    until: datetime | None
    ended: int = Field(description="Left out: a client left, or a process died.")
    unfit: int = Field(description="Left out: no model of the route can do what they ask.")


class Unknown(Schema):
    """How many calls it is not known of, in the replay."""

    times: int = Field(description="How long they would take: no answer of that model was seen.")
    outcome: int = Field(description="Whether they would be answered.")
    prices: int = Field(description="What they would cost: the model has no price; counted as 0.")


class Note(Schema):
    """Something to know when reading the figures."""

    code: str
    message: str


class WhatIf(Schema):
    """What a route would have made of recorded calls."""

    basis: BasisRead
    measures: Measures
    mix: list[MixPart]
    samples: list[SampleRead]
    unknown: Unknown
    notes: list[Note]
