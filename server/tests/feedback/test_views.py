"""Printed SELECTs run on views of the printed names, in the analyst's own organization."""

import psycopg

from tests.feedback.conftest import Desk


async def _rows(desk: Desk, query: str) -> list[tuple[object, ...]]:
    async with await psycopg.AsyncConnection.connect(desk.urls.app) as connection:
        await connection.execute(
            "SELECT set_config('hone.organization_id', %s, true)", (str(desk.organization_id),)
        )
        found = await connection.execute(query.encode())
        return await found.fetchall()


async def test_analysts_read_feedback_by_sql(desk: Desk) -> None:
    operation = await desk.log(externalId=123)
    await desk.give(
        operation, "negative", correctedCategory="refund", comment="terrible", userId="u"
    )
    suggestion = await desk.log(operationType="suggestion")
    body = {"operationType": "suggestion", "operationId": suggestion, "feedback": "positive"}
    await desk.http.post("/api/ai/feedback", json=body | {"wasUsed": True, "wasHelpful": False})
    await desk.log(externalId=124)
    await desk.settle()
    assert await _rows(
        desk,
        "SELECT external_id, was_accepted, category, corrected_category, corrected_category_id,"
        " feedback_comment FROM ai_classifications ORDER BY external_id",
    ) == [
        ("123", False, "billing", "refund", "refund", "[sealed]"),
        ("124", None, None, None, None, None),
    ]
    used = await _rows(desk, "SELECT was_used, was_helpful, feedback_comment FROM ai_suggestions")
    assert used == [(True, False, None)]
    told = await _rows(
        desk,
        "SELECT user_id, feedback_type, feedback, comment, state FROM user_feedback WHERE corrected",
    )
    assert told == [("u", "verdict", "negative", "[sealed]", "accepted")]
    analysis = await _rows(desk, "SELECT sentiment, quality_score > 0 FROM feedback_analysis")
    assert analysis == [("negative", True)]
    scores = await _rows(
        desk, "SELECT satisfaction_score FROM ai_requests ORDER BY satisfaction_score NULLS LAST"
    )
    assert scores == [(1.0,), (5.0,), (None,)]


async def test_a_query_that_names_no_organization_sees_none(desk: Desk) -> None:
    await desk.give(await desk.log())
    await desk.settle()
    for table in ("feedback", "feedback_hours", "feedback_labels", "user_feedback"):
        async with desk.database.transaction() as session:
            connection = await session.connection()
            rows = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert rows.scalar_one() == 0
