"""Ollama's requests and answers, as its documentation has them."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hone.core import ids
from hone.llm.errors import Broken, Limited, Malformed, ModelUnknown, ProviderError, Unsupported
from hone.llm.formats import ollama
from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Format,
    Media,
    Message,
    Mused,
    Raw,
    Request,
    Result,
    Role,
    Sampling,
    Sound,
    Text,
    Thought,
    Tool,
    Wrote,
)
from hone.llm.providers import PROVIDERS
from hone.llm.sse import LONGEST
from hone.llm.types import Endpoint, Target, Usage
from tests.llm.formats import neutral

unhurried = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
OLLAMA = PROVIDERS["ollama"]
URL = Media("image", url="https://example.org/a.png")


def sent(request: Request) -> dict[str, Any]:
    """Write a request, and read it as its receiver does."""
    return json.loads(msgspec.json.encode(ollama.PROVIDER.write(request)))


def target(base_url: str = "http://127.0.0.1:11434", credential: str = "") -> Target:
    return Target(ids.new(), "o", "p", "ollama", "llama3.2:3b", base_url, credential)


def reread(told: dict[str, Any]) -> Request:
    """Read a request back, as far as Ollama can say it."""
    options, shape = told.get("options", {}), told.get("format")
    return Request(
        tuple(neutral.merged(map(_turn, told["messages"]))),
        tuple(_tool(each["function"]) for each in told.get("tools", ())),
        max_tokens=options.get("num_predict"),
        stop=tuple(options.get("stop", ())),
        sampling=Sampling(options.get("temperature"), options.get("top_p")),
        format=Format(Raw(msgspec.json.encode(shape))) if shape is not None else None,
    )


def _turn(turn: dict[str, Any]) -> Message:
    texts = (Text(turn["content"]),) if turn["content"] else ()
    if turn["role"] == "tool":
        assert turn["tool_name"]
        return Message(Role.USER, (Result(turn["tool_call_id"], texts),))
    pictures = tuple(Media("image", "image/png", each) for each in turn.get("images", ()))
    calls = tuple(
        Asked(
            each["id"],
            each["function"]["name"],
            json.dumps(each["function"]["arguments"], separators=(",", ":")),
        )
        for each in turn.get("tool_calls", ())
    )
    return Message(Role(turn["role"]), (*texts, *pictures, *calls))


def _tool(function: dict[str, Any]) -> Tool:
    schema = Raw(msgspec.json.encode(function["parameters"]))
    return Tool(function["name"], function["description"], schema)


def _plain(message: Message) -> Message:
    """Put a turn's texts together, and its pictures after them, as Ollama has them."""
    results = tuple(part for part in message.parts if isinstance(part, Result))
    text = "".join(part.text for part in message.parts if isinstance(part, Text))
    rest = tuple(part for part in message.parts if isinstance(part, Media | Asked))
    return Message(message.role, (*results, *((Text(text),) if text else ()), *rest))


@unhurried
@given(request=neutral.requests)
def test_a_request_says_all_of_what_is_asked(request: Request) -> None:
    linked = any(URL in message.parts for message in request.messages)
    if linked or request.choice in {"required", "=search"}:
        with pytest.raises(Unsupported):
            sent(request)
        return
    expected = msgspec.structs.replace(
        request,
        messages=tuple(neutral.merged(map(_plain, request.messages))),
        tools=() if request.choice == "none" else request.tools,
        choice=None,
        format=request.format and Format(request.format.schema),
        user=None,
    )
    assert reread(sent(request)) == expected


@unhurried
@given(answer=neutral.answers())
def test_an_answer_is_read(answer: Answer) -> None:
    (choice,) = answer.choices
    assume(choice.finish is not Finish.CONTENT_FILTER)
    assert answer.usage is not None
    used = Usage(answer.usage.input_tokens, answer.usage.output_tokens)
    calls = [part for part in choice.parts if isinstance(part, Asked)]
    finish = Finish.TOOL_CALLS if calls else Finish.STOP
    long = choice.finish is Finish.LENGTH
    message = {
        "role": "assistant",
        "content": "".join(part.text for part in choice.parts if isinstance(part, Text)),
        "tool_calls": [
            {
                "id": each.id,
                "function": {"name": each.name, "arguments": json.loads(each.arguments)},
            }
            for each in calls
        ],
    }
    body = {
        "model": answer.model,
        "created_at": "2026-01-02T03:04:05.6Z",
        "message": message,
        "done": True,
        "done_reason": "length" if long else "stop",
        "prompt_eval_count": used.input_tokens,
        "eval_count": used.output_tokens,
    }
    expected = msgspec.structs.replace(choice, finish=Finish.LENGTH if long else finish)
    assert ollama.PROVIDER.read(json.dumps(body).encode()) == msgspec.structs.replace(
        answer, choices=(expected,), usage=used, id="ollama-20260102030405" + "6"
    )


LINES: list[dict[str, Any]] = [
    {"message": {"content": "", "thinking": "Let me see"}},
    {"message": {"content": "Good "}},
    {
        "message": {
            "content": "day",
            "tool_calls": [
                {"function": {"name": "weather", "arguments": {"city": "Linz"}}},
                {"id": "call_9", "function": {"name": "time"}},
            ],
        }
    },
    {"message": {"content": ""}, "done": True, "prompt_eval_count": 7, "eval_count": 9},
]


@given(cut=st.integers(1, 400))
def test_a_stream_is_read(cut: int) -> None:
    head = {"model": "m", "created_at": "2026"}
    stream = "".join(json.dumps(head | line) + "\n" for line in LINES).encode()
    reader = ollama.PROVIDER.reader()
    found: list[Delta] = []
    for at in range(0, len(stream), cut):
        found += reader.feed(stream[at : at + cut])
    assert found == [
        Began("ollama-2026", "m"),
        Mused("Let me see"),
        Wrote("Good "),
        Wrote("day"),
        Called(0, "call_ollama-2026_0", "weather"),
        Argued(0, '{"city":"Linz"}'),
        Called(1, "call_9", "time"),
        Argued(1, "{}"),
        Ended(Finish.TOOL_CALLS),
        Counted(Usage(7, 9)),
        Closed(),
    ]


def test_a_line_without_an_end_is_not_believed() -> None:
    with pytest.raises(Malformed):
        list(ollama.PROVIDER.reader().feed(b" " * (LONGEST + 1)))


@pytest.mark.parametrize("body", [{}, {"message": 7}, {"message": None}])
def test_what_is_no_answer_is_an_error(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        ollama.PROVIDER.read(json.dumps(body).encode())
    with pytest.raises(Broken, match="no memory"):
        ollama.PROVIDER.read(b'{"error":"no memory"}')


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        (Request((), choices=2), "n"),
        (Request((), logprobs=0), "logprobs"),
        (Request((), (Tool("a"),), choice="required"), "tool_choice"),
        (Request((Message(Role.USER, (URL,)),)), "messages"),
        (Request((Message(Role.USER, (Sound("wav", "x"),)),)), "messages"),
        (Request((Message(Role.USER, (Media("file", "application/pdf", "x"),)),)), "messages"),
    ],
)
def test_what_ollama_cannot_be_asked_is_refused(request_: Request, param: str) -> None:
    with pytest.raises(Unsupported) as refused:
        sent(request_)
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("effort", "budget", "think"),
    [
        ("none", None, False),
        ("minimal", None, "low"),
        ("medium", None, "medium"),
        ("xhigh", None, "high"),
        (None, 2000, True),
        (None, 0, False),
        (None, None, None),
    ],
)
def test_thinking_is_asked_for(
    effort: str | None, budget: int | None, think: bool | str | None
) -> None:
    assert sent(Request((), effort=effort, budget=budget)).get("think") == think


def test_everything_that_can_be_set_is_sent() -> None:
    thought = Message(Role.ASSISTANT, (Thought("Hm"), Text("Yes")))
    system = Message(Role.DEVELOPER, (Text("Be brief."),))
    sampling = Sampling(0.5, 0.9, 40, 7, 0.1, 0.2)
    request = Request((system, thought), (Tool("a"),), max_tokens=9, stop=("x",), sampling=sampling)
    assert sent(msgspec.structs.replace(request, format=Format())) == {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "assistant", "content": "Yes", "thinking": "Hm"},
        ],
        "tools": [
            {"type": "function", "function": {"name": "a", "parameters": {"type": "object"}}}
        ],
        "format": "json",
        "options": {
            "temperature": 0.5,
            "top_p": 0.9,
            "top_k": 40,
            "seed": 7,
            "presence_penalty": 0.1,
            "frequency_penalty": 0.2,
            "num_predict": 9,
            "stop": ["x"],
        },
    }


@pytest.mark.parametrize(
    "base_url", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"]
)
def test_a_call_goes_to_ollamas_own_api(base_url: str) -> None:
    body = neutral.as_body({"messages": [{"role": "user", "content": "Hi"}]})
    for stream in (False, True):
        call = OLLAMA.call(Endpoint.CHAT, body, target(base_url), stream=stream)
        assert (call.url, call.headers) == ("http://h:1/api/chat", ())
        assert json.loads(call.body)["model"] == "llama3.2:3b"
        assert json.loads(call.body)["stream"] is stream
    texts = neutral.as_body({"input": "a", "dimensions": 5})
    vectors = OLLAMA.call(Endpoint.EMBEDDINGS, texts, target(base_url, "key"), stream=False)
    assert (vectors.url, vectors.headers) == (
        "http://h:1/api/embed",
        (("authorization", "Bearer key"),),
    )
    assert json.loads(vectors.body) == {"model": "llama3.2:3b", "input": ["a"], "dimensions": 5}


def test_vectors_that_are_none_are_an_error() -> None:
    with pytest.raises(Malformed):
        OLLAMA.reply(Endpoint.EMBEDDINGS, neutral.as_body({"input": "a"}), b"{}")


@pytest.mark.parametrize(
    ("status", "kind"), [(404, ModelUnknown), (429, Limited), (500, Broken), (503, Broken)]
)
def test_refusals_are_read_by_status(status: int, kind: type[ProviderError]) -> None:
    found = OLLAMA.error(status, lambda _: None, b'{"error":"so it is"}', target())
    assert type(found) is kind
