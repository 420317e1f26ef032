"""What a provider keeps is asked of the provider, by whoever may call the route `default`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from hone.core import ids
from hone.gateway import Principal
from tests.gateway.running import KEY, codes, house, route, target
from tests.simulator.running import Simulator

KEPT: Any = {"model": "m", "input": "Hello", "store": True}


def openai_at(provider: Simulator) -> Any:
    return target("m", provider.api, upstream="sim-chat", kind="openai")


def test_a_stored_response_is_asked_of_the_provider(tmp_path: Path, provider: Simulator) -> None:
    models = route("m", openai_at(provider)), route("default", openai_at(provider))
    with house(tmp_path, *models) as home:
        client: Any = home.client()
        made = client.responses.create(**KEPT)
        found = client.responses.retrieve(made.id)
        client.responses.delete(made.id)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(made.id)
        told = home.metrics()
    assert found.output_text == made.output_text
    name = 'hone_gateway_forwarded_total{provider="sim",status="%d"}'
    assert told[name % 200] >= 1
    assert told[name % 404] == 1


def test_without_a_default_route_nothing_is_forwarded(tmp_path: Path, provider: Simulator) -> None:
    with house(tmp_path, route("m", openai_at(provider))) as home:
        answer = home.http.get("/v1/files", headers={"authorization": f"Bearer {KEY}"})
        stranger = home.http.get("/v1/files")
    assert codes(answer) == (404, "path_not_found")
    assert "default" in answer.json()["error"]["message"]
    assert stranger.status_code == 401


def test_a_key_that_may_not_call_the_route_forwards_nothing(
    tmp_path: Path, provider: Simulator
) -> None:
    narrow = Principal(
        ids.new(), ids.new(), "narrow", frozenset({"ai:query"}), routes=frozenset({"m"})
    )
    models = route("m", openai_at(provider)), route("default", openai_at(provider))
    with house(tmp_path, *models, principals={"sk-narrow": narrow}) as home:
        answer = home.http.get("/v1/files", headers={"authorization": "Bearer sk-narrow"})
    assert codes(answer) == (404, "path_not_found")


def test_a_key_has_a_default_route_of_its_own(tmp_path: Path, provider: Simulator) -> None:
    own = Principal(ids.new(), ids.new(), "own", frozenset({"ai:query"}), default_route="mine")
    narrow = replace(own, key_id=ids.new(), routes=frozenset({"default"}))
    gone = target("gone", "http://127.0.0.1:9/v1", kind="openai")
    models = route("mine", openai_at(provider)), route("default", gone)
    keys = {"sk-own": own, "sk-narrow": narrow}
    with house(tmp_path, *models, principals=keys) as home:
        client: Any = home.client()
        mine: Any = client.with_options(api_key="sk-own")
        made = mine.responses.create(**KEPT | {"model": "mine"})
        assert mine.responses.retrieve(made.id).output_text == made.output_text
        with pytest.raises(openai.APIStatusError) as elsewhere:
            client.responses.retrieve(made.id)
        with pytest.raises(openai.NotFoundError) as nowhere:
            client.with_options(api_key="sk-narrow").responses.retrieve(made.id)
    assert elsewhere.value.code == "upstream_unreachable"
    assert nowhere.value.code == "path_not_found"
    assert "`mine`" in nowhere.value.message


def test_the_default_route_answers_a_call_that_names_no_model(
    tmp_path: Path, provider: Simulator
) -> None:
    own = Principal(ids.new(), ids.new(), "own", frozenset({"ai:query"}), default_route="mine")
    other = route("auto", target("other", provider.api, upstream="sim-chat"))
    mine = route("mine", target("m", provider.api, upstream="sim-chat"))
    with house(tmp_path, mine, automatic=other, principals={"sk-own": own}) as home:
        messages = [{"role": "user", "content": "Hello"}]
        headers = {"authorization": "Bearer sk-own"}

        def asked(**more: str) -> str:
            body = {"messages": messages, **more}
            answer = home.http.post("/v1/chat/completions", json=body, headers=headers)
            assert answer.status_code == 200, answer.text
            return answer.headers["x-hone-model"]

        assert asked() == "m"
        assert asked(model="auto") == "other"


def test_tokens_are_counted_by_the_provider_of_the_model(
    tmp_path: Path, provider: Simulator
) -> None:
    claude = target("claude", provider.api, kind="anthropic", upstream="sim-chat")
    asked: Any = {"messages": [{"role": "user", "content": "Hello"}]}
    with house(tmp_path, route("claude", claude), route("gpt", openai_at(provider))) as home:
        client: Any = home.anthropic()
        counted = client.messages.count_tokens(model="claude", **asked)
        answered = client.messages.create(model="claude", max_tokens=5, **asked)
        with pytest.raises(anthropic.BadRequestError) as unable:
            client.messages.count_tokens(model="gpt", **asked)
        with pytest.raises(anthropic.NotFoundError) as unknown:
            client.messages.count_tokens(model="unheard-of", **asked)
    assert counted.input_tokens == answered.usage.input_tokens
    told: list[Any] = [unable.value.body, unknown.value.body]
    assert [each["type"] for each in told] == ["error", "error"]
    assert told[0]["error"]["code"] == "unsupported_parameter"


def test_a_path_cannot_leave_the_api(tmp_path: Path, provider: Simulator) -> None:
    inner = replace(openai_at(provider), base_url=f"{provider.api}/inner")
    with house(tmp_path, route("default", inner)) as home:
        for path in ("/v1/files/%2e%2e/%2e%2e/models", "/v1/files/..%2f..%2fmodels"):
            answer = home.http.get(path, headers={"authorization": f"Bearer {KEY}"})
            assert codes(answer) == (404, "path_not_found")


def test_a_provider_that_is_away_is_told(tmp_path: Path) -> None:
    gone = target("m", "http://127.0.0.1:9/v1", kind="openai")
    with house(tmp_path, route("default", gone)) as home:
        answer = home.http.get("/v1/files", headers={"authorization": f"Bearer {KEY}"})
    assert codes(answer) == (502, "upstream_unreachable")


def test_a_model_named_star_answers_for_every_name(tmp_path: Path, provider: Simulator) -> None:
    star = replace(openai_at(provider), model="*", upstream="*")
    mine = target("mine", provider.api, upstream="sim-chat")
    with house(tmp_path, route("*", star), route("mine", mine)) as home:
        assert home.ask("sim-anything").status_code == 200
        assert provider.row().model == "sim-anything"
        assert home.ask("mine").headers["x-hone-model"] == "mine"
