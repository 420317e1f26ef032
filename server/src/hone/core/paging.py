"""Lists by keyset: a cursor names the last row seen, so page 10,000 costs what page 1 does."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, ConfigDict

from hone.core.errors import BadRequest

T = TypeVar("T")
COUNT_LIMIT = 10_000
"""Totals are exact up to here and null beyond."""


class UnknownCursor(BadRequest):
    """This cursor was not made by this list; start again without one."""

    code = "unknown_cursor"


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(frozen=True)

    items: Sequence[T]
    total: int | None
    """How many there are in all; null beyond 10,000."""
    next: str | None
    """Pass as `cursor` to get the next page; null on the last."""


class PageQuery(BaseModel):
    """Which page a client wants."""

    model_config = ConfigDict(frozen=True)

    limit: int = 50
    cursor: str | None = None

    def after(self) -> list[str] | None:
        """Read the cursor's parts; None for the first page."""
        return None if self.cursor is None else _decode(self.cursor)


async def page_query(
    limit: Annotated[int, Query(ge=1, le=500, description="Rows on a page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`next` of the page before.")
    ] = None,
) -> PageQuery:
    """Read `limit` and `cursor` from a URL."""
    return PageQuery(limit=limit, cursor=cursor)


def cursor(*parts: object) -> str:
    """Write a cursor from the sort key of the last row."""
    packed = msgspec.json.encode([str(part) for part in parts])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _decode(text: str) -> list[str]:
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return msgspec.json.decode(packed, type=list[str])
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise UnknownCursor(param="cursor") from error
