"""The values that the operations API takes."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from hone.core import ids
from hone.operations.text import clean_json

Window = Literal["15m", "1h", "6h", "24h"]


_LARGEST_INTEGER = 2**31 - 1
_LARGEST_USD = 10_000


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _rounded(value: float) -> float:
    """Drop what is too small for PostgreSQL's real, which refuses it."""
    return round(value, 6)


def key_of(value: object) -> object:
    """Read the id of a key."""
    if value is None or isinstance(value, UUID):
        return value
    found = ids.parse("key", str(value))
    if found is None:
        raise ValueError("must be the id of a key, such as key_019ab…")
    return found


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time; without a zone it is UTC."""
Json = Annotated[Any, BeforeValidator(clean_json)]
Label = Annotated[str, BeforeValidator(clean_json), Field(min_length=1, max_length=512)]
Labels = Annotated[tuple[Label, ...], Field(max_length=50)]
Tokens = Annotated[int, Field(ge=0, le=_LARGEST_INTEGER)]
Milliseconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False), AfterValidator(_rounded)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(_rounded)]
Score = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False), AfterValidator(_rounded)]
Dollars = Annotated[float, Field(ge=0, le=_LARGEST_USD, allow_inf_nan=False)]
