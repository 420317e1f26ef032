"""What was before, as the API gives it: each version, who made it, and what it changed."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from hone.core.schemas import Schema

Reason = Literal["created", "updated", "undone", "restored", "deleted", "found"]


class ActorRead(Schema):
    """Who did something."""

    id: str = Field(description="`person_…`, `key_…` or `system`.")
    name: str | None = Field(description="Null where it is known no more.")


class ChangeRead(Schema):
    """One field, before and after."""

    field: str
    before: object = None
    after: object = None


class VersionRead(Schema):
    """One version of a provider, a model or a route."""

    version: int
    reason: Reason = Field(
        description="Why there is this version; `found` was there before versions were kept."
    )
    restored: int | None = Field(description="The version that this one is equal to again.")
    by: ActorRead | None = Field(description="Who made it; null where that was not kept.")
    at: datetime
    present: bool = Field(description="This is how it is now.")
    state: dict[str, object] = Field(description="What it was; never a secret.")
    changes: list[ChangeRead] = Field(description="Against the version before.")
