"""Do something in one organization, as Hone itself: what most commands are made of."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from hone import identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database, Session
from hone.identity import Actor

T = TypeVar("T")


def inside(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    """Do something in one transaction of an organization, as Hone itself."""

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    with connected(options.settings(data_dir)) as ready:
        return with_database(ready.app_url, run)


def document(shown: BaseModel) -> Any:  # noqa: ANN401
    """Write what the API would answer."""
    return shown.model_dump(mode="json", by_alias=True)


def emit(shown: BaseModel, *, as_json: bool, text: str) -> None:
    """Print what the API would answer, or the same for people."""
    output.emit(document(shown), as_json=as_json, text=text)
