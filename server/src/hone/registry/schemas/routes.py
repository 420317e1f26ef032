"""Routes as the API takes and gives them."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from hone.core.schemas import Schema
from hone.gateway import Policy
from hone.registry.schemas.types import Name, RouteId, Seconds, Version, Weight


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


class RouteCreate(Schema):
    """A route to add."""

    name: Name
    policy: Policy = Policy.WEIGHTED
    targets: list[RouteTarget] = Field(min_length=1, max_length=100)
    fallbacks: list[Name] = Field(
        default=[], max_length=20, description="Models to try, in order, when all targets failed."
    )
    deadlines: RouteDeadlines = RouteDeadlines()

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [each.model for each in self.targets]
        if len(set(names)) != len(names):
            raise ValueError("a model is a target of a route once")
        if len(set(self.fallbacks)) != len(self.fallbacks):
            raise ValueError("a model is a fallback of a route once")
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
    version: int
    created_at: datetime
    updated_at: datetime


class RouteUndo(Schema):
    """Which change to take back."""

    version: Version
