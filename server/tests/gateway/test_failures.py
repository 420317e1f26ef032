"""Providers that fail: what the client is told, who is asked next, who is left alone."""

import json
from pathlib import Path

import pytest

from hone.gateway import ContentMode, Deadlines, Limits, Status
from hone.llm.types import Target
from tests.gateway.running import codes, house, route, target
from tests.gateway.scripted import scripted
from tests.simulator.running import Simulator

JSON = b"application/json"
QUICK = Deadlines(connect=0.5, first_token=0.5, stall=0.4, total=0.8)


def simulated(provider: Simulator, script: str, name: str = "broken") -> Target:
    return target(name, provider.api, upstream=f"sim-chat#{script}")


@pytest.mark.parametrize(
    ("script", "status", "code"),
    [
        ("status=500", 502, "upstream_error"),
        ("status=503", 502, "upstream_error"),
        ("status=401", 502, "upstream_refused"),
        ("status=403", 502, "upstream_refused"),
        ("status=404", 502, "upstream_model_not_found"),
        ("status=408", 504, "upstream_timeout"),
        ("status=429", 429, "rate_limited"),
        ("status=429,code=insufficient_quota", 502, "upstream_quota_spent"),
        ("status=422,code=strange", 422, "strange"),
        ("fault=cut", 502, "upstream_unreachable"),
        ("fault=cut,after=3", 502, "upstream_cut"),
        ("fault=malformed", 502, "upstream_malformed"),
        ("fault=silence", 504, "upstream_timeout"),
        ("fault=context_length", 400, "context_length_exceeded"),
        ("fault=content_filter", 400, "content_filter"),
    ],
)
def test_a_failure_has_a_status_and_a_code(
    tmp_path: Path, provider: Simulator, script: str, status: int, code: str
) -> None:
    models = route("broken", simulated(provider, script), deadlines=QUICK)
    with house(tmp_path, models) as home:
        answer = home.ask("broken")
        frame = home.one()
    assert codes(answer) == (status, code)
    assert (frame.status, frame.http_status, frame.error) == (Status.ERROR, status, code)
    assert frame.attempts[0].error == code
    assert answer.headers["x-hone-model"] == "broken"


@pytest.mark.parametrize("script", ["fault=context_length", "fault=content_filter", "status=400"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_of_the_request_is_never_routed_around(
    tmp_path: Path, provider: Simulator, script: str, stream: bool
) -> None:
    spare = target("spare", provider.api, upstream="sim-chat")
    models = route("broken", simulated(provider, script), fallbacks=[spare])
    with house(tmp_path, models) as home:
        answer = home.ask("broken", stream=stream)
        frame = home.one()
    assert answer.status_code == 400
    assert len(frame.attempts) == 1
    assert frame.attempts[0].cost == 0


@pytest.mark.parametrize(
    "script",
    ["status=500", "status=429", "status=401", "fault=cut", "fault=malformed", "fault=silence"],
)
def test_another_target_answers_and_both_attempts_are_told(
    tmp_path: Path, provider: Simulator, script: str
) -> None:
    spare = target("spare", provider.api, upstream="sim-chat")
    models = route("broken", simulated(provider, script), fallbacks=[spare], deadlines=QUICK)
    with house(tmp_path, models) as home:
        answer = home.ask("broken")
        frame = home.one()
    assert answer.status_code == 200
    assert answer.headers["x-hone-model"] == "spare"
    assert answer.headers["x-hone-attempts"] == "2"
    assert [each.model for each in frame.attempts] == ["broken", "spare"]


def test_retry_after_is_kept_by_us_and_told_to_the_client(
    tmp_path: Path, provider: Simulator
) -> None:
    models = route("limited", simulated(provider, "status=429,retry=30", "limited"))
    with house(tmp_path, models) as home:
        first, second = home.ask("limited"), home.ask("limited")
        frames = home.settled()
        metrics = home.metrics()
    assert codes(first) == codes(second) == (429, "rate_limited")
    assert first.headers["retry-after"] == "30"
    assert 25 <= int(second.headers["retry-after"]) <= 30
    assert len(frames) == 1
    assert len(provider.ledger()) == 1
    assert metrics['ai_multimodel_model_availability{model="limited"}'] == 0
    assert metrics['hone_gateway_rejected_total{code="rate_limited"}'] == 1


def test_a_single_target_that_keeps_failing_is_left_alone(
    tmp_path: Path, provider: Simulator
) -> None:
    models = route("broken", simulated(provider, "status=500"))
    with house(tmp_path, models) as home:
        answers = [home.ask("broken") for _ in range(7)]
    assert [codes(each)[1] for each in answers[:5]] == ["upstream_error"] * 5
    assert [codes(each) for each in answers[5:]] == [(503, "no_target_available")] * 2
    assert answers[6].headers["retry-after"] == "2"
    assert answers[6].headers["x-hone-attempts"] == "0"
    assert len(provider.ledger()) == 5


def test_a_provider_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    models = route("gone", target("gone", "http://127.0.0.1:1/v1"))
    with house(tmp_path, models) as home:
        answer = home.ask("gone")
        frame = home.one()
    assert codes(answer) == (502, "upstream_unreachable")
    assert frame.attempts[0].status == 0
    assert frame.attempts[0].cost == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/v1",
        "http://localhost:1/v1",
        "http://[::1]:1/v1",
        "http://[::ffff:127.0.0.1]:1/v1",
        "http://169.254.169.254/v1",
        "http://2130706433:1/v1",
        "http://0:1/v1",
        "http://user:pass@127.0.0.1:1/v1",
        "ftp://127.0.0.1/v1",
    ],
)
def test_an_address_that_is_not_allowed_is_not_connected_to(tmp_path: Path, url: str) -> None:
    with house(tmp_path, route("inside", target("inside", url, addresses=()))) as home:
        answer = home.ask("inside")
        home.one()
    assert codes(answer) == (502, "upstream_address_refused")


def test_what_a_provider_says_is_passed_on_without_our_secrets(tmp_path: Path) -> None:
    said = {"error": {"message": "sk-upstream-secret at {} is wrong", "code": "odd", "param": "n"}}
    with (
        scripted(json.dumps(said).encode(), status=b"400 Bad", content_type=JSON) as api,
        house(tmp_path, route("chatty", target("chatty", api))) as home,
    ):
        answer = home.ask("chatty")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (400, "odd", "n")
    assert "sk-upstream-secret" not in error["message"]
    assert error["message"].endswith("is wrong")


@pytest.mark.parametrize("content", [ContentMode.FULL, ContentMode.NONE])
def test_a_failed_attempt_keeps_what_was_said_and_nobodys_words(
    tmp_path: Path, content: ContentMode
) -> None:
    asked = "our cellar flooded last night again"
    words = f"Rate limit of 30000 tokens hit for key sk-live-1234567890: {asked} by bo@rosewood.example."
    body = json.dumps({"error": {"message": f'{words} See "{asked}".', "code": "odd"}}).encode()
    with (
        scripted(body, status=b"500 Odd", content_type=JSON) as api,
        house(tmp_path, route("chatty", target("chatty", api)), content=content) as home,
    ):
        home.ask("chatty", messages=[{"role": "user", "content": asked}])
        said = home.one().attempts[0].said
    if content is ContentMode.NONE:
        assert said is None
        return
    assert said == "Rate limit of 30000 tokens hit for <secret>: … by <address>. See <text>."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error":{"message":"x","code":429}}', "rate_limited"),
        (b'{"error":"it broke"}', "upstream_error"),
        (b'{"choices":[]}', "upstream_malformed"),
        (b"not json", "upstream_malformed"),
        (b'{"choices":[{"message":{"content":"\xff"}}]}', "upstream_malformed"),
        (b"[]", "upstream_malformed"),
        (b"", "upstream_malformed"),
    ],
)
def test_an_answer_with_status_200_is_not_always_one(
    tmp_path: Path, body: bytes, code: str
) -> None:
    parts = (body,) if body else ()
    with (
        scripted(*parts, content_type=JSON) as api,
        house(tmp_path, route("odd", target("odd", api))) as home,
    ):
        answer = home.ask("odd")
    assert codes(answer)[1] == code


@pytest.mark.parametrize(
    "head",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * (70 << 10) + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_http_is_malformed(tmp_path: Path, head: bytes) -> None:
    with scripted(head=head) as api, house(tmp_path, route("odd", target("odd", api))) as home:
        assert codes(home.ask("odd")) == (502, "upstream_malformed")


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    head = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
    with scripted(head=head) as api, house(tmp_path, route("odd", target("odd", api))) as home:
        assert codes(home.ask("odd")) == (502, "upstream_error")


def test_an_answer_without_a_length_ends_with_its_connection(tmp_path: Path) -> None:
    body = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}'
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
    with (
        scripted(body, head=head) as api,
        house(tmp_path, route("old", target("old", api))) as home,
    ):
        answer = home.ask("old")
        frame = home.one()
    assert answer.content == body
    assert frame.attempts[0].estimated
    assert frame.attempts[0].output_tokens == 1


def test_a_kept_connection_that_was_closed_meanwhile_costs_no_failure(tmp_path: Path) -> None:
    body = b'{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    with (
        scripted(body, head=head % len(body)) as api,
        house(tmp_path, route("old", target("old", api))) as home,
    ):
        answers = [home.ask("old").status_code for _ in range(20)]
    assert answers == [200] * 20


def test_too_many_requests_at_once_are_shed(tmp_path: Path, provider: Simulator) -> None:
    models = route("mute", simulated(provider, "fault=silence", "mute"))
    with house(tmp_path, models, limits=Limits(concurrency=0)) as home:
        answer = home.ask("mute")
    assert codes(answer) == (503, "overloaded")
    assert answer.headers["retry-after"] == "1"


def test_a_spool_that_cannot_be_written_refuses_before_anything_starts(
    tmp_path: Path, provider: Simulator
) -> None:
    (tmp_path / "spool").write_text("in the way")
    with house(tmp_path, route("sim-chat", target("sim-chat", provider.api))) as home:
        answer = home.ask()
    assert codes(answer) == (503, "spool_unwritable")
    assert not provider.ledger()


def test_weights_are_exact(tmp_path: Path, provider: Simulator) -> None:
    targets = [target(name, provider.api, upstream="sim-fast") for name in "abc"]
    with house(tmp_path, route("mix", *targets, weights=[0.5, 0.3, 0.2])) as home:
        models = [home.ask("mix").headers["x-hone-model"] for _ in range(50)]
        frame = home.settled()[0]
    assert {name: models.count(name) for name in "abc"} == {"a": 25, "b": 15, "c": 10}
    assert all(models[i : i + 10].count("a") == 5 for i in range(0, 50, 10))
    assert dict(frame.candidates) == {"a": 0.5, "b": 0.3, "c": 0.2}


def test_a_target_left_alone_is_no_candidate(tmp_path: Path, provider: Simulator) -> None:
    broken = simulated(provider, "status=429,retry=60")
    spare = target("spare", provider.api, upstream="sim-chat")
    with house(tmp_path, route("mix", broken, spare, weights=[9, 1])) as home:
        assert [home.ask("mix").headers["x-hone-attempts"] for _ in range(3)] == ["2", "1", "1"]
        frames = home.settled()
    assert [frame.candidates for frame in frames] == [
        [("broken", 0.9), ("spare", 0.1)],
        [("spare", 1.0)],
        [("spare", 1.0)],
    ]


def test_when_all_targets_are_left_alone_the_fallback_answers(
    tmp_path: Path, provider: Simulator
) -> None:
    broken = simulated(provider, "status=429,retry=60")
    spare = target("spare", provider.api, upstream="sim-chat")
    with house(tmp_path, route("mix", broken, fallbacks=[spare])) as home:
        assert [home.ask("mix").headers["x-hone-attempts"] for _ in range(2)] == ["2", "1"]
        frames = home.settled()
    assert frames[1].candidates == [("spare", 1.0)]
