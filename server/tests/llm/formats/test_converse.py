"""Whatever is said in the neutral form comes back from Bedrock's Converse as it went in."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hone.llm.errors import (
    Broken,
    Limited,
    Malformed,
    ModelUnknown,
    ProviderError,
    QuotaSpent,
    Refused,
    Rejected,
    TimedOut,
    Unsupported,
)
from hone.llm.formats.converse import faults, spoken
from hone.llm.formats.converse.families import CLAUDE, GPT, NOVA, PLAIN, Family, family
from hone.llm.neutral import (
    Answer,
    Argued,
    Asked,
    Began,
    Called,
    Choice,
    Closed,
    Counted,
    Delta,
    Ended,
    Finish,
    Format,
    Media,
    Message,
    Mused,
    Part,
    Raw,
    Request,
    Result,
    Role,
    Sampling,
    Sound,
    Text,
    Thought,
    Tool,
)
from hone.simulator.formats.bedrock.eventstream import event, exception, message
from tests.llm.formats import converse, neutral

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
PICTURE = Media("image", "image/png", "iVBORw0KGgo=")


def asked(*parts: Part, **more: Any) -> Request:
    return Request((Message(Role.USER, parts),), **more)


def written(request: Request, found: Family = CLAUDE) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(spoken(found).write(request)))


def sendable(part: Any) -> Any:
    """Replace what Bedrock does not take: pictures by their address."""
    return PICTURE if isinstance(part, Media) and part.url else part


def kept(part: Any) -> bool:
    """Tell what is written: blank text is not."""
    return not isinstance(part, Text) or bool(part.text.strip())


def comparable(request: Request) -> Request:
    turns: list[Message] = []
    for turn in request.messages:
        parts: list[Any] = []
        for part in filter(kept, map(sendable, turn.parts)):
            if isinstance(part, Result):
                part = msgspec.structs.replace(part, parts=tuple(filter(kept, part.parts)))
            parts.append(part)
        turns.append(Message(turn.role, tuple(parts)))
    return msgspec.structs.replace(
        request, messages=tuple(neutral.merged([turn for turn in turns if turn.parts]))
    )


@unhurried
@given(request=neutral.requests)
def test_a_request(request: Request) -> None:
    turns = tuple(Message(turn.role, tuple(map(sendable, turn.parts))) for turn in request.messages)
    request = msgspec.structs.replace(request, messages=turns)
    called = any(isinstance(part, Asked) for turn in turns for part in turn.parts)
    if request.choice == "none":
        if called:
            with pytest.raises(Unsupported):
                written(request)
            return
        assert "toolConfig" not in written(request)
        request = msgspec.structs.replace(request, choice=None, tools=())
    again = converse.read(written(request))
    user = again.user or request.user
    again = msgspec.structs.replace(again, user=user)
    assert comparable(again) == comparable(request)


@unhurried
@given(answer=neutral.answers())
def test_an_answer(answer: Answer) -> None:
    read = spoken(model=answer.model).read(converse.write(answer))
    assert read.id.startswith("msg_")
    assert msgspec.structs.replace(read, id=answer.id) == answer


@unhurried
@given(deltas=neutral.streams(), cut=st.integers(1, 400))
def test_a_stream(deltas: list[Delta], cut: int) -> None:
    raw, reader = converse.stream(deltas), spoken(model="m").reader()
    pieces = [raw[at : at + cut] for at in range(0, len(raw), cut)]
    first, *rest = [delta for piece in pieces for delta in reader.feed(piece)]
    assert isinstance(first, Began)
    assert first.model == "m"
    assert rest == deltas[1:]


def test_thoughts_go_back_as_they_came() -> None:
    parts = (Thought("hm", "proof"), Thought(sealed=converse.SEALED), Text("so"))
    answer = Answer((Choice(parts, Finish.STOP),), None)
    assert spoken().read(converse.write(answer)).choices == answer.choices
    told = Message(Role.ASSISTANT, (*parts, Thought("unsigned")))
    assert converse.read(written(Request((told,)))).messages == (Message(Role.ASSISTANT, parts),)


def test_a_stream_tells_thoughts_calls_and_the_sequence_that_was_met() -> None:
    reader = spoken().reader()
    use = {"toolUse": {"toolUseId": "t", "name": "now"}}
    raw = (
        converse.more(0, reasoningContent={"signature": "proof"})
        + converse.more(0, reasoningContent={"redactedContent": converse.SEALED})
        + converse.framed("contentBlockStart", contentBlockIndex=1, start=use)
        + converse.more(1, toolUse={"input": ""})
        + converse.framed("contentBlockStop", contentBlockIndex=1)
        + converse.framed(
            "messageStop",
            stopReason="stop_sequence",
            additionalModelResponseFields={"stop_sequence": "END"},
        )
        + converse.framed("somethingNew", value=1)
        + converse.framed("metadata")
    )
    assert list(reader.feed(raw)) == [
        Mused(signature="proof"),
        Mused(sealed=converse.SEALED),
        Called(0, "t", "now"),
        Argued(0, "{}"),
        Ended(Finish.STOP, "END"),
        Closed(),
    ]
    assert list(reader.feed(converse.framed("messageStop", stopReason="stop_sequence"))) == [
        Ended(Finish.STOP, "")
    ]


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", Finish.STOP),
        ("tool_use", Finish.TOOL_CALLS),
        ("max_tokens", Finish.LENGTH),
        ("model_context_window_exceeded", Finish.LENGTH),
        ("guardrail_intervened", Finish.CONTENT_FILTER),
        ("content_filtered", Finish.CONTENT_FILTER),
        ("something_new", Finish.STOP),
    ],
)
def test_why_a_model_stopped_is_read(reason: str, finish: Finish) -> None:
    body = {"output": {"message": {"content": [{"text": "a"}]}}, "stopReason": reason}
    assert spoken().read(json.dumps(body).encode()).choices[0].finish is finish


def test_what_was_cached_is_added_to_the_input() -> None:
    used = {"inputTokens": 18, "outputTokens": 503, "totalTokens": 8023}
    kept = [{"ttl": "5m", "inputTokens": 4}, {"ttl": "1h", "inputTokens": 6}]
    told = {"cacheReadInputTokens": 7502, "cacheWriteInputTokens": 10, "cacheDetails": kept}
    (counted, closed) = spoken().reader().feed(converse.framed("metadata", usage=used | told))
    assert isinstance(counted, Counted)
    assert (counted.usage.input_tokens, counted.usage.cached_tokens) == (7530, 7502)
    assert (counted.usage.written_tokens, counted.usage.written_hour_tokens) == (10, 6)
    assert closed == Closed()


def test_cache_points_are_written_where_they_are_taken() -> None:
    result = Result("t", (Text("r", cache="5m"),))
    request = Request(
        (
            Message(Role.SYSTEM, (Text("s", cache="1h"),)),
            Message(Role.USER, (result, Text("u"))),
        ),
        tools=(Tool("a", cache="5m"),),
    )
    body = written(request)
    usual: dict[str, Any] = {"cachePoint": {"type": "default"}}
    assert body["system"] == [{"text": "s"}, {"cachePoint": {"type": "default", "ttl": "1h"}}]
    assert body["messages"][0]["content"][1] == usual
    assert body["toolConfig"]["tools"][1] == usual
    assert "cachePoint" not in json.dumps(written(request, PLAIN))


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("anthropic.claude-3-7-sonnet-20250219-v1:0", CLAUDE),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", CLAUDE),
        ("amazon.nova-lite-v1:0", NOVA),
        ("openai.gpt-oss-120b-1:0", GPT),
        ("meta.llama3-1-70b-instruct-v1:0", PLAIN),
        (
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0",
            CLAUDE,
        ),
    ],
)
def test_a_family_is_found_in_a_model_s_name(model: str, found: Family) -> None:
    assert family(model) is found


def test_each_family_is_asked_in_its_own_words() -> None:
    drawn = asked(Text("a"), sampling=Sampling(top_k=5))
    effort = asked(Text("a"), effort="low", max_tokens=100, sampling=Sampling(0.5, 0.5, 4))
    fields = "additionalModelRequestFields"
    assert written(drawn)[fields] == {"top_k": 5}
    assert written(drawn, NOVA)[fields] == {"inferenceConfig": {"topK": 5}}
    assert fields not in written(drawn, PLAIN)
    assert written(effort)[fields] == {"thinking": {"type": "enabled", "budget_tokens": 2048}}
    assert written(effort)["inferenceConfig"] == {"maxTokens": 2148}
    assert written(effort, GPT)[fields] == {"reasoning_effort": "low"}
    assert written(asked(Text("a"), effort="none"), GPT).keys() == {"messages"}
    assert written(effort, PLAIN)["inferenceConfig"] == {
        "maxTokens": 100,
        "temperature": 0.5,
        "topP": 0.5,
    }


def test_of_temperature_and_top_p_claude_is_told_what_restricts() -> None:
    both = asked(Text("a"), sampling=Sampling(1.5, 0.5))
    assert written(both)["inferenceConfig"] == {"topP": 0.5}
    assert written(both, PLAIN)["inferenceConfig"] == {"temperature": 1.0, "topP": 0.5}
    whole = asked(Text("a"), sampling=Sampling(0.5, 1.0))
    assert written(whole)["inferenceConfig"] == {"temperature": 0.5}


def test_stop_sequences_are_asked_back_of_who_can_tell() -> None:
    request = asked(Text("a"), stop=("END", " "))
    assert written(request)["additionalModelResponseFieldPaths"] == ["/stop_sequence"]
    assert written(request, PLAIN) == {
        "messages": [{"role": "user", "content": [{"text": "a"}]}],
        "inferenceConfig": {"stopSequences": ["END"]},
    }


def test_a_user_is_told_where_the_name_may_be() -> None:
    assert written(asked(Text("a"), user="ada@example.org"))["requestMetadata"] == {
        "user": "ada@example.org"
    }
    assert "requestMetadata" not in written(asked(Text("a"), user="ada!"))


def test_documents_are_told_apart_by_their_names() -> None:
    file = Media("file", "application/pdf", "JVBERi0=", name="Report (v1.2)_final.pdf")
    bare = Media("file", data="YQ==", name="a.htm")
    stored = Media("file", url="s3://bucket/notes.docx")
    (turn,) = written(asked(file, file, bare, stored))["messages"]
    first, second, third, fourth = [block["document"] for block in turn["content"]]
    assert first == {
        "format": "pdf",
        "name": "Report (v1 2) final",
        "source": {"bytes": "JVBERi0="},
    }
    assert second["name"] == "Report (v1 2) final 2"
    assert (third["format"], third["name"]) == ("html", "a")
    assert fourth == {
        "format": "docx",
        "name": "document",
        "source": {"s3Location": {"uri": "s3://bucket/notes.docx"}},
    }


@pytest.mark.parametrize(
    "request_",
    [
        asked(Media("image", url="https://example.org/a.png")),
        asked(Media("image", "image/tiff", "YQ==")),
        asked(Media("file", data="YQ==")),
        asked(Sound("wav", "YQ==")),
        asked(Text("a"), choices=2),
        asked(Text("a"), logprobs=0),
        asked(Text("a"), format=Format()),
        asked(Result("t", (Text("r"),)), choice="none", tools=(Tool("a"),)),
    ],
)
def test_what_bedrock_cannot_be_asked_is_refused_by_name(request_: Request) -> None:
    with pytest.raises(Unsupported) as caught:
        written(request_)
    assert caught.value.param


def test_results_come_first_and_failures_are_told() -> None:
    result = Result("t", (Text(""), PICTURE), failed=True)
    (turn,) = written(asked(Text("u"), result))["messages"]
    assert turn["content"][0]["toolResult"] == {
        "toolUseId": "t",
        "content": [{"image": {"format": "png", "source": {"bytes": PICTURE.data}}}],
        "status": "error",
    }
    schema = Format(Raw(b'{"type":"object"}'), "city")
    assert written(asked(Text("a"), format=schema))["outputConfig"] == {
        "textFormat": {
            "type": "json_schema",
            "structure": {"jsonSchema": {"name": "city", "schema": '{"type":"object"}'}},
        }
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("throttlingException", Limited),
        ("modelStreamErrorException", Broken),
        ("internalServerException", Broken),
        ("serviceUnavailableException", Broken),
        ("validationException", Rejected),
        ("modelTimeoutException", TimedOut),
        ("somethingNew", Broken),
    ],
)
def test_exceptions_end_a_stream(name: str, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        list(spoken().reader().feed(exception(name, b'{"message":"No."}')))
    assert type(caught.value) is kind
    assert caught.value.message in {"No.", (kind.__doc__ or "").splitlines()[0]}


@pytest.mark.parametrize(
    "raw",
    [
        event("contentBlockDelta", b'{"delta":'),
        message([(":message-type", "odd")], b"{}"),
        message([], b"{}"),
    ],
)
def test_an_event_that_is_none_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        list(spoken().reader().feed(raw))
    with pytest.raises(Broken):
        list(spoken().reader().feed(message([(":message-type", "error")], b"")))
    for body in (b"", b"{}", b'{"output":{"message":{}}}'):
        with pytest.raises(Malformed):
            spoken().read(body)


@pytest.mark.parametrize(
    ("status", "name", "kind"),
    [
        (429, "ThrottlingException", Limited),
        (429, "ModelNotReadyException", Limited),
        (403, "AccessDeniedException", Refused),
        (403, "UnrecognizedClientException", Refused),
        (400, "ExpiredTokenException", Refused),
        (404, "ResourceNotFoundException", ModelUnknown),
        (400, "ValidationException:http://internal.amazon.com/coral/", Rejected),
        (408, "ModelTimeoutException", TimedOut),
        (424, "ModelErrorException", Broken),
        (400, "ServiceQuotaExceededException", QuotaSpent),
        (500, "InternalServerException", Broken),
        (503, "", Broken),
        (418, "", Rejected),
    ],
)
def test_refusals_are_read_by_their_names(
    status: int, name: str, kind: type[ProviderError]
) -> None:
    found = faults.of_exception(name, b'{"Message":"No."}', status, 3.0)
    assert type(found) is kind
    assert found.upstream_status == status
    inside = json.dumps({"__type": f"com.amazon#{name}", "message": "No."}).encode()
    assert type(faults.of_exception("", inside, status)) is kind
