"""However an answer is cut, and however its rest comes, the client reads the same text."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.gateway.breaker import Breaker
from hone.gateway.continuing import SPARED, Beginning, Spliced, able, unable
from hone.llm.errors import ContentRefused, ContextTooLong, Limited, ProviderError, Rejected
from hone.llm.formats import passing
from hone.llm.formats.messages.streams import MessagesPassing
from hone.llm.types import Endpoint, Profile, Usage
from tests.gateway.running import target
from tests.gateway.scripted import chunk

text = st.text(st.sampled_from("ab \n\t"), max_size=12)


def beginning(owed: str) -> Beginning:
    return Beginning({}, owed, Usage(), {}, 0, True)


@given(written=text, rest=text, data=st.data())
def test_white_space_that_the_client_has_is_not_told_twice(
    written: str, rest: str, data: st.DataObject
) -> None:
    whole = "x" + written + rest
    sent = "x" + written
    asked = sent.rstrip()
    # The second model goes on from what it was asked with, in pieces of any size.
    left = whole[len(asked) :]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(left)), max_size=4)) | {0, len(left)})
    pieces = [left[one:other] for one, other in pairwise(cuts)]
    told = sent + _chat(pieces, sent[len(asked) :])
    assert told == whole
    assert sent + _message(pieces, sent[len(asked) :]) == whole


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Rejected("No prefill.", upstream_status=400), True),
        (Rejected(upstream_status=422, param="messages[3].content"), True),
        (Rejected("No prefill, and too warm.", upstream_status=400, param="temperature"), False),
        (Rejected(upstream_status=413), False),
        (ContentRefused("prefill", upstream_status=400), False),
        (ContextTooLong(upstream_status=400, param="messages"), False),
        (Limited(upstream_status=429), False),
    ],
)
def test_what_refuses_a_beginning_is_known_by_its_type(
    error: ProviderError, expected: bool
) -> None:
    planned = target("m", "http://127.0.0.1:9", profile=Profile(prefill=True)), Breaker()
    assert unable(error, planned, 100.0) is expected
    assert able([planned], 101.0) == ([] if expected else [planned])
    assert able([planned], 100.0 + SPARED) == [planned]


def _chat(pieces: list[str], owed: str) -> str:
    spliced = Spliced(passing.chat_stream(), Endpoint.CHAT, beginning(owed))
    raw = b"".join(
        event.raw for piece in pieces for event in spliced.feed(chunk({"content": piece}))
    )
    events = [json.loads(line[6:]) for line in raw.splitlines() if line.startswith(b"data: ")]
    return "".join(event["choices"][0]["delta"].get("content", "") for event in events)


def _message(pieces: list[str], owed: str) -> str:
    spliced = Spliced(MessagesPassing(), Endpoint.MESSAGES, beginning(owed))
    start: dict[str, object] = {"type": "content_block_start", "index": 0}
    events = [start | {"content_block": {"type": "text", "text": ""}}]
    for piece in pieces:
        delta = {"type": "text_delta", "text": piece}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    raw = b"".join(
        each.raw
        for event in events
        for each in spliced.feed(b"data: %b\n\n" % json.dumps(event).encode())
    )
    told = [json.loads(line[6:]) for line in raw.splitlines() if line.startswith(b"data: ")]
    assert all(event["type"] == "content_block_delta" for event in told)
    return "".join(event["delta"]["text"] for event in told)
