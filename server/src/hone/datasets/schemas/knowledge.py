"""Knowledge, as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hone.core.schemas import Schema
from hone.datasets.schemas.examples import Named

KnowledgeFormat = Literal["html", "pdf", "text", "faq"]
KnowledgeState = Literal["waiting", "current", "failed"]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[!-~]+$")]
Hours = Annotated[int, Field(ge=1, le=8760)]


class KnowledgeCreate(Schema):
    """A page, FAQ or document to read from its address."""

    url: Address = Field(description="http or https, on the public internet; without credentials.")
    name: Named | None = Field(default=None, description="Absent: the address.")
    every_hours: Hours | None = Field(
        default=24, description="How often it is read again; null: only when somebody asks."
    )


class KnowledgeUpdate(Schema):
    """What to change of a knowledge source; what is absent stays."""

    name: Named | None = None
    every_hours: Hours | None = None


class KnowledgeRead(Schema):
    """A page, FAQ or document whose text answers are searched in."""

    id: str
    name: str
    url: str | None = Field(description="Null for one that was uploaded.")
    every_hours: int | None
    format: KnowledgeFormat | None = Field(description="What was read last.")
    state: KnowledgeState = Field(
        description="waiting: it is read soon. failed: what it said before is kept."
    )
    problem: str | None
    pages: int = Field(description="Examples that it became, with the source `knowledge`.")
    checked_at: datetime | None
    changed_at: datetime | None = Field(description="When it last said something else.")
    next_at: datetime | None = Field(description="When it is read again.")
    created_by: str
    created_at: datetime
