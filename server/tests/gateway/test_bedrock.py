"""Amazon Bedrock behind the gateway, by the clients of OpenAI and of Anthropic."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from hone.core import ids
from hone.gateway import Status
from hone.llm import transport
from hone.llm.types import Price, Target
from hone.simulator import Price as Printed
from hone.simulator import SimulatorConfig
from hone.simulator.formats.bedrock.eventstream import event
from tests.gateway.running import codes, house, route, target
from tests.gateway.scripted import scripted
from tests.simulator.running import Simulator, in_thread

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = f"AKIDEXAMPLE@eu-central-1:{SECRET}"
BEARER = "ABSKQmVkcm9ja0FQSUtleQ=="
CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
STREAM = b"application/vnd.amazon.eventstream"
HELLO: Any = [{"role": "user", "content": "Hello"}]
LONG = "The Great Barn seats up to 140 guests. " * 150
PRICE = Price(ids.new(), 3_000_000, 15_000_000, cached_input=300_000, cache_write=3_750_000)
FUNCTION: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
TOOL: Any = {"name": "weather", "input_schema": FUNCTION["function"]["parameters"]}


@pytest.fixture(scope="module")
def shared_amazon() -> Iterator[Simulator]:
    config = SimulatorConfig(
        signing_keys={"AKIDEXAMPLE": SECRET},
        api_keys={BEARER},
        prices={CLAUDE: Printed("3", "15", "0.3", "3.75")},
        silence_seconds=20.0,
    )
    with in_thread(config) as simulator:
        yield simulator


@pytest.fixture
def amazon(shared_amazon: Simulator) -> Simulator:
    shared_amazon.reset()
    return shared_amazon


def claude(amazon: Simulator, settings: str = "", credential: str = KEYS) -> Target:
    upstream = f"{CLAUDE}#{settings}" if settings else CLAUDE
    return target(
        "claude",
        amazon.url,
        upstream=upstream,
        kind="bedrock",
        credential=credential,
        price=PRICE,
    )


@pytest.mark.parametrize("credential", [KEYS, BEARER])
def test_a_chat_is_signed_and_answered(tmp_path: Path, amazon: Simulator, credential: str) -> None:
    with house(tmp_path, route("claude", claude(amazon, credential=credential))) as home:
        answer = home.client().chat.completions.create(
            model="claude", messages=HELLO, user="ada", top_p=0.5, seed=4
        )
        frame = home.one()
    row = amazon.row()
    assert row.endpoint == "bedrock.converse"
    assert answer.id.startswith("msg_")
    assert answer.model == "claude"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (
        row.prompt_tokens,
        row.completion_tokens,
    )
    assert frame.attempts[0].cost == row.billed_picodollars
    assert not frame.attempts[0].estimated


def test_a_chat_is_streamed(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon, "tokens=7"))) as home:
        chunks = list(
            home.client().chat.completions.create(
                model="claude",
                messages=HELLO,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
        frame = home.one()
    row = amazon.row()
    assert row.endpoint == "bedrock.converse-stream"
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == row.completion_tokens == 7
    assert (frame.status, frame.stream) == (Status.SUCCESS, True)
    assert frame.attempts[0].cost == row.billed_picodollars


def test_a_message_is_answered_and_streamed(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon))) as home:
        ask: Any = {"model": "claude", "max_tokens": 50, "messages": HELLO}
        whole = home.anthropic().messages.create(**ask)
        with home.anthropic().messages.stream(**ask) as stream:
            pieces = stream.get_final_message()
    assert whole.content[0].text == pieces.content[0].text != ""
    assert whole.stop_reason == pieces.stop_reason == "end_turn"
    assert whole.usage.output_tokens == pieces.usage.output_tokens > 0


def test_tools_are_called_and_their_results_are_read(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon, "call=1"))) as home:
        client = home.client().chat.completions
        first = client.create(
            model="claude", messages=HELLO, tools=[FUNCTION], tool_choice="required"
        )
        said = first.choices[0].message
        assert said.tool_calls is not None
        call: Any = said.tool_calls[0]
        result = {"role": "tool", "tool_call_id": call.id, "content": "Sunny."}
        turns: Any = [*HELLO, said.model_dump(exclude_none=True), result]
        second = client.create(model="claude", messages=turns, tools=[FUNCTION])
        streamed = list(
            client.create(
                model="claude",
                messages=HELLO,
                tools=[FUNCTION],
                tool_choice={"type": "function", "function": {"name": "weather"}},
                stream=True,
            )
        )
    assert call.function.name == "weather"
    assert set(json.loads(call.function.arguments)) <= {"city"}
    assert first.choices[0].finish_reason == "tool_calls"
    assert second.choices[0].finish_reason == "stop"
    assert second.choices[0].message.content
    calls: Any = [
        each for c in streamed if c.choices for each in c.choices[0].delta.tool_calls or []
    ]
    assert calls[0].function.name == "weather"
    arguments = "".join(each.function.arguments or "" for each in calls)
    assert json.loads(arguments) == json.loads(call.function.arguments)


def test_tools_of_messages_are_called(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon))) as home:
        client = home.anthropic().messages
        ask: Any = {"model": "claude", "max_tokens": 50, "tools": [TOOL]}
        first = client.create(messages=HELLO, tool_choice={"type": "any"}, **ask)
        (use,) = first.content
        result = {"type": "tool_result", "tool_use_id": use.id, "content": "No.", "is_error": True}
        turns: Any = [
            *HELLO,
            {"role": "assistant", "content": [use.model_dump()]},
            {"role": "user", "content": [result]},
        ]
        second = client.create(messages=turns, **ask)
    assert (first.stop_reason, use.name) == ("tool_use", "weather")
    assert second.stop_reason == "end_turn"


def test_thoughts_are_shown_and_go_back(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon, "tokens=6,reasoning=4"))) as home:
        ask: Any = {
            "model": "claude",
            "max_tokens": 2000,
            "thinking": {"type": "enabled", "budget_tokens": 1024},
        }
        client = home.anthropic().messages
        whole = client.create(messages=HELLO, **ask)
        with client.stream(messages=HELLO, **ask) as stream:
            streamed = stream.get_final_message()
        turns: Any = [
            *HELLO,
            {"role": "assistant", "content": [each.model_dump() for each in whole.content]},
            {"role": "user", "content": "And then?"},
        ]
        client.create(messages=turns, **ask)
        chat = home.ask("claude", reasoning_effort="low").json()["choices"][0]["message"]
    assert [each.type for each in whole.content] == ["thinking", "text"]
    assert whole.content[0].signature == streamed.content[0].signature != ""
    assert whole.content[0].thinking == streamed.content[0].thinking != ""
    assert chat["reasoning_content"]
    assert chat["thinking_blocks"][0]["signature"]


def test_what_is_cached_is_billed_as_the_vendor_does(tmp_path: Path, amazon: Simulator) -> None:
    system: Any = [{"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}]
    with house(tmp_path, route("claude", claude(amazon))) as home:
        first, second = (
            home.anthropic().messages.create(
                model="claude", max_tokens=20, system=system, messages=HELLO
            )
            for _ in range(2)
        )
        costs = sorted(frame.attempts[0].cost for frame in home.settled())
    assert first.usage.cache_creation_input_tokens == second.usage.cache_read_input_tokens > 1000
    assert costs == sorted(row.billed_picodollars for row in amazon.ledger())


def test_the_sequence_that_ended_an_answer_is_a_stop(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon))) as home:
        text = home.ask("claude").json()["choices"][0]["message"]["content"]
        answer = home.anthropic().messages.create(
            model="claude", max_tokens=50, messages=HELLO, stop_sequences=[text.split()[2]]
        )
    assert answer.stop_reason == "stop_sequence"


def test_throttling_is_passed_on_with_the_time_to_wait(tmp_path: Path, amazon: Simulator) -> None:
    with (
        house(tmp_path, route("claude", claude(amazon, "status=429,retry=7"))) as home,
        pytest.raises(openai.RateLimitError) as caught,
    ):
        home.client().chat.completions.create(model="claude", messages=HELLO)
    assert caught.value.response.headers["retry-after"] == "7"
    assert caught.value.code == "rate_limited"


@pytest.mark.parametrize(
    ("settings", "status", "code"),
    [
        ("status=403", 502, "upstream_refused"),
        ("status=404", 502, "upstream_model_not_found"),
        ("status=400", 400, "upstream_rejected"),
        ("status=408", 504, "upstream_timeout"),
        ("status=424", 502, "upstream_error"),
        ("status=503", 502, "upstream_error"),
        ("status=400,code=ServiceQuotaExceededException", 502, "upstream_quota_spent"),
    ],
)
def test_refusals_are_told_apart(
    tmp_path: Path, amazon: Simulator, settings: str, status: int, code: str
) -> None:
    with house(tmp_path, route("claude", claude(amazon, settings))) as home:
        assert codes(home.ask("claude")) == (status, code)


def test_a_filtered_answer_says_so(tmp_path: Path, amazon: Simulator) -> None:
    with house(tmp_path, route("claude", claude(amazon, "fault=content_filter,after=2"))) as home:
        answer = home.ask("claude").json()
        chunks = home.events("claude")
        message = home.anthropic().messages.create(model="claude", max_tokens=50, messages=HELLO)
    assert answer["choices"][0]["finish_reason"] == "content_filter"
    assert any('"finish_reason":"content_filter"' in chunk for chunk in chunks)
    assert message.stop_reason == "refusal"


@pytest.mark.parametrize("fault", ["cut", "no_done", "reset"])
def test_a_stream_that_is_cut_ends_with_an_error(
    tmp_path: Path, amazon: Simulator, fault: str
) -> None:
    with house(tmp_path, route("claude", claude(amazon, f"fault={fault},after=3"))) as home:
        chunks = home.events("claude")
        frame = home.one()
    assert json.loads(chunks[-1])["error"]["code"] == "upstream_stream_cut"
    assert frame.attempts[0].estimated


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("status=429,after=3", "rate_limited"),
        ("status=424,after=3", "upstream_error"),
        ("status=503,after=3", "upstream_error"),
        ("status=400,after=3", "upstream_rejected"),
        ("fault=malformed,after=3", "upstream_malformed"),
    ],
)
def test_an_exception_within_a_stream_is_told(
    tmp_path: Path, amazon: Simulator, settings: str, code: str
) -> None:
    with house(tmp_path, route("claude", claude(amazon, settings + ",pace=20"))) as home:
        chunks = home.events("claude")
        with (
            pytest.raises(anthropic.APIStatusError) as caught,
            home.anthropic().messages.stream(
                model="claude", max_tokens=50, messages=HELLO
            ) as stream,
        ):
            stream.get_final_message()
    assert json.loads(chunks[-1])["error"]["code"] == code
    assert code in str(caught.value.body)


def test_what_fails_before_its_first_token_is_asked_elsewhere(
    tmp_path: Path, amazon: Simulator
) -> None:
    broken, sound = claude(amazon, "status=424,after=0"), claude(amazon)
    with house(tmp_path, route("claude", broken, fallbacks=[sound])) as home:
        with home.streaming("claude") as answer:
            assert answer.read().rstrip().endswith(b"[DONE]")
        assert [attempt.status for attempt in home.one().attempts] == [500, 200]


@pytest.mark.parametrize(
    "credential",
    [
        KEYS[:-1] + "X",
        KEYS.replace("AKIDEXAMPLE", "AKIDOTHER"),
        "ABSKwrong",
        f"AKIDEXAMPLE:{SECRET}",
        "AKIDEXAMPLE@eu-central-1:no secret",
    ],
)
def test_a_credential_that_is_not_good_is_not_told(
    tmp_path: Path, amazon: Simulator, credential: str
) -> None:
    with house(tmp_path, route("claude", claude(amazon, credential=credential))) as home:
        answer = home.ask("claude")
    assert codes(answer) == (502, "upstream_refused")
    assert SECRET not in answer.text
    assert amazon.ledger() == []


def test_signatures_are_not_kept(tmp_path: Path, amazon: Simulator) -> None:
    prepare = transport._prepare  # pyright: ignore[reportPrivateUsage]
    with house(
        tmp_path, route("claude", claude(amazon, credential=f"{KEYS}:session/token="))
    ) as home:
        home.ask("claude")
        before = prepare.cache_info().currsize
        for number in range(5):
            assert home.ask("claude", f"Hello {number}").status_code == 200
        assert prepare.cache_info().currsize == before


def test_a_stream_that_lacks_its_metadata_is_whole(tmp_path: Path) -> None:
    parts = (
        event("messageStart", b'{"role":"assistant"}'),
        event("contentBlockDelta", b'{"contentBlockIndex":0,"delta":{"text":"Hi"}}'),
        event("messageStop", b'{"stopReason":"end_turn"}'),
    )
    with (
        scripted(*parts, content_type=STREAM) as vendor,
        house(tmp_path, route("m", target("m", vendor, kind="bedrock", credential=BEARER))) as home,
    ):
        assert home.events("m")[-1] == "[DONE]"
        frame = home.one()
    assert frame.attempts[0].estimated
    assert frame.status == Status.SUCCESS


def test_what_a_model_does_not_have_is_dropped_by_name(tmp_path: Path, amazon: Simulator) -> None:
    plain = target("llama", amazon.url, upstream="meta.llama4", kind="bedrock", credential=KEYS)
    with house(tmp_path, route("llama", plain)) as home:
        answer = home.ask("llama", reasoning_effort="high", user="ada!", seed=3)
        refused = home.ask("llama", n=2)
    assert set(answer.headers["x-hone-dropped"].split(",")) == {"reasoning_effort", "user", "seed"}
    assert refused.json()["error"]["param"] == "n"


def test_titan_embeds_one_text(tmp_path: Path, amazon: Simulator) -> None:
    titan = target(
        "titan",
        amazon.url,
        upstream="amazon.titan-embed-text-v2:0",
        kind="bedrock",
        credential=KEYS,
    )
    with house(tmp_path, route("titan", titan)) as home:
        client = home.client().embeddings
        packed = client.create(model="titan", input="Hello", dimensions=256)
        plain = client.create(model="titan", input=["Hello"], encoding_format="float")
        frames = home.settled()
        for wrong in (["a", "b"], [1, 2]):
            with pytest.raises(openai.BadRequestError) as caught:
                client.create(model="titan", input=wrong)  # pyright: ignore[reportArgumentType]
            assert caught.value.param == "input"
    assert len(packed.data[0].embedding) == 256
    assert len(plain.data[0].embedding) == 1024
    rows = amazon.ledger()
    assert packed.usage.prompt_tokens == rows[0].prompt_tokens == 2
    costs = [frame.attempts[0].cost for frame in frames]
    assert sorted(costs) == sorted(row.billed_picodollars for row in rows)


def test_cohere_embeds_texts(tmp_path: Path, amazon: Simulator) -> None:
    def embedder(name: str, upstream: str) -> Target:
        return target(name, amazon.url, upstream=upstream, kind="bedrock", credential=KEYS)

    cohere, odd = embedder("cohere", "cohere.embed-english-v3"), embedder("odd", "odd.embed")
    with house(tmp_path, route("cohere", cohere), route("odd", odd)) as home:
        client = home.client().embeddings
        answer = client.create(model="cohere", input=["a", "b"])
        frame = home.one()
        with pytest.raises(openai.BadRequestError) as caught:
            client.create(model="odd", input="a")
    assert [each.index for each in answer.data] == [0, 1]
    assert len(answer.data[1].embedding) == 1024
    assert frame.attempts[0].estimated
    assert caught.value.param == "model"


def test_vectors_by_type_are_read_and_none_are_an_error(tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
    for body, status in (
        (b'{"embeddings":{"float":[[0.5,-1]]},"response_type":"embeddings_by_type"}', 200),
        (b'{"embeddings":[]}', 502),
    ):
        with (
            scripted(head=head % (len(body), body)) as vendor,
            house(
                tmp_path / str(status),
                route("m", target("m", vendor, upstream="cohere.embed-v4:0", kind="bedrock")),
            ) as home,
        ):
            answer = home.send(
                b'{"model":"m","input":"a","encoding_format":"base64"}', "/v1/embeddings"
            )
        assert answer.status_code == status
        if status == 200:
            (vector,) = answer.json()["data"]
            assert base64.b64decode(vector["embedding"]).hex() == "0000003f000080bf"
