import pytest

from hone.simulator import Behaviour, Price, SimulatorConfig
from tests.core.facts import wait_for
from tests.simulator.running import Simulator, in_thread


def test_a_behaviour_holds_until_it_is_taken_away(simulator: Simulator):
    answer = simulator.put("gpt-4o", status=503, retryAfter=2)
    assert answer.json() == {"model": "gpt-4o", "behaviour": {"status": 503, "retryAfter": 2}}
    assert [simulator.chat("gpt-4o").status_code for _ in range(3)] == [503] * 3
    assert simulator.chat("other").status_code == 200
    listed = simulator.http.get("/simulator/behaviours").json()["items"]
    assert listed == [
        {"model": "gpt-4o", "behaviour": {"status": 503, "retryAfter": 2}, "taken": 3}
    ]
    taken = simulator.http.delete("/simulator/behaviours/gpt-4o").json()
    assert taken == {"model": "gpt-4o", "deleted": True}
    assert simulator.chat("gpt-4o").status_code == 200
    assert simulator.http.delete("/simulator/behaviours/gpt-4o").json()["deleted"] is False


def test_a_behaviour_can_be_meant_for_some_requests(simulator: Simulator):
    simulator.put("*", status=502)
    simulator.put("gpt-4o", status=503, times=2)
    assert [simulator.chat("gpt-4o").status_code for _ in range(4)] == [503, 503, 502, 502]
    assert simulator.http.get("/simulator/behaviours").json()["items"][0]["model"] == "*"


def test_a_name_s_own_settings_win_and_are_counted(simulator: Simulator):
    simulator.put("gpt-4o", status=503)
    name = "gpt-4o#status=429,times=1"
    assert [simulator.chat(name).status_code for _ in range(3)] == [429, 503, 503]
    simulator.reset()
    assert [simulator.chat(name).status_code for _ in range(3)] == [429, 200, 200]


def test_names_with_slashes_can_be_scripted(simulator: Simulator):
    simulator.put("meta/llama 3", status=500)
    assert simulator.chat("meta/llama 3").status_code == 500


def test_a_rate_limit_refuses_what_exceeds_it(simulator: Simulator):
    simulator.put("gpt-4o", rate={"requests": 2, "perSeconds": 4})
    first, second, third = (simulator.chat("gpt-4o") for _ in range(3))
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert second.headers["x-ratelimit-remaining-requests"] == "0"
    assert third.status_code == 429
    error = third.json()["error"]
    assert (error["type"], error["code"]) == ("requests", "rate_limit_exceeded")
    assert 1 <= int(third.headers["retry-after"]) <= 4
    assert third.headers["x-ratelimit-reset-requests"].endswith("s")
    assert 0 < int(third.headers["retry-after-ms"]) <= 4000
    assert wait_for(lambda: simulator.chat("gpt-4o").status_code == 200)


def test_the_reset_of_a_long_window_is_written_as_openai_does(simulator: Simulator):
    for seconds, reset in ((60, "1m0s"), (20, "20s"), (400, "6m40s")):
        answer = simulator.chat(f"m#rate=0/{seconds}")
        assert answer.headers["x-ratelimit-reset-requests"] == reset
        assert answer.headers["retry-after"] == str(seconds)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"speed": 1}',
        b'{"ttftMs": -1}',
        b'{"fault": "explode"}',
        b'{"status": 200}',
        b'{"status": 500, "fault": "cut"}',
        b'{"rate": {"requests": 1, "perSeconds": 0}}',
        b'{"rate": {"requests": 1}}',
        b'{"code": "\xff"}',
    ],
)
def test_a_wrong_script_is_refused(simulator: Simulator, body: bytes):
    response = simulator.http.put("/simulator/behaviours/gpt-4o", content=body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "invalid_behaviour"
    assert error["message"].startswith("This is not a behaviour: ")
    assert simulator.http.get("/simulator/behaviours").json()["items"] == []


def test_control_requests_that_mean_nothing_are_refused(simulator: Simulator):
    assert simulator.put("m%23ttft=1").status_code == 400
    for method, path in (
        ("GET", "/simulator/"),
        ("GET", "/simulator/nothing"),
        ("PUT", "/simulator/behaviours/"),
        ("POST", "/simulator/ledger"),
        ("GET", "/simulator/ledger/1"),
    ):
        assert simulator.http.request(method, path).status_code == 404
    for query in ("since=x", "since=-1", "limit=1.5", "from=3"):
        assert simulator.http.get(f"/simulator/ledger?{query}").status_code == 400


def test_prices_are_shown(simulator: Simulator):
    rest = dict.fromkeys(("cachedInput", "cacheWrite", "cacheWriteHour"))
    assert simulator.http.get("/simulator/prices").json() == {
        "currency": "USD",
        "unit": "million tokens",
        "default": {"input": "2.5", "output": "10", **rest},
        "models": {
            "gpt-4o-mini": {
                "input": "0.15",
                "output": "0.6",
                **rest,
                "cachedInput": "0.075",
            }
        },
    }


def test_a_simulator_starts_with_its_configuration():
    config = SimulatorConfig(
        seed=7, behaviours={"slow": Behaviour(status=500)}, default_price=Price("0", "1")
    )
    with in_thread(config) as seven, in_thread(SimulatorConfig(seed=8)) as eight:
        assert seven.chat("slow").status_code == 500
        words = [
            {
                simulator.chat(text=f"{number}").json()["choices"][0]["message"]["content"]
                for number in range(5)
            }
            for simulator in (seven, eight)
        ]
        assert words[0] != words[1]
        row = seven.ledger()[-1]
        assert row.billed_picodollars == row.completion_tokens * 1_000_000
