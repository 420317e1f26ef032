"""Contents: packed, sealed, opened, and read as one message."""

import json
import os
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import crypto, ids
from hone.gateway import (
    Content,
    ContentMode,
    ContentUnreadable,
    DataKey,
    Organization,
    content_answer,
    contents,
)
from tests.gateway.scripted import chunk

KEY = DataKey(ids.new(), "2026-11", os.urandom(32))


@given(st.binary(max_size=5000), st.binary(max_size=5000), st.sampled_from(["json", "sse"]))
def test_what_is_packed_is_unpacked(request: bytes, answer: bytes, kind: contents.Kind) -> None:
    organization_id, operation_id = ids.new(), ids.new()
    content = Content(request, answer, kind)
    here = contents.context(organization_id, operation_id)
    sealed = contents.pack(content, KEY, here)
    assert contents.unpack(sealed, KEY.secret, here) == content
    for other in ((ids.new(), operation_id), (organization_id, ids.new())):
        with pytest.raises(crypto.Unreadable):
            contents.unpack(sealed, KEY.secret, contents.context(*other))


def test_what_we_did_not_pack_is_unreadable() -> None:
    organization_id, operation_id = ids.new(), ids.new()
    context = contents.context(organization_id, operation_id)
    sealed = crypto.seal(KEY.id, KEY.secret, b"neither zstd nor msgpack", context)
    with pytest.raises(ContentUnreadable):
        contents.unpack(sealed, KEY.secret, context)


def test_the_key_is_that_of_the_month_in_which_the_operation_began() -> None:
    november, december = (
        DataKey(ids.new(), month, os.urandom(32)) for month in ("2026-11", "2026-12")
    )
    keys = {"2026-11": november, "2026-12": december}
    part = Organization(ids.new(), 1, data_keys=keys)
    last = int(time.mktime((2026, 11, 30, 23, 59, 59, 0, 0, 0)) - time.timezone) * 1000
    assert contents.key_for(part, ids.new(last).bytes) is november
    assert contents.key_for(part, ids.new(last + 1000).bytes) is december
    nothing = Organization(ids.new(), 1, data_keys=keys, content=ContentMode.NONE)
    assert contents.key_for(nothing, ids.new(last).bytes) is None


def test_a_stored_answer_is_read_as_it_is() -> None:
    assert content_answer(Content(b"{}", b'{"a": 1}', "json")) == {"a": 1}
    assert content_answer(Content(b"{}", b"", "json")) is None
    assert content_answer(Content(b"{}", b"broken", "json")) is None
    assert content_answer(Content(b"{}", b'"\\ud800"', "json")) == "\ufffd"


@given(st.lists(st.text(min_size=1, max_size=9), max_size=9), st.integers(1, 3))
def test_a_stored_stream_is_read_as_one_message(texts: list[str], choices: int) -> None:
    events: list[bytes] = []
    for index in range(choices):
        events += [chunk({"role": "assistant", "content": ""}, index=index)]
        events += [chunk({"content": text}, index=index) for text in texts]
        events += [chunk({}, "stop", index=index)]
    stream = b"".join(events) + b": bye\n\ndata: [1]\n\ndata: {broken\n\ndata: [DONE]\n\n"
    answer: Any = content_answer(Content(b"{}", stream, "sse"))
    assert [each["message"]["content"] for each in answer["choices"]] == ["".join(texts)] * choices
    assert {each["finish_reason"] for each in answer["choices"]} == {"stop"}
    assert (answer["id"], answer["object"]) == ("chatcmpl-1", "chat.completion")


def test_calls_of_tools_are_put_together_by_index() -> None:
    def call(index: int | None, **more: object) -> bytes:
        return chunk({"tool_calls": [({} if index is None else {"index": index}) | more]})

    stream = b"".join(
        [
            call(0, id="c1", type="function", function={"name": "find", "arguments": ""}),
            call(0, id="c1", function={"arguments": '{"da'}),
            call(1, id="c2", function={"name": "book", "arguments": "{}"}),
            call(0, function={"arguments": 'y":1}'}),
            call(None, id="c3"),
            chunk({"content": None, "refusal": "no", "audio": {"id": "a", "data": "x"}}),
            chunk({"audio": {"data": "y"}}, "tool_calls", usage={"prompt_tokens": 3}),
        ]
    )
    answer: Any = content_answer(Content(b"{}", stream, "sse"))
    assert answer["usage"] == {"prompt_tokens": 3}
    message = answer["choices"][0]["message"]
    assert message["audio"] == {"id": "a", "data": "xy"}
    assert message["refusal"] == "no"
    assert message["content"] is None
    calls = message["tool_calls"]
    assert [each["id"] for each in calls] == ["c1", "c2", "c3"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"day": 1}
