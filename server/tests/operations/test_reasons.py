"""Why a call went where it went, as the row keeps it and as people read it."""

import msgspec
import pytest

from hone.core import ids
from hone.gateway import Reason
from hone.operations import reasons

WEIGHED = [("small", 0.81, 0.77), ("large", 0.95, 0.66)]
MODEL = ids.new()


@pytest.mark.parametrize(
    ("trust", "whence"),
    [
        (None, "as you said of the models"),
        (0.7, "predicted from the prompt"),
        (0.0, "the prompt is a strange one"),
    ],
)
def test_a_reason_is_kept_and_told(trust: float | None, whence: str) -> None:
    made = Reason(None if trust is None else MODEL.bytes, trust, WEIGHED)
    stored = msgspec.json.decode(msgspec.json.encode(reasons.kept(made)))
    told = reasons.read(stored)
    assert told is not None
    assert told.said == (
        f"small had the best score: quality 0.81 ({whence}), against 0.95 of large;"
        " cost and speed by the route's factors."
    )
    assert told.routing_model == (None if trust is None else ids.public("rm", MODEL))
    assert [each.model for each in told.weighed] == ["small", "large"]


def test_without_a_comparison_there_is_no_reason() -> None:
    assert reasons.read(None) is None
    assert reasons.read(reasons.kept(Reason(None, None, []))) is None
    alone = reasons.read(reasons.kept(Reason(None, None, WEIGHED[:1])))
    assert alone is not None
    assert "against" not in alone.said
