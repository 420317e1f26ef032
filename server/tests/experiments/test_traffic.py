"""An experiment of two models, from its draft to the log of calls, over HTTP."""

from collections import Counter

from tests.core.facts import wait_for
from tests.experiments.traffic import (
    arm_of,
    arms_met,
    ask,
    client,
    draft,
    post,
    split_now,
    whole_now,
)
from tests.fixtures.house import House


def test_everybody_keeps_an_arm_and_the_log_says_which(house: House) -> None:
    with client(house) as http:
        made = draft(http)
        path = f"/api/experiments/{made['id']}"
        assert made["state"] == "draft"
        assert [each["share"] for each in made["arms"]] == [0.5, 0.5]
        assert post(http, f"{path}/start")["state"] == "running"
        split_now(http)
        users = [f"guest-{number}" for number in range(200)]
        answers = [(user, ask(http, user)) for user in [*users, *users]]
        assert {answer.status_code for _, answer in answers} == {200}
        met = arms_met(answers)
        assert all(len(arms) == 1 for arms in met.values())
        arms = Counter(next(iter(each)) for each in met.values())
        assert 70 <= arms["treatment"] <= 130
        assert all(arm_of(http, made["id"], user) in met[user] for user in users[:10])
        for user, answer in answers[:20]:
            expected = "backup" if "treatment" in met[user] else "venue"
            assert answer.headers["x-hone-model"] == expected
        operation = answers[0][1].headers["x-request-id"]
        wait_for(lambda: http.get(f"/api/ai/operations/{operation}").status_code == 200, 10)
        read = http.get(f"/api/ai/operations/{operation}").json()
        assert read["split"] == {
            "id": made["id"],
            "kind": "experiment",
            "arm": answers[0][1].headers["x-hone-arm"],
            "chance": 0.5,
            "named": True,
            "rescued": False,
        }
        assert read["route"] == "assistant"
        wait_for(lambda: _counted(house, made["id"]) == 400, 10)
        listed = http.get(
            "/api/ai/operations", params={"split": made["id"], "arm": "treatment", "limit": 500}
        ).json()["items"]
        mine = [each for each in listed if each["userId"].startswith("guest-")]
        assert len(mine) == 2 * arms["treatment"]
        stopped = post(http, f"{path}/stop", {"reason": "seen enough"})
        assert stopped["state"] == "stopped"
        whole_now(http)


def test_what_is_under_way_is_alone_and_does_not_change(house: House) -> None:
    with client(house) as http:
        made = draft(http, name="the first")
        path = f"/api/experiments/{made['id']}"
        post(http, f"{path}/start")
        refused = http.patch(path, json={"version": 2, "coverage": 0.5})
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "experiment_running"
        said = http.patch(path, json={"version": 2, "hypothesis": "It is as good, and cheaper."})
        assert said.status_code == 200
        other = draft(http, name="another")
        answer = http.post(f"/api/experiments/{other['id']}/start")
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "name_split_already"
        assert made["id"] in answer.json()["error"]["message"]
        split_now(http)
        users = [f"visitor-{number}" for number in range(20)]
        before = arms_met([(user, ask(http, user)) for user in users])
        post(http, f"{path}/pause")
        whole_now(http)
        post(http, f"{path}/resume")
        split_now(http)
        assert arms_met([(user, ask(http, user)) for user in users]) == before
        post(http, f"{path}/stop", {"reason": "seen enough"})
        post(http, f"/api/experiments/{other['id']}/start")
        post(http, f"/api/experiments/{other['id']}/stop", {"reason": "only a look"})


def test_the_arm_that_is_decided_for_takes_the_name_until_it_is_taken_away(house: House) -> None:
    with client(house) as http:
        arms = [
            {"name": "control", "kind": "route", "ref": "assistant"},
            {"name": "warm", "kind": "prompt", "ref": "backup", "prompt": "Be warm."},
        ]
        made = draft(http, name="a warm tone", arms=arms, unit="conversation")
        path = f"/api/experiments/{made['id']}"
        post(http, f"{path}/start")
        split_now(http)
        decided = post(http, f"{path}/decide", {"arm": "warm", "reason": "guests like it"})
        assert decided["decided"]["standing"] is True
        whole_now(http)
        answers = [ask(http, f"guest-{number}") for number in range(8)]
        assert {each.headers["x-hone-model"] for each in answers} == {"backup"}
        post(http, f"{path}/stop", {"reason": "the season is over"})
        wait_for(lambda: ask(http, "guest").headers["x-hone-model"] == "venue", 10)
        shown = http.get(path).json()
        assert shown["state"] == "decided"
        assert shown["decided"]["standing"] is False


def _counted(house: House, experiment: str) -> int:
    rows = house.rows(
        "SELECT coalesce(sum(u.operations), 0)::int FROM split_units u WHERE u.split_id = %s::uuid"
        " AND EXISTS (SELECT FROM operations o WHERE o.split_id = u.split_id"
        " AND o.split_unit = u.unit AND o.user_id LIKE 'guest-%%')",
        experiment.removeprefix("exp_"),
    )
    return int(str(rows[0][0]))
