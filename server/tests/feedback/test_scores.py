"""Learned routing reads how good answers were, as people said."""

from uuid import UUID

from sqlalchemy import text

from hone import feedback
from hone.core import ids
from tests.feedback.conftest import Desk


async def test_scores_of_answers_are_read_newest_first(desk: Desk) -> None:
    model = ids.new()
    calls: list[str] = []
    for number in range(3):
        call = await desk.log(modelId=f"m-{number}")
        calls.append(call)
    async with desk.owner.transaction() as session:
        await session.execute(text("UPDATE operations SET model_id = :id"), {"id": model})
    for user, good in (("a", "positive"), ("b", "negative")):
        await desk.give(calls[0], good, userId=user)
    await desk.give(calls[2], "positive")
    rating = {"operationId": calls[1], "feedbackType": "fast", "rating": 1}
    assert (await desk.http.post("/api/ai/feedback/submit", json=rating)).status_code == 201
    await desk.settle()
    async with desk.database.transaction(desk.organization_id) as session:
        first = await feedback.scores(session, desk.organization_id, most=1)
        rest = await feedback.scores(session, desk.organization_id, first[0].operation_id)
    found = [(ids.public("op", each.operation_id), each.score) for each in [*first, *rest]]
    assert found == [(calls[2], 1.0), (calls[0], 0.5)], "speed is no quality of an answer"
    assert {each.model_id for each in first} == {UUID(str(model))}
