"""What comes at the same time is written together, and nobody pays for another's piece."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from hone.core import ids
from hone.feedback import Recorder
from tests.feedback.conftest import Desk
from tests.fixtures.app import client, grant, statements
from tests.fixtures.database import make_organization


async def test_what_comes_together_is_written_together(desk: Desk) -> None:
    operation = await desk.log()
    with statements(desk.database) as sent:
        given = await asyncio.gather(*(desk.give(operation, userId=f"u-{n}") for n in range(30)))
    assert len({each["id"] for each in given}) == 30
    assert sum("INTO feedback" in each for each in sent) <= 3
    await desk.settle()
    assert (await desk.get("/api/ai/feedback/summary"))["told"] == 30


async def test_the_last_of_what_one_person_says_at_once_counts(desk: Desk) -> None:
    operation = await desk.log()
    said = ["positive", "negative"] * 5
    given = await asyncio.gather(*(desk.give(operation, each, userId="u-1") for each in said))
    assert len({each["id"] for each in given}) == 1
    await desk.settle()
    assert [each["feedback"] for each in await desk.items()] == ["negative"]


async def test_organizations_are_written_apart(desk: Desk) -> None:
    mine = await desk.log()
    other = await make_organization(desk.database)
    async with client(desk.app, grant(desk.app, other)) as http:
        said = {"operationType": "classification", "operationId": mine, "feedback": "positive"}
        given, refused = await asyncio.gather(
            desk.give(mine), http.post("/api/ai/feedback", json=said)
        )
    assert given["state"] == "received"
    # The call is young: of what another organization has nothing is told.
    assert refused.status_code == 201
    await desk.settle()
    assert len(await desk.items()) == 1


def row(**changes: object) -> dict[str, Any]:
    """Write down a piece of feedback as a request does."""
    named = ids.new()
    columns = (
        "kind operation_id moment user_id score value rating was_used was_helpful expected sentiment"
        " quality key_id sealed"
    )
    return {
        **dict.fromkeys(columns.split()),
        "id": named,
        "digest": named.bytes,
        "said": b"said",
        "metric": "thumbs",
        "conversation_id": "talk",
        "actor": "key_1",
        "positive": True,
        "corrected": False,
        "commented": False,
        "early": True,
        "keyed": False,
        **changes,
    }


async def test_what_cannot_be_written_harms_nothing_beside_it(desk: Desk) -> None:
    recorder = Recorder(desk.database)
    rows = [row(), row(score=2.0), row(), row()]
    first, wrong, *others = await asyncio.gather(
        *(recorder.keep(desk.organization_id, each) for each in rows), return_exceptions=True
    )
    assert isinstance(wrong, IntegrityError)
    kept = [first, *others]
    assert [each.id for each in kept if not isinstance(each, BaseException) and each] == [
        rows[0]["id"], rows[2]["id"], rows[3]["id"],
    ]  # fmt: skip


async def test_who_goes_away_while_writing_leaves_nobody_waiting(desk: Desk) -> None:
    recorder = Recorder(desk.database)
    rows = [row() for _ in range(5)]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(recorder.keep(desk.organization_id, each)) for each in rows]
        # All stand in line, and the first one writes for them.
        await asyncio.sleep(0)
        tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        tasks[0].result()
    kept = [each.result() for each in tasks[1:]]
    assert [each and each.id for each in kept] == [each["id"] for each in rows[1:]]
