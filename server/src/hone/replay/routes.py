"""HTTP routes of replays."""

import asyncio
from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Request

from hone.core.db import Database
from hone.identity import ActorDep
from hone.replay import service
from hone.replay.schemas import WhatIf, WhatIfQuery

router = APIRouter(prefix="/api/routes", tags=["registry"])
_TURN: Final = asyncio.Semaphore(1)
"""One replay at a time in a process: calls come first."""


async def database(request: Request) -> Database:
    """Return the database: a replay holds no transaction while it reckons."""
    return cast("Database", request.app.state.database)


@router.post("/what-if")
async def try_route(
    request: Request,
    database: Annotated[Database, Depends(database)],
    actor: ActorDep,
    body: WhatIfQuery,
) -> WhatIf:
    """Tell what a route would have made of the last calls: cost, times, mix. Nothing is saved."""
    return await service.what_if(database, actor, body, request.is_disconnected, _TURN)
