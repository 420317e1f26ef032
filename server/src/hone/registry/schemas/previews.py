"""What a change of a route would do, as the API gives it."""

from typing import Literal

from pydantic import Field

from hone.core.schemas import Schema
from hone.registry.schemas.routes import RouteCreate
from hone.registry.schemas.types import Name, Version
from hone.registry.schemas.versions import ChangeRead


class RoutePreviewQuery(RouteCreate):
    """A route as it might be."""

    id: str | None = Field(
        default=None, max_length=80, description="The route to change; absent: a new one."
    )
    version: Version | None = None


class TargetShare(Schema):
    """What a model of the route would get."""

    model: Name
    provider: str
    percent: float | None = Field(
        description="Of the route's calls; 0 for a fallback; null: it depends on the calls."
    )
    priced: bool


class Finding(Schema):
    """Something to know before saving."""

    code: str
    message: str
    param: str | None = None


class RoutePreview(Schema):
    """What saving a route would do."""

    action: Literal["create", "update", "unchanged"]
    changes: list[ChangeRead]
    shares: list[TargetShare]
    problems: list[Finding] = Field(description="Saving would be refused for these.")
    warnings: list[Finding] = Field(description="Saving is possible; know these.")
