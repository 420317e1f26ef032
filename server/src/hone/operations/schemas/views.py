"""Views of the list: choices of filters and columns."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from hone.core.schemas import Schema
from hone.operations.schemas.types import Label
from hone.operations.text import clean_json

Name = Annotated[str, BeforeValidator(clean_json), Field(min_length=1, max_length=120)]
QueryName = Annotated[str, Field(max_length=64)]


class ViewCreate(Schema):
    """A choice of filters and columns, to be kept under a name."""

    name: Name
    query: Annotated[
        dict[QueryName, Label | Annotated[list[Label], Field(max_length=50)]], Field(max_length=30)
    ] = Field(
        default_factory=dict, description='The list\'s parameters, such as `{"status": ["error"]}`.'
    )
    columns: Annotated[list[QueryName], Field(max_length=50)] = Field(
        default_factory=list[str], description="Columns that are shown; the usual ones when empty."
    )
    shared: bool = Field(
        default=False, description="Whether everybody in the organization sees it."
    )


class ViewReplace(ViewCreate):
    """What a view is to be."""

    version: int = Field(description="The version that you read.")


class ViewRead(ViewCreate):
    """A view."""

    id: str
    mine: bool = Field(description="Whether you made it, and so may change it.")
    version: int
    created_at: datetime
    updated_at: datetime
