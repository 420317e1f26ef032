"""Policies behind the front door: what the attempts tell them, and what clients see of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hone.core import ids
from hone.gateway import Deadlines, Factors, Policy, Principal, Route, Weighted
from hone.llm.types import Profile, Target
from tests.core.facts import wait_for
from tests.gateway.running import House, codes, house, leaving, route, target
from tests.simulator.running import Simulator

PICTURE = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
]
QUERY = frozenset({"ai:query"})


def fast(provider: Simulator, name: str, **profile: Any) -> Target:
    return target(name, provider.api, upstream="sim-fast", profile=Profile(**profile))


def in_flight(home: House, *targets: Target) -> list[int]:
    breakers = home.gateway.breakers
    return [breakers.of(each.model_id).pace.calls for each in targets]


def automatic(*targets: Target) -> Route:
    return Route(None, "auto", Policy.INTELLIGENT, tuple(Weighted(each) for each in targets))


def test_a_busy_target_is_left_alone_and_every_call_is_counted_out_again(
    tmp_path: Path, provider: Simulator
) -> None:
    slow = target("slow", provider.api, upstream="sim-chat#pace=20,tokens=500")
    quick = fast(provider, "quick")
    models = route("mix", slow, quick, policy=Policy.LEAST_CONNECTIONS)
    body = {"model": "mix", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    with house(tmp_path, models) as home:
        with leaving(home.url, body) as connection:
            while b"data: " not in connection.recv(4096):
                pass
            assert in_flight(home, slow, quick) == [1, 0]
            assert [home.ask("mix").headers["x-hone-model"] for _ in range(3)] == ["quick"] * 3
        wait_for(lambda: in_flight(home, slow, quick) == [0, 0])
        frames = home.settled()
    assert frames[0].candidates == [("slow", 0.0), ("quick", 1.0)]


@pytest.mark.parametrize("script", ["status=500", "fault=cut", "fault=silence", "status=400"])
def test_what_fails_is_counted_out_too(tmp_path: Path, provider: Simulator, script: str) -> None:
    broken = target("broken", provider.api, upstream=f"sim-chat#{script}")
    limits = Deadlines(total=0.5)
    with house(tmp_path, route("mix", broken, deadlines=limits)) as home:
        assert home.ask("mix").status_code >= 400
        assert in_flight(home, broken) == [0]


def test_the_slower_target_is_left_to_rest(tmp_path: Path, provider: Simulator) -> None:
    slow = target("slow", provider.api, upstream="sim-chat#ttft=300,tokens=2,pace=0")
    quick = fast(provider, "quick")
    with house(tmp_path, route("mix", slow, quick, policy=Policy.RESPONSE_TIME)) as home:
        models = [home.ask("mix").headers["x-hone-model"] for _ in range(10)]
    assert models.count("slow") == 1
    assert models[2:] == ["quick"] * 8


def test_a_call_goes_where_it_can_be_taken(tmp_path: Path, provider: Simulator) -> None:
    blind = fast(provider, "blind", quality=0.9, lacks=frozenset({"image", "tools"}))
    seeing = fast(provider, "seeing", quality=0.1)
    models = route("mix", blind, seeing, policy=Policy.INTELLIGENT, factors=Factors(0, 0, 1))
    with house(tmp_path, models, route("blind", blind, policy=Policy.INTELLIGENT)) as home:
        plain = home.ask("mix")
        picture = home.ask("mix", messages=[{"role": "user", "content": PICTURE}])
        refused = home.ask("blind", tools=[{"type": "function", "function": {"name": "f"}}])
        frames = home.settled()
    assert plain.headers["x-hone-model"] == "blind"
    assert picture.headers["x-hone-model"] == "seeing"
    assert frames[1].candidates == [("seeing", 1.0)]
    assert codes(refused) == (400, "no_target_fits")
    assert "tools" in refused.json()["error"]["message"]


def test_adaptive_learns_from_what_happens(tmp_path: Path, provider: Simulator) -> None:
    broken = target("broken", provider.api, upstream="sim-chat#status=404")
    good = fast(provider, "good")
    models = route(
        "mix", broken, good, policy=Policy.ADAPTIVE, factors=Factors(0, 0, 1), exploration=0.02
    )
    with house(tmp_path, models) as home:
        for number in range(60):
            answer = home.ask("mix", headers={"x-hone-conversation-id": str(number)})
            assert answer.headers["x-hone-model"] == "good"
        (memory,) = home.gateway.router.memories()
        frames = home.settled()
    believed = memory.overall.each
    assert believed[1].mean > believed[0].mean
    for frame in frames:
        assert sum(chance for _, chance in frame.candidates) == pytest.approx(1)


def test_a_conversation_stays_with_its_target(tmp_path: Path, provider: Simulator) -> None:
    targets = [fast(provider, name) for name in "abc"]
    with house(tmp_path, route("mix", *targets, policy=Policy.ADAPTIVE)) as home:
        for number in range(5):
            asked = [
                home.ask("mix", headers={"x-hone-conversation-id": f"c{number}"}) for _ in range(4)
            ]
            assert len({each.headers["x-hone-model"] for each in asked}) == 1


@pytest.mark.parametrize("model", [None, "", "auto"])
def test_without_a_model_hone_chooses_among_all_that_fit(
    tmp_path: Path, provider: Simulator, model: str | None
) -> None:
    poor = fast(provider, "poor", quality=0.1)
    best = fast(provider, "best", quality=0.9)
    embeds = fast(provider, "embeds", quality=1.0, lacks=frozenset({"chat"}))
    with house(tmp_path, automatic=automatic(poor, best, embeds)) as home:
        body: dict[str, Any] = {"messages": [{"role": "user", "content": "Hello"}]}
        if model is not None:
            body["model"] = model
        answer = home.http.post(
            "/v1/chat/completions",
            json=body,
            headers={"authorization": "Bearer sk-test-0123456789"},
        )
        frame = home.one()
    assert answer.headers["x-hone-model"] == "best"
    assert (frame.route, frame.route_id) == ("auto", None)
    assert frame.candidates == [("best", 1.0)]


def test_the_route_named_auto_is_taken_first(tmp_path: Path, provider: Simulator) -> None:
    own = route("auto", fast(provider, "own"))
    with house(tmp_path, own, automatic=automatic(fast(provider, "other"))) as home:
        assert home.ask("").headers["x-hone-model"] == "own"


def test_a_key_is_given_only_what_it_may_call(tmp_path: Path, provider: Simulator) -> None:
    a, b = fast(provider, "a", quality=0.9), fast(provider, "b", quality=0.1)
    some = Principal(ids.new(), ids.new(), "some", QUERY, routes=frozenset({"b"}))
    none = replace(some, key_id=ids.new(), routes=frozenset({"assistant"}))
    keys = {"sk-some": some, "sk-none": none}
    way = route("mix", a, policy=Policy.INTELLIGENT)
    with house(tmp_path, way, principals=keys, automatic=automatic(a, b)) as home:
        asked = [home.ask("", headers={"authorization": f"Bearer {token}"}) for token in keys]
        everything = home.ask("")
    assert asked[0].headers["x-hone-model"] == "b"
    assert codes(asked[1]) == (403, "route_not_allowed")
    assert everything.headers["x-hone-model"] == "a"


def test_a_key_for_a_route_has_all_of_its_targets(tmp_path: Path, provider: Simulator) -> None:
    only = Principal(ids.new(), ids.new(), "only", QUERY, routes=frozenset({"mix"}))
    way = route("mix", fast(provider, "a"), policy=Policy.INTELLIGENT)
    with house(tmp_path, way, principals={"sk-only": only}) as home:
        answer = home.ask("mix", headers={"authorization": "Bearer sk-only"})
    assert answer.headers["x-hone-model"] == "a"


def test_where_there_is_no_model_there_is_none_to_choose(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        assert codes(home.ask("")) == (404, "model_not_found")
