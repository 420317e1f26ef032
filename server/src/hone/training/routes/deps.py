"""What the routes of training ask for."""

from typing import Annotated, cast

from fastapi import Depends, Header
from starlette.requests import HTTPConnection

from hone.core.paging import PageQuery, page_query
from hone.training.place import Place


async def _place(connection: HTTPConnection) -> Place:
    return cast("Place", connection.app.state.training)


PlaceDep = Annotated[Place, Depends(_place)]
PageDep = Annotated[PageQuery, Depends(page_query)]
KeyHeader = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=1,
        max_length=255,
        description="Sent again, it begins nothing new.",
    ),
]
