import json
import time
from itertools import pairwise

import httpx
import openai
import pytest

from hone.simulator import Delivery
from tests.core.facts import wait_for
from tests.simulator.running import Simulator, content, data

OPENAI_ERRORS: dict[int, type[openai.APIStatusError]] = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    502: openai.InternalServerError,
    503: openai.InternalServerError,
}


@pytest.mark.parametrize("status", sorted(OPENAI_ERRORS))
def test_a_scripted_status_reads_as_openai_s_error(
    client: openai.OpenAI, simulator: Simulator, status: int
):
    with pytest.raises(OPENAI_ERRORS[status]) as caught:
        client.chat.completions.create(
            model=f"m#status={status},retry=2,code=my_code",
            messages=[{"role": "user", "content": "Hello"}],
        )
    assert caught.value.code == "my_code"
    assert caught.value.response.headers["retry-after"] == "2"
    row = simulator.row()
    assert (row.status, row.error, row.billed_picodollars) == (status, "my_code", 0)


def test_any_status_can_be_scripted(simulator: Simulator):
    response = simulator.chat("m#status=418,retry=0.25")
    assert response.status_code == 418
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}
    assert response.headers["retry-after"] == "1"
    assert response.headers["retry-after-ms"] == "250"


def test_an_error_can_come_in_the_middle_of_a_stream(simulator: Simulator):
    events = simulator.events("m#status=500,after=3")
    assert len(events) == 1 + 3 + 1
    assert json.loads(events[-1])["error"]["type"] == "server_error"
    row = simulator.row()
    assert (row.status, row.error, row.delivery) == (200, "server_error", Delivery.CUT)
    assert row.completion_tokens == 3
    assert simulator.chat("m#status=500,after=3").status_code == 500


def test_a_cut_stream_ends_without_the_last_chunk(simulator: Simulator):
    lines: list[str] = []
    with (
        simulator.streaming("m#fault=cut,after=7,pace=1") as response,
        pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"),
    ):
        lines.extend(data(response.iter_lines()))
    row = simulator.row()
    assert (row.delivery, row.error, row.status) == (Delivery.CUT, "cut", 200)
    assert row.completion_tokens == row.delivered_tokens == 7
    assert row.billed_picodollars == row.prompt_tokens * 2_500_000 + 7 * 10_000_000


def test_every_token_before_a_cut_arrives(simulator: Simulator):
    seen: list[str] = []
    with (
        simulator.streaming("m#fault=cut,after=7") as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        for event in data(response.iter_lines()):
            seen.append(event)  # noqa: PERF402 (what came before the error counts)
    assert len(seen) == 1 + 7
    assert "[DONE]" not in seen


def test_a_cut_beyond_the_answer_happens_after_its_last_token(simulator: Simulator):
    with (
        simulator.streaming("m#tokens=4,fault=cut,after=100") as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        response.read()
    assert simulator.row().completion_tokens == 4


@pytest.mark.parametrize("stream", [False, True])
def test_a_cut_before_the_head_is_no_answer(simulator: Simulator, stream: bool):
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        simulator.chat("m#fault=cut", stream=stream)
    row = simulator.row()
    assert (row.status, row.delivery, row.billed_picodollars) == (0, Delivery.CUT, 0)


def test_a_plain_answer_can_be_cut_in_the_middle(simulator: Simulator):
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        simulator.chat("m#fault=cut,after=5")
    row = simulator.row()
    assert (row.completion_tokens, row.delivered_tokens) == (5, 0)


def test_a_malformed_chunk_is_no_json_and_the_rest_is_whole(simulator: Simulator):
    events = simulator.events("m#fault=malformed,after=2,tokens=5")
    with pytest.raises(json.JSONDecodeError):
        json.loads(events[3])
    assert content([*events[:3], *events[4:]]) == content(simulator.events("m#tokens=5"))
    with pytest.raises(json.JSONDecodeError):
        simulator.chat("m#fault=malformed").json()


def test_a_stream_can_lack_its_done(simulator: Simulator):
    events = simulator.events("m#fault=no_done")
    assert events[-1] != "[DONE]"
    assert json.loads(events[-1])["choices"][0]["finish_reason"] == "stop"
    assert simulator.row().delivery == Delivery.FULL
    simulator.reset()
    events = simulator.events("m#fault=no_done,after=4")
    assert len(events) == 1 + 4
    assert json.loads(events[-1])["choices"][0]["finish_reason"] is None
    assert simulator.row().delivery == Delivery.CUT


def test_silence_ends_with_a_closed_connection(simulator: Simulator):
    begun = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        simulator.chat("m#fault=silence")
    assert time.monotonic() - begun >= 0.99
    assert simulator.row().status == 0


def test_silence_notices_that_the_caller_gave_up(simulator: Simulator):
    with pytest.raises(httpx.ReadTimeout):
        simulator.http.post(
            "/v1/chat/completions",
            json={"model": "m#fault=silence", "messages": [{"role": "user", "content": "Hi"}]},
            timeout=0.05,
        )
    row = simulator.row()
    assert (row.delivery, row.billed_picodollars) == (Delivery.CLIENT_GONE, 0)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("where", ["", ",after=0", ",after=3", ",after=1000"])
def test_a_stall_waits_and_goes_on(simulator: Simulator, stream: bool, where: str):
    begun = time.monotonic()
    if stream:
        events = simulator.events(f"m#tokens=5,pace=1,fault=stall,stall=60{where}")
        assert content(events) == content(simulator.events("m#tokens=5"))
    else:
        assert simulator.chat(f"m#tokens=5,pace=1,fault=stall,stall=60{where}").status_code == 200
    assert time.monotonic() - begun >= 0.06


def test_a_stall_is_seen_where_it_was_ordered(simulator: Simulator):
    arrivals: list[float] = []
    with simulator.streaming("m#tokens=6,fault=stall,stall=100,after=3") as response:
        arrivals.extend(time.monotonic() for _ in data(response.iter_lines()))
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert gaps[3] >= 0.09


def test_times_between_tokens_are_kept(simulator: Simulator):
    begun = time.monotonic()
    with simulator.streaming("m#head=20,ttft=60,pace=5,tokens=11") as response:
        assert time.monotonic() - begun >= 0.02
        events = data(response.iter_lines())
        next(events)
        assert time.monotonic() - begun >= 0.06
        assert len(list(events)) == 11 + 2
    assert time.monotonic() - begun >= 0.06 + 10 * 0.005
    begun = time.monotonic()
    simulator.chat("m#ttft=60,pace=5,tokens=11")
    assert time.monotonic() - begun >= 0.06 + 10 * 0.005


def test_bursts_carry_every_token(simulator: Simulator):
    whole = content(simulator.events("m#tokens=20"))
    for burst in (0, 1, 7, 100):
        assert content(simulator.events(f"m#tokens=20,burst={burst}")) == whole


def test_a_prompt_beyond_the_context_is_refused(client: openai.OpenAI, simulator: Simulator):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model="small", messages=[{"role": "user", "content": "x" * 400}]
        )
    assert caught.value.code == "context_length_exceeded"
    assert "maximum context length is 100 tokens" in caught.value.message
    assert simulator.chat("small", "x" * 380).status_code == 200
    assert simulator.chat("m#context=3").json()["error"]["code"] == "context_length_exceeded"
    assert simulator.chat("m#fault=context_length").status_code == 400
    assert [row.billed_picodollars > 0 for row in simulator.ledger()] == [False, True, False, False]


def test_the_content_filter_refuses_or_stops(simulator: Simulator):
    refused = simulator.chat("m#fault=content_filter")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "content_filter")
    stopped = simulator.chat("m#fault=content_filter,after=4").json()
    assert stopped["choices"][0]["finish_reason"] == "content_filter"
    assert stopped["usage"]["completion_tokens"] == 4
    events = simulator.events("m#fault=content_filter,after=4")
    assert json.loads(events[-2])["choices"][0]["finish_reason"] == "content_filter"
    assert content(events) == stopped["choices"][0]["message"]["content"]


def test_a_caller_that_leaves_a_stream_pays_for_what_was_made(simulator: Simulator):
    with simulator.streaming("m#tokens=10000,pace=2") as response:
        events = data(response.iter_lines())
        for _ in range(6):
            next(events)
    row = simulator.row()
    assert row.delivery == Delivery.CLIENT_GONE
    assert 5 <= row.completion_tokens < 10_000
    assert row.billed_picodollars == (
        row.prompt_tokens * 2_500_000 + row.completion_tokens * 10_000_000
    )


def test_a_caller_that_leaves_a_fast_stream_is_noticed(simulator: Simulator):
    with simulator.streaming("m#tokens=1000000") as response:
        next(data(response.iter_lines()))
    row = simulator.row()
    assert row.delivery == Delivery.CLIENT_GONE
    assert row.completion_tokens < 1_000_000


def test_a_caller_that_leaves_a_plain_answer_pays_for_what_was_made(simulator: Simulator):
    messages = [{"role": "user", "content": "Hi"}]
    for model in ("m#ttft=1,pace=2,tokens=10000", "m#ttft=5000"):
        with pytest.raises(httpx.ReadTimeout):
            simulator.http.post(
                "/v1/chat/completions", json={"model": model, "messages": messages}, timeout=0.1
            )
    wait_for(lambda: len(simulator.ledger()) == 2)
    paid, free = simulator.ledger()
    assert 1 <= paid.completion_tokens < 1000
    assert (paid.status, paid.delivered_tokens) == (0, 0)
    assert free.billed_picodollars == 0
