"""What a call tells of its own answer, and what it does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hone.core import clock, ids
from hone.operations import Asked
from hone.routing.observed import AGAIN_WITHIN, judge, observe

CALL = Asked(
    ids.new(), clock.now(), ids.new(), "success", None, "stop", "talk", "Why?", limited=False
)


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        ({}, 1.0),
        ({"finish_reason": "tool_calls"}, 1.0),
        ({"finish_reason": "end_turn"}, 1.0),
        ({"finish_reason": "length"}, 0.0),
        ({"finish_reason": "max_tokens"}, 0.0),
        ({"finish_reason": "length", "limited": True}, None),
        ({"finish_reason": "content_filter"}, 0.0),
        ({"status": "error", "finish_reason": None, "error_code": "content_filter"}, 0.0),
        ({"status": "error", "finish_reason": None, "error_code": "upstream_timeout"}, None),
        ({"status": "error", "finish_reason": None, "error_code": "rate_limited"}, None),
        ({"status": "cancelled", "finish_reason": None}, None),
        ({"status": "interrupted", "finish_reason": None}, None),
        ({"finish_reason": None}, None),
        ({"finish_reason": "a new word"}, None),
    ],
)
def test_a_record_tells_what_its_model_is_to_blame_for(
    facts: dict[str, Any], score: float | None
) -> None:
    assert judge(replace(CALL, **facts), again=False) == score


def test_the_same_question_soon_again_says_that_the_answer_was_no_good() -> None:
    later = replace(CALL, id=ids.new(), created_at=CALL.created_at + AGAIN_WITHIN)
    assert [each.score for each in observe([later, CALL])] == [1.0, 0.0]
    for other in (
        replace(later, conversation="another"),
        replace(later, conversation=None),
        replace(later, prompt="Why not?"),
        replace(later, created_at=later.created_at + timedelta(seconds=1)),
    ):
        assert [each.score for each in observe([other, CALL])] == [1.0, 1.0]
    assert [each.score for each in observe([later, replace(CALL, finish_reason=None)])] == [1.0]
