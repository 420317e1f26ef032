"""Shares, classes, comments: what the figures of feedback mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.feedback.figures import Sums, classification, wilson
from hone.feedback.sentiment import read
from tests.feedback.conftest import Desk


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(part: int, rest: int) -> None:
    share = wilson(part, part + rest)
    if part + rest == 0:
        assert share is None
    else:
        assert share is not None
        assert 0 <= share.low <= share.value <= share.high <= 1
        wider = wilson(part * 10, (part + rest) * 10)
        assert wider is not None
        assert wider.high - wider.low <= share.high - share.low + 1e-4


def test_an_interval_is_wilsons() -> None:
    share = wilson(8, 10)
    assert share is not None
    assert (share.value, share.low, share.high) == (0.8, 0.4902, 0.9433)


def test_classes_are_reckoned_from_pairs() -> None:
    pairs = {("a", "a"): 8, ("a", "b"): 2, ("b", "b"): 5, ("b", "a"): 1}
    found = classification(Sums(told=16, positive=13, negative=3), pairs)
    assert [each.label for each in found.classes] == ["a", "b"]
    a, b = found.classes
    assert (a.precision, a.recall, a.f1_score) == (0.8, 0.8889, 0.8421)
    assert (b.precision, b.recall, b.f1_score) == (0.8333, 0.7143, 0.7692)
    assert found.accuracy is not None
    assert (found.labelled, found.accuracy.value) == (16, 0.8125)
    assert found.f1_score == pytest.approx((0.8421 + 0.7692) / 2, abs=1e-4)


@given(st.text(max_size=500))
def test_any_comment_is_read(comment: str) -> None:
    mood = read(comment)
    assert -1 <= mood.score <= 1
    assert 0 <= mood.quality <= 1


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("not good", "good"),
        ("good", "very good"),
        ("terrible", "ok"),
        ("The answer was great but wrong.", "The answer was wrong but great."),
        ("It doesn't work at all!", "It works."),
        ("👎", "👍"),
        ("it is bad", "it is not bad"),
    ],
)
def test_moods_are_in_order(worse: str, better: str) -> None:
    assert read(worse).score < read(better).score


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("bad", "Wrong category: I asked about a refund, it should have said billing."),
        ("xkcdqwrt zzzzzzz", "slow answer"),
        ("bad bad bad bad bad bad", "the order number in step 3 is missing"),
    ],
)
def test_a_comment_that_tells_more_is_worth_more(less: str, more: str) -> None:
    assert read(less).quality < read(more).quality


async def test_figures_are_told_by_model_type_and_period(desk: Desk) -> None:
    for number in range(4):
        operation = await desk.log(modelId="first" if number else "second")
        await desk.give(operation, "positive" if number % 2 else "negative")
        body = {"operationId": operation, "feedbackType": "helpful", "rating": number + 1}
        assert (await desk.http.post("/api/ai/feedback/submit", json=body)).status_code == 201
    await desk.settle()
    page = await desk.get("/api/ai/feedback", period="day", type="classification")
    statistics = page["statistics"]
    assert (statistics["told"], page["total"]) == (8, 8)
    assert {each["name"]: each["told"] for each in statistics["byModel"]} == {
        "first": 6,
        "second": 2,
    }
    assert {each["name"] for each in statistics["byMetric"]} == {"verdict", "helpful"}
    first = await desk.get("/api/ai/feedback/summary", model="first", period="all")
    assert first["told"] == 6
    assert first["ratings"] == [0, 1, 1, 1, 0]
    assert first["classification"]["labelled"] == 3, "of two good verdicts and a good rating"
    assert first["previous"] is None
    trends = await desk.get("/api/ai/feedback/trends", period="week")
    assert trends["step"] == "day"
    # A week ends with the running hour: it is seven days in the last hour of one, and else a part of an eighth.
    assert len(trends["items"]) in {7, 8}
    assert sum(each["told"] for each in trends["items"]) == 8


async def test_a_list_is_walked_by_its_cursor(desk: Desk) -> None:
    operation = await desk.log()
    for user in "abc":
        await desk.give(operation, userId=user)
    page = await desk.get("/api/ai/feedback", limit=2)
    assert page["total"] == 3
    rest = await desk.get("/api/ai/feedback", limit=2, cursor=page["next"])
    names = [each["person"]["id"] for each in page["items"] + rest["items"]]
    assert names == ["c", "b", "a"]
    assert rest["next"] is None
    assert (await desk.http.get("/api/ai/feedback?cursor=x")).status_code == 400
