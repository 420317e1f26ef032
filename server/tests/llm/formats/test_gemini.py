"""Gemini's requests and answers, as its reference has them."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hone.core import ids
from hone.llm.errors import (
    Broken,
    ContentRefused,
    Limited,
    Malformed,
    ModelUnknown,
    ProviderError,
    Refused,
    Rejected,
    TimedOut,
    Unsupported,
)
from hone.llm.formats import gemini, messages
from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
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
from hone.llm.types import Endpoint, Target, Usage
from tests.llm.formats import neutral

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
GOOGLE = PROVIDERS["google"]
SAID = Message(Role.USER, (Text("Hi"),))


def sent(request: Request, spoken: Any = gemini.PROVIDER) -> dict[str, Any]:
    """Write a request, and read it as its receiver does."""
    return json.loads(msgspec.json.encode(spoken.write(request)))


def no_header(_: bytes) -> None:
    """Find nothing."""


def target(upstream: str = "gemini-2.5-pro") -> Target:
    url = "https://example.com/v1beta"
    return Target(ids.new(), "g", "p", "google", upstream, url, "secret-key")


def reread(told: dict[str, Any]) -> Request:
    """Read a request back, as far as Gemini can say it."""
    config = told.get("generationConfig", {})
    calling = told.get("toolConfig", {}).get("functionCallingConfig")
    system = told.get("systemInstruction", {"parts": []})["parts"]
    turns = [Message(Role.SYSTEM, tuple(Text(each["text"]) for each in system))] if system else []
    for each in told["contents"]:
        role = Role.ASSISTANT if each["role"] == "model" else Role.USER
        turns.append(Message(role, tuple(_part(part) for part in each["parts"])))
    tools = [each for tool in told.get("tools", ()) for each in tool["functionDeclarations"]]
    schema = config.get("responseJsonSchema")
    return Request(
        tuple(turns),
        tuple(
            Tool(each["name"], each["description"], _raw(each["parametersJsonSchema"]))
            for each in tools
        ),
        _choice(calling),
        max_tokens=config.get("maxOutputTokens"),
        stop=tuple(config.get("stopSequences", ())),
        sampling=Sampling(config.get("temperature"), config.get("topP")),
        format=Format(_raw(schema)) if schema is not None else None,
    )


def _raw(value: object) -> Raw:
    return Raw(msgspec.json.encode(value))


def _choice(calling: dict[str, Any] | None) -> str | None:
    if calling is None:
        return None
    named = calling.get("allowedFunctionNames")
    return (
        f"={named[0]}"
        if named
        else {"ANY": "required"}.get(calling["mode"], calling["mode"].lower())
    )


def _part(part: dict[str, Any]) -> Any:
    if "functionCall" in part:
        call = part["functionCall"]
        return Asked(call["id"], call["name"], json.dumps(call["args"], separators=(",", ":")))
    if "functionResponse" in part:
        back = part["functionResponse"]
        assert back["name"]
        return Result(back["id"], (Text(back["response"]["result"]),))
    if "inlineData" in part:
        return Media("image", part["inlineData"]["mimeType"], part["inlineData"]["data"])
    if "fileData" in part:
        assert part["fileData"]["mimeType"] == "image/png"
        return Media("image", url=part["fileData"]["fileUri"])
    return Text(part["text"])


@unhurried
@given(request=neutral.requests)
def test_a_request_says_all_of_what_is_asked(request: Request) -> None:
    turns = [m for m in neutral.merged(request.messages) if m.role is not Role.SYSTEM]
    system = [m for m in request.messages if m.role is Role.SYSTEM]
    expected = msgspec.structs.replace(
        request,
        messages=(*system, *turns),
        format=request.format and Format(request.format.schema),
        user=None,
    )
    assert reread(sent(request)) == expected


@unhurried
@given(answer=neutral.answers())
def test_an_answer_is_read(answer: Answer) -> None:
    (choice,) = answer.choices
    called = any(isinstance(part, Asked) for part in choice.parts)
    reasons = {Finish.LENGTH: "MAX_TOKENS", Finish.CONTENT_FILTER: "SAFETY"}
    usage = answer.usage or Usage()
    body = {
        "candidates": [
            {
                "content": {"role": "model", "parts": [_said(part) for part in choice.parts]},
                "finishReason": reasons.get(choice.finish, "STOP"),
            }
        ],
        "usageMetadata": {
            "promptTokenCount": usage.input_tokens,
            "candidatesTokenCount": usage.output_tokens,
            "cachedContentTokenCount": usage.cached_tokens,
        },
        "responseId": answer.id,
        "modelVersion": answer.model,
    }
    finish = choice.finish
    if finish in {Finish.STOP, Finish.TOOL_CALLS}:
        finish = Finish.TOOL_CALLS if called else Finish.STOP
    expected = msgspec.structs.replace(choice, finish=finish)
    found = gemini.PROVIDER.read(json.dumps(body, indent=2).encode())
    assert found == msgspec.structs.replace(answer, choices=(expected,))


def _said(part: Any) -> dict[str, Any]:
    if isinstance(part, Asked):
        arguments = json.loads(part.arguments)
        return {"functionCall": {"id": part.id, "name": part.name, "args": arguments}}
    return {"text": part.text}


CHUNKS = [
    {"candidates": [{"content": {"parts": [{"text": "Let me see", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "Good "}]}}]},
    {
        "candidates": [
            {
                "content": {
                    "parts": [
                        {"text": "day"},
                        {
                            "functionCall": {"name": "weather", "args": {"city": "Linz"}},
                            "thoughtSignature": "c2ln",
                        },
                        {"functionCall": {"name": "time"}},
                    ]
                }
            }
        ]
    },
    {
        "candidates": [
            {
                "content": {"parts": [{"text": "", "thoughtSignature": "ZW5k"}]},
                "finishReason": "STOP",
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 7,
            "cachedContentTokenCount": 3,
            "candidatesTokenCount": 4,
            "thoughtsTokenCount": 5,
        },
    },
]


@given(cut=st.integers(1, 400), end=st.sampled_from(["\n\n", "\r\n\r\n"]))
def test_a_stream_is_read(cut: int, end: str) -> None:
    head = {"responseId": "r", "modelVersion": "m"}
    stream = "".join(f"data: {json.dumps(chunk | head)}{end}" for chunk in CHUNKS).encode()
    reader = gemini.PROVIDER.reader()
    found: list[Delta] = []
    for at in range(0, len(stream), cut):
        found += reader.feed(stream[at : at + cut])
    assert found == [
        Began("r", "m"),
        Mused("Let me see"),
        Wrote("Good "),
        Wrote("day"),
        Called(0, "call_r_0_0", "weather", "c2ln"),
        Argued(0, '{"city":"Linz"}'),
        Called(1, "call_r_0_1", "time"),
        Argued(1, "{}"),
        Mused(signature="google:ZW5k"),
        Ended(Finish.TOOL_CALLS),
        Counted(Usage(7, 9, 3, 5)),
    ]


def test_the_usage_of_several_choices_is_told_when_all_have_ended() -> None:
    reader = gemini.PROVIDER.reader()

    def chunk(*candidates: dict[str, Any]) -> bytes:
        counts = {"promptTokenCount": 1}
        return (
            f"data: {json.dumps({'candidates': candidates, 'usageMetadata': counts})}\n\n".encode()
        )

    first = {"index": 0, "content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"}
    second = {"index": 1, "content": {"parts": [{"text": "b"}]}}
    assert not any(isinstance(each, Counted) for each in reader.feed(chunk(first, second)))
    found = list(reader.feed(chunk(second | {"finishReason": "MAX_TOKENS"})))
    assert found == [Wrote("b", 1), Ended(Finish.LENGTH, choice=1), Counted(Usage(1))]


def test_log_probabilities_have_openais_shape() -> None:
    chosen = {"token": "é", "tokenId": 5, "logProbability": -0.25}
    other = {"token": "e", "logProbability": -2}
    result = {
        "chosenCandidates": [chosen],
        "topCandidates": [{"candidates": [chosen, other]}],
    }
    candidate = {"content": {"parts": [{"text": "é"}]}, "logprobsResult": result}
    body = json.dumps({"candidates": [candidate]}).encode()
    (choice,) = gemini.PROVIDER.read(body).choices
    first = {"token": "é", "logprob": -0.25, "bytes": [195, 169]}
    second = {"token": "e", "logprob": -2.0, "bytes": [101]}
    assert json.loads(bytes(choice.logprobs)) == {
        "content": [first | {"top_logprobs": [first, second]}],
        "refusal": None,
    }
    assert [bytes(each.logprobs) != b"" for each in _wrote(body)] == [True]


def _wrote(body: bytes) -> list[Wrote]:
    deltas = list(gemini.PROVIDER.reader().feed(b"data: %b\n\n" % body))
    return [each for each in deltas if isinstance(each, Wrote)]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("RECITATION", Finish.CONTENT_FILTER), ("OTHER", Finish.STOP), (None, Finish.STOP)],
)
def test_every_finish_reason_means_something(reason: str | None, expected: Finish) -> None:
    body = json.dumps({"candidates": [{"finishReason": reason}]}).encode()
    (choice,) = gemini.PROVIDER.read(body).choices
    assert (choice.parts, choice.finish) == ((), expected)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, Malformed),
        ({"candidates": []}, Malformed),
        ({"candidates": 7}, Malformed),
        ({"promptFeedback": {"blockReason": "OTHER"}}, ContentRefused),
        ({"error": {"code": 503, "status": "UNAVAILABLE"}}, Broken),
    ],
)
def test_what_is_no_answer_is_an_error(body: dict[str, Any], error: type[ProviderError]) -> None:
    with pytest.raises(error):
        gemini.PROVIDER.read(json.dumps(body).encode())


def test_a_call_goes_back_with_its_signature_or_with_the_word_that_there_is_none() -> None:
    calls = (Asked("1", "a", "{}"), Asked("2", "b", "{}"))
    results = tuple(Result(call.id, (Text('{"ok":true}'),)) for call in calls)
    turns = (SAID, Message(Role.ASSISTANT, calls), Message(Role.USER, results))

    def signatures(turns: tuple[Message, ...], spoken: Any) -> list[str | None]:
        parts = sent(Request(turns), spoken)["contents"][1]["parts"]
        return [part.get("thoughtSignature") for part in parts]

    assert signatures(turns, gemini.PROVIDER) == [None, None]
    assert signatures(turns, gemini.PROVING) == [gemini.asking.UNPROVEN, None]
    signed = (SAID, Message(Role.ASSISTANT, (Asked("1", "a", "{}", "c2ln"),)))
    assert signatures(signed, gemini.PROVING) == ["c2ln"]
    back = sent(Request(turns))["contents"][2]["parts"]
    assert [each["functionResponse"]["name"] for each in back] == ["a", "b"]
    assert back[0]["functionResponse"]["response"] == {"ok": True}
    models = {"gemini-2.5-pro": False, "gemini-3-pro-preview": True, "tunedModels/x": True}
    for upstream, proves in models.items():
        asked: Any = {
            "messages": [
                {"role": "user", "content": "Hi"},
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "1", "function": {"name": "a", "arguments": "{}"}}],
                },
            ]
        }
        call = GOOGLE.call(Endpoint.CHAT, neutral.as_body(asked), target(upstream), stream=False)
        assert (gemini.asking.UNPROVEN.encode() in call.body) is proves


def test_thoughts_go_back_to_whoever_signed_them() -> None:
    own = (Thought("So", "google:c2ln"), Thought("", "google:ZW5k"))
    foreign = (Thought("Hm"), Thought("Then", "c2ln"), Thought(sealed="x"))
    said = Message(Role.ASSISTANT, (*foreign, *own, Text("")))
    (turn,) = sent(Request((said, Message(Role.USER, (Text(""),)))))["contents"]
    assert turn["parts"] == [
        {"text": "So", "thoughtSignature": "c2ln", "thought": True},
        {"text": "", "thoughtSignature": "ZW5k"},
    ]
    (turn,) = json.loads(msgspec.json.encode(messages.PROVIDER.write(Request((said,)))))["messages"]
    assert turn["content"] == [
        {"type": "thinking", "thinking": "Then", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "x"},
    ]


def test_what_tools_return_may_have_pictures_and_fail() -> None:
    call = Message(Role.ASSISTANT, (Asked("1", "a", '{"x":'),))
    picture = Media("image", "image/png", "aWNv")
    back = Message(Role.USER, (Text("So?"), Result("1", (Text("no"), picture), failed=True)))
    said, told = sent(Request((call, back)))["contents"]
    assert said["parts"][0]["functionCall"]["args"] == {"arguments": '{"x":'}
    assert told["parts"] == [
        {"functionResponse": {"id": "1", "name": "a", "response": {"error": "no"}}},
        {"inlineData": {"mimeType": "image/png", "data": "aWNv"}},
        {"text": "So?"},
    ]
    with pytest.raises(Rejected):
        sent(Request((back,)))


def test_everything_that_can_be_set_is_sent() -> None:
    sampling = Sampling(0.5, 0.9, 40, 1 << 40 | 7, 0.1, 0.2)
    request = Request(
        (Message(Role.USER, (Sound("wav", "UklG"), Media("file", data="JVBERi0="))),),
        choice="auto",
        max_tokens=9,
        stop=("x",),
        sampling=sampling,
        format=Format(),
        effort="high",
        choices=2,
        logprobs=3,
    )
    told = sent(request)
    assert told["generationConfig"] == {
        "maxOutputTokens": 9,
        "candidateCount": 2,
        "stopSequences": ["x"],
        "temperature": 0.5,
        "topP": 0.9,
        "topK": 40,
        "seed": 7,
        "presencePenalty": 0.1,
        "frequencyPenalty": 0.2,
        "responseMimeType": "application/json",
        "responseLogprobs": True,
        "logprobs": 3,
        "thinkingConfig": {"thinkingBudget": 24576, "includeThoughts": True},
    }
    assert told["contents"][0]["parts"] == [
        {"inlineData": {"mimeType": "audio/wav", "data": "UklG"}},
        {"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0="}},
    ]
    assert "toolConfig" not in told
    still = sent(Request((SAID,), effort="none"))["generationConfig"]["thinkingConfig"]
    assert still == {"thinkingBudget": 0, "includeThoughts": False}
    for wrong in (Request((), stop=tuple("abcdef")), Request((), choices=9)):
        with pytest.raises(Unsupported):
            sent(wrong)


def test_a_call_goes_to_the_models_own_address() -> None:
    body = neutral.as_body({"messages": [{"role": "user", "content": "Hi"}]})
    whole = GOOGLE.call(Endpoint.CHAT, body, target(), stream=False)
    assert whole.url == "https://example.com/v1beta/models/gemini-2.5-pro:generateContent"
    assert whole.headers == (("x-goog-api-key", "secret-key"),)
    stream = GOOGLE.call(Endpoint.MESSAGES, body, target("models/a b"), stream=True)
    assert stream.url.endswith("/v1beta/models/a%20b:streamGenerateContent?alt=sse")
    texts: Any = {"input": ["a", "b"], "dimensions": 5, "user": "u", "odd": 1}
    vectors = GOOGLE.call(Endpoint.EMBEDDINGS, neutral.as_body(texts), target("e"), stream=False)
    assert vectors.url.endswith("/models/e:batchEmbedContents")
    assert vectors.dropped == ("odd",)
    assert json.loads(vectors.body)["requests"][1] == {
        "model": "models/e",
        "content": {"parts": [{"text": "b"}]},
        "outputDimensionality": 5,
    }
    many = neutral.as_body({"input": ["a"] * 101})
    with pytest.raises(Unsupported):
        GOOGLE.call(Endpoint.EMBEDDINGS, many, target("e"), stream=False)


@pytest.mark.parametrize("answer", [{}, {"embeddings": []}, {"embeddings": [{"values": ["a"]}]}])
def test_vectors_that_are_none_are_an_error(answer: dict[str, Any]) -> None:
    asked = neutral.as_body({"model": "m", "input": "a", "encoding_format": "base64"})
    with pytest.raises(Malformed):
        GOOGLE.reply(Endpoint.EMBEDDINGS, asked, json.dumps(answer).encode())


TYPES = "type.googleapis.com/google.rpc."
REFUSALS: list[tuple[int, Any, type[ProviderError], float | None]] = [
    (400, {"status": "INVALID_ARGUMENT"}, Rejected, None),
    (
        400,
        {"status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]},
        Refused,
        None,
    ),
    (400, {"status": "FAILED_PRECONDITION"}, Refused, None),
    (401, {"status": "UNAUTHENTICATED"}, Refused, None),
    (403, {"status": "PERMISSION_DENIED"}, Refused, None),
    (404, {"status": "NOT_FOUND"}, ModelUnknown, None),
    (
        429,
        {
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {"@type": f"{TYPES}QuotaFailure", "violations": []},
                {"@type": f"{TYPES}RetryInfo", "retryDelay": "17.5s"},
            ],
        },
        Limited,
        17.5,
    ),
    (429, {"status": "RESOURCE_EXHAUSTED", "details": [{"retryDelay": "soon"}]}, Limited, 4.0),
    (499, {"status": "CANCELLED"}, Broken, None),
    (500, {"status": "INTERNAL"}, Broken, None),
    (503, {"status": "UNAVAILABLE"}, Broken, 4.0),
    (504, {"status": "DEADLINE_EXCEEDED"}, TimedOut, 4.0),
    (501, {"status": "UNIMPLEMENTED"}, Broken, None),
    (429, {}, Limited, 4.0),
    (502, 7, Broken, 4.0),
]


@pytest.mark.parametrize(("status", "error", "kind", "wait"), REFUSALS)
@pytest.mark.parametrize("listed", [False, True])
def test_refusals_are_read_by_status_and_details(
    status: int, error: object, kind: type[ProviderError], wait: float | None, listed: bool
) -> None:
    body: object = {"error": error}
    content = json.dumps([body] if listed else body).encode()
    headers = {b"retry-after": b"4"}
    found = GOOGLE.error(status, headers.get, content, target())
    assert type(found) is kind
    assert found.upstream_status == status
    if wait is not None:
        assert found.retry_after == wait


@pytest.mark.parametrize("content", [b"", b"<html>", b"[", b"[]", b"{}"])
def test_a_refusal_without_a_body_is_read_by_its_status(content: bytes) -> None:
    assert type(GOOGLE.error(503, no_header, content, target())) is Broken


def test_a_refusal_tells_nothing_of_ours() -> None:
    message = "key secret-key is wrong"
    content = json.dumps({"error": {"status": "INVALID_ARGUMENT", "message": message}}).encode()
    assert GOOGLE.error(400, no_header, content, target()).message == "key [redacted] is wrong"
