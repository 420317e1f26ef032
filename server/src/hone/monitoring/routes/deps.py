"""What the routes of monitoring ask for."""

from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from hone.core.paging import PageQuery, page_query
from hone.monitoring.place import Place


async def _place(connection: HTTPConnection) -> Place:
    return cast("Place", connection.app.state.monitoring)


PlaceDep = Annotated[Place, Depends(_place)]
PageDep = Annotated[PageQuery, Depends(page_query)]
