"""Routes as the API takes and gives them."""

from datetime import datetime
from typing import Final, Self

from pydantic import Field, model_validator

from hone.core.schemas import Schema
from hone.gateway import Policy
from hone.registry.schemas.types import (
    Exploration,
    Factor,
    Name,
    Region,
    RouteId,
    Seconds,
    Version,
    Weight,
)

MOST_LEARNT: Final = 20
SELECTIVE: Final = frozenset({Policy.INTELLIGENT, Policy.ADAPTIVE})
"""Policies that look at what a call needs, and at what models cost and are worth."""


class RouteTarget(Schema):
    """A model and its share of a route's traffic."""

    model: Name
    weight: Weight = 1.0


class RouteDeadlines(Schema):
    """How long each part of an attempt may take, in seconds; what is absent is the default."""

    connect: Seconds | None = None
    first_token: Seconds | None = None
    stall: Seconds | None = None
    total: Seconds | None = None


class RouteFactors(Schema):
    """How much each side of a choice counts, on any positive scale."""

    cost: Factor = 1.0
    performance: Factor = Field(default=1.0, description="How soon the answer comes.")
    quality: Factor = 1.0

    @model_validator(mode="after")
    def _any(self) -> Self:
        if not (self.cost or self.performance or self.quality):
            raise ValueError("at least one factor is more than 0")
        return self


class RouteCreate(Schema):
    """A route to add."""

    name: Name
    policy: Policy = Policy.WEIGHTED
    targets: list[RouteTarget] = Field(min_length=1, max_length=100)
    fallbacks: list[Name] = Field(
        default=[], max_length=20, description="Models to try, in order, when all targets failed."
    )
    deadlines: RouteDeadlines = RouteDeadlines()
    factors: RouteFactors | None = Field(
        default=None,
        description="For `intelligent` and `adaptive`; absent: cost, performance and quality alike.",
    )
    exploration: Exploration | None = Field(
        default=None,
        description="For `adaptive`: the part of the calls spread evenly; absent: 0.05.",
    )
    regions: list[Region] = Field(
        default=[],
        max_length=50,
        description="For `intelligent` and `adaptive`: where calls may be answered; empty: anywhere.",
    )

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [each.model for each in self.targets]
        if len(set(names)) != len(names):
            raise ValueError("a model is a target of a route once")
        if len(set(self.fallbacks)) != len(self.fallbacks):
            raise ValueError("a model is a fallback of a route once")
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Refuse what the policy would not read."""
        if self.policy not in SELECTIVE:
            for name, given in (("factors", self.factors), ("regions", self.regions)):
                if given:
                    raise ValueError(f"{name} are read by `intelligent` and `adaptive` only")
        if self.policy is Policy.ADAPTIVE:
            if len(self.targets) > MOST_LEARNT:
                raise ValueError(f"`adaptive` learns of at most {MOST_LEARNT} targets")
        elif self.exploration is not None:
            raise ValueError("exploration is read by `adaptive` only")
        if len(set(self.regions)) != len(self.regions):
            raise ValueError("a region stands once")
        return self


class RouteReplace(RouteCreate):
    """A route as it is to be."""

    version: Version


class RouteRead(Schema):
    """A route as clients see it."""

    id: RouteId
    name: str
    policy: str
    targets: list[RouteTarget]
    fallbacks: list[str]
    deadlines: RouteDeadlines
    factors: RouteFactors | None
    exploration: float | None
    regions: list[str]
    version: int
    created_at: datetime
    updated_at: datetime


class RouteUndo(Schema):
    """Which change to take back."""

    version: Version
