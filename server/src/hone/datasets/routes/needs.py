"""What the routes of datasets ask of the process."""

from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.paging import PageQuery, page_query
from hone.core.settings import Settings


async def _blobs(connection: HTTPConnection) -> Blobs:
    return cast("Blobs", connection.app.state.blobs)


async def _database(connection: HTTPConnection) -> Database:
    return cast("Database", connection.app.state.database)


async def _settings(connection: HTTPConnection) -> Settings:
    return cast("Settings", connection.app.state.settings)


BlobsDep = Annotated[Blobs, Depends(_blobs)]
DatabaseDep = Annotated[Database, Depends(_database)]
SettingsDep = Annotated[Settings, Depends(_settings)]
PageDep = Annotated[PageQuery, Depends(page_query)]
