"""What clients send: good, bad and hostile."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from hone.core import ids
from hone.gateway import Limits, Principal
from tests.core.facts import wait_for
from tests.gateway.running import DEADLINE_SECONDS, KEY, codes, house, leaving, route, target
from tests.simulator.running import Simulator

MESSAGES = b'"messages":[{"role":"user","content":"hi"}]'


@pytest.mark.parametrize(
    ("content", "code", "param"),
    [
        (b"", "invalid_json", None),
        (b"{", "invalid_json", None),
        (b"[]", "invalid_json", None),
        (b'"text"', "invalid_json", None),
        (b'{"model":"m",' + MESSAGES + b"} x", "invalid_json", None),
        (b'{"model":"m","messages":[{"role":"user","content":"\xff"}]}', "invalid_json", None),
        (b'{"model":"m","messages":' + b"[" * 100_000, "invalid_json", None),
        (b'{"model":3,' + MESSAGES + b"}", "invalid_parameter", "model"),
        (b'{"model":"' + b"m" * 257 + b'",' + MESSAGES + b"}", "invalid_parameter", "model"),
        (b'{"model":"m"}', "invalid_parameter", "messages"),
        (b'{"model":"m","messages":null}', "invalid_parameter", "messages"),
        (b'{"model":"m","messages":[]}', "invalid_parameter", "messages"),
        (b'{"model":"m","messages":"hi"}', "invalid_parameter", "messages"),
        (b'{"model":"m","messages":[{"role":3}]}', "invalid_parameter", "messages[0].role"),
        (b'{"model":"m","messages":[7]}', "invalid_parameter", "messages[0]"),
        (b'{"model":"m","stream":"yes",' + MESSAGES + b"}", "invalid_parameter", "stream"),
        (
            b'{"model":"m","stream":true,"stream_options":7,' + MESSAGES + b"}",
            "invalid_parameter",
            "stream_options",
        ),
        (b'{"model":"m","n":0,' + MESSAGES + b"}", "invalid_parameter", "n"),
        (b'{"model":"m","n":"x",' + MESSAGES + b"}", "invalid_parameter", "n"),
        (b'{"model":"m","metadata":7,' + MESSAGES + b"}", "invalid_parameter", "metadata"),
        (
            b'{"model":"m","metadata":{"a":"' + b"x" * 5000 + b'"},' + MESSAGES + b"}",
            "invalid_parameter",
            "metadata",
        ),
    ],
)
def test_a_bad_request_is_answered_400_and_says_what_is_wrong(
    tmp_path: Path, content: bytes, code: str, param: str | None
) -> None:
    with house(tmp_path, route("m", target("m", "http://127.0.0.1:1/v1"))) as home:
        answer = home.send(content)
        assert not home.frames()
    assert codes(answer) == (400, code)
    assert answer.json()["error"]["param"] == param
    assert answer.headers["x-hone-attempts"] == "0"


@pytest.mark.parametrize("value", ["7", "[1]", "not json", '{"a":', '{"a":"' + "x" * 5000 + '"}'])
def test_bad_metadata_in_a_header_is_answered_400(tmp_path: Path, value: str) -> None:
    with house(tmp_path, route("m", target("m", "http://127.0.0.1:1/v1"))) as home:
        answer = home.ask("m", headers={"x-hone-metadata": value})
    assert codes(answer) == (400, "invalid_parameter")
    assert answer.json()["error"]["param"] == "x-hone-metadata"


def test_everything_else_passes_through_untouched(tmp_path: Path, provider: Simulator) -> None:
    model = target("echo", provider.api, upstream="sim-echo")
    strange = '{"role":"user","content":"a\\u0000b \\ud83d\\ude00 \\ud800 \\/","extra":1.50}'
    content = f'{{"unknown":[1, 2,3e5],"model":"echo","n":null,"messages":[{strange}]}}'
    with house(tmp_path, route("echo", model)) as home:
        answer = home.send(content.encode())
        kept = home.content(home.one())
    assert answer.status_code == 200
    text = answer.json()["choices"][0]["message"]["content"]
    assert "\U0001f600 \ufffd /" in text
    assert kept.request == content.encode()


def test_labels_come_from_headers_or_from_openais_own_fields(
    tmp_path: Path, provider: Simulator
) -> None:
    with house(tmp_path, route("sim-fast", target("sim-fast", provider.api))) as home:
        home.ask(
            "sim-fast",
            user="from the body",
            metadata={"conversation_id": "c1", "note": "a\0b", "list": ["\0"], "n": 1},
        )
        first = home.settled()[0]
        home.ask(
            "sim-fast",
            user="from the body",
            metadata={"conversation_id": "c1"},
            headers={
                "x-hone-user": "k\u00f6nig".encode(),
                "x-hone-conversation-id": "c" * 300,
                "x-hone-metadata": '{"a": {"b": "\\ud800"}}',
            },
        )
        second = home.settled()[1]
        home.ask("sim-fast", user=7, metadata={"conversation_id": 7})
        third = home.settled()[2]
    assert (first.user, first.conversation) == ("from the body", "c1")
    assert json.loads(first.metadata or b"") == {
        "conversation_id": "c1",
        "note": "a\ufffdb",
        "list": ["\ufffd"],
        "n": 1,
    }
    assert (second.user, second.conversation) == ("k\u00f6nig", "c" * 256)
    assert json.loads(second.metadata or b"") == {"a": {"b": "\ufffd"}}
    assert (third.user, third.conversation) == (None, None)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": ""}, 401, "missing_api_key"),
        ({"authorization": "Basic abc"}, 401, "missing_api_key"),
        ({"authorization": "Bearer wrong"}, 401, "invalid_api_key"),
        ({"authorization": "Bearer \u00fcber"}, 401, "invalid_api_key"),
        ({"authorization": "Bearer expired"}, 401, "expired_api_key"),
        ({"authorization": "Bearer learner"}, 403, "query_not_allowed"),
        ({"authorization": "Bearer scoped"}, 403, "route_not_allowed"),
    ],
)
def test_a_key_that_may_not_call_is_refused(
    tmp_path: Path, headers: dict[str, str], status: int, code: str
) -> None:
    some = ids.new()
    query = frozenset({"ai:query"})
    principals = {
        "expired": Principal(ids.new(), some, "e", query, expires_at=time.time() - 1),
        "learner": Principal(ids.new(), some, "l", frozenset()),
        "scoped": Principal(ids.new(), some, "s", query, routes=frozenset({"other"})),
    }
    models = route("m", target("m", "http://127.0.0.1:1/v1"))
    with house(tmp_path, models, principals=principals) as home:
        given = [(name, value.encode("latin-1")) for name, value in headers.items()]
        answer = home.http.post(
            "/v1/chat/completions",
            content=b'{"model":"m",' + MESSAGES + b"}",
            headers=[(name.encode(), value) for name, value in given],
        )
        metrics = home.metrics()
    assert codes(answer) == (status, code)
    assert metrics[f'hone_gateway_rejected_total{{code="{code}"}}'] == 1


def test_a_key_whose_organization_is_gone_is_unknown(tmp_path: Path) -> None:
    with house(tmp_path, route("m", target("m", "http://127.0.0.1:1/v1"))) as home:
        snapshot = home.current.snapshot
        home.current.snapshot = snapshot.without(home.organization.id)
        assert codes(home.ask("m")) == (401, "invalid_api_key")
        home.current.ready = False
        assert codes(home.ask("m")) == (503, "not_ready")


def test_an_unknown_model_is_not_found(tmp_path: Path) -> None:
    with house(tmp_path, route("empty")) as home:
        for name in ("unknown", "empty"):
            answer = home.ask(name)
            assert codes(answer) == (404, "model_not_found")
            assert answer.json()["error"]["param"] == "model"


def test_models_are_listed_as_far_as_the_key_reaches(tmp_path: Path) -> None:
    scoped = Principal(ids.new(), ids.new(), "s", frozenset({"ai:query"}), frozenset({"a/b", "x"}))
    models = [route(name, target(name, "http://127.0.0.1:1/v1")) for name in ("z", "a/b")]
    with house(tmp_path, *models, principals={"scoped": scoped}) as home:
        with home.client() as client:
            assert [model.id for model in client.models.list()] == ["a/b", "z"]
            assert client.models.retrieve("z").object == "model"
        limited = {"authorization": "Bearer scoped"}
        listed = home.http.get("/v1/models", headers=limited)
        assert [each["id"] for each in listed.json()["data"]] == ["a/b"]
        assert home.http.get("/v1/models/a/b", headers=limited).json()["id"] == "a/b"
        assert codes(home.http.get("/v1/models/z", headers=limited)) == (404, "model_not_found")
        assert codes(home.http.get("/v1/models")) == (401, "missing_api_key")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/embeddings", 405, "method_not_allowed"),
        ("DELETE", "/v1/models", 405, "method_not_allowed"),
        ("POST", "/v1/unknown", 404, "path_not_found"),
        ("GET", "/v1/modelsandmore", 404, "path_not_found"),
    ],
)
def test_what_is_not_there_is_said_in_the_envelope(
    tmp_path: Path, method: str, path: str, status: int, code: str
) -> None:
    with house(tmp_path) as home:
        answer = home.http.request(method, path)
    assert codes(answer) == (status, code)
    assert ("allow" in answer.headers) == (status == 405)


def test_embeddings_pass_and_are_billed(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("embed", target("embed", provider.api))) as home:
        with home.client() as client:
            vectors = client.embeddings.create(model="embed", input=["one", "two"])
        frame = home.one()
        wrong = home.send(b'{"model":"embed","input":{}}', "/v1/embeddings")
    row = provider.row()
    assert len(vectors.data) == 2
    assert frame.endpoint == "embeddings"
    assert frame.attempts[0].cost == row.billed_picodollars
    assert codes(wrong) == (400, "invalid_parameter")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused(tmp_path: Path, chunked: bool) -> None:
    content = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 5000}]})
    models = route("m", target("m", "http://127.0.0.1:1/v1"))
    with house(tmp_path, models, limits=Limits(body_bytes=2000)) as home:
        answer = home.http.post(
            "/v1/chat/completions",
            content=iter([content.encode()]) if chunked else content.encode(),
            headers={"authorization": f"Bearer {KEY}"},
        )
        assert codes(answer) == (413, "body_too_large")
        assert home.gateway.load.bytes == 0


def test_bodies_together_have_a_limit_too(tmp_path: Path) -> None:
    models = route("m", target("m", "http://127.0.0.1:1/v1"))
    with house(tmp_path, models, limits=Limits(inflight_bytes=10)) as home:
        assert codes(home.ask("m")) == (503, "overloaded")
        assert (home.gateway.load.bytes, home.gateway.load.requests) == (0, 0)


def test_a_large_prompt_passes(tmp_path: Path, provider: Simulator) -> None:
    model = target("sim-fast", provider.api)
    provider.put("sim-fast", outputTokens=4, contextTokens=1_000_000)
    with house(tmp_path, route("sim-fast", model)) as home:
        answer = home.ask("sim-fast", "x" * (2 << 20))
        frame = home.one()
        assert len(home.content(frame).request) > 2 << 20
    assert answer.status_code == 200


def test_a_client_that_leaves_in_its_body_is_nobody(tmp_path: Path) -> None:
    with house(tmp_path, route("m", target("m", "http://127.0.0.1:1/v1"))) as home:
        host, port = home.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=DEADLINE_SECONDS) as connection:
            head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}"
            connection.sendall(f"{head}\r\ncontent-length: 1000\r\n\r\n{{".encode())
            wait_for(lambda: home.gateway.load.requests == 1)
        wait_for(lambda: home.gateway.load.requests == 0)
        assert not home.frames()


def test_metrics_tell_requests_errors_cost_and_time(tmp_path: Path, provider: Simulator) -> None:
    broken = target("broken", provider.api, upstream="sim-chat#status=500")
    spare = target("spare", provider.api, upstream="sim-chat")
    with house(tmp_path, route("mix", broken, fallbacks=[spare])) as home:
        home.ask("mix")
        home.events("mix")
        metrics = home.metrics()
        frames = home.settled()
    requests = "ai_multimodel_requests_total"
    assert _labelled(metrics, requests, model="broken", provider="sim", status="error") == 2
    assert _labelled(metrics, requests, model="spare", provider="sim", status="success") == 2
    assert _labelled(metrics, "ai_multimodel_errors_total", model="broken", code="upstream_error")
    spent = sum(attempt.cost for frame in frames for attempt in frame.attempts) / 1e12
    cost = _labelled(metrics, "ai_multimodel_cost_usd_total", model="spare")
    assert cost == pytest.approx(spent)
    assert _labelled(metrics, "ai_multimodel_model_availability", model="spare") == 1
    assert _labelled(metrics, "ai_multimodel_request_duration_seconds_count", model="spare") == 2
    assert _labelled(metrics, "hone_gateway_ttft_seconds_count", model="spare") == 1
    assert _labelled(metrics, "hone_gateway_overhead_seconds_count") == 2
    assert _labelled(metrics, "hone_gateway_in_flight") == 0


def _labelled(metrics: dict[str, float], name: str, **labels: str) -> float:
    wanted = {f'{key}="{value}"' for key, value in labels.items()}
    for series, value in metrics.items():
        head, _, rest = series.partition("{")
        if head == name and set(filter(None, rest.removesuffix("}").split(","))) == wanted:
            return value
    raise AssertionError(f"{name} {labels} is not among {sorted(metrics)}")


def test_an_error_of_ours_is_the_envelope_without_a_trace(tmp_path: Path) -> None:
    strange = target("m", "http://127.0.0.1:1/v1", kind="no such kind")
    with house(tmp_path, route("m", strange)) as home:
        answer = home.ask("m")
        frame = home.one()
    assert codes(answer) == (500, "internal_error")
    assert "Traceback" not in answer.text
    assert frame.error == "interrupted"


def test_two_requests_on_one_connection_are_answered_in_order(
    tmp_path: Path, provider: Simulator
) -> None:
    body: dict[str, Any] = {"model": "a", "messages": [{"role": "user", "content": "hi"}]}
    content = json.dumps(body).encode()
    models = route("a", target("a", provider.api, upstream="sim-fast"))
    with house(tmp_path, models) as home, leaving(home.url, body) as connection:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
        connection.sendall(
            f"{head}connection: close\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content
        )
        received = b""
        while part := connection.recv(65536):
            received += part
        assert len(home.settled()) == 2
    assert received.count(b"HTTP/1.1 200 OK") == 2
