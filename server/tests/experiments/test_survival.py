"""An experiment through what befalls a house: everything is killed, and somebody is erased."""

from collections.abc import Iterator

import pytest

from tests.core.facts import wait_for
from tests.experiments.traffic import arm_of, ask, client, draft, post, split_now
from tests.fixtures.house import House, open_house


@pytest.fixture
def alone() -> Iterator[House]:
    with open_house(workers=1) as opened:
        yield opened


def test_killed_or_with_somebody_erased_the_others_are_as_they_were(alone: House) -> None:
    house = alone
    with client(house) as http:
        made = draft(http, unit="conversation")
        post(http, f"/api/experiments/{made['id']}/start")
        split_now(http)
        users = [f"guest-{number}" for number in range(30)]
        met = {user: ask(http, user).headers["x-hone-arm"] for user in users}
    house.kill()
    house.start()
    with client(house) as http:
        assert {user: ask(http, user).headers["x-hone-arm"] for user in users} == met
        assert {user: arm_of(http, made["id"], user) for user in users[:5]} != {}
        wait_for(lambda: _calls(house, "guest-%") == 60, 20)
        before = _units(house, made["id"])
        said = {"kind": "user", "target": users[0]}
        assert http.post("/api/audit/erasures", json=said).status_code == 202
        wait_for(lambda: _units(house, made["id"]) == before - 1, 60)
        wait_for(lambda: _calls(house, users[0]) == 0, 60)
        ((linked,),) = house.rows(
            "SELECT count(*) FROM operations o WHERE split_unit IS NOT NULL AND NOT EXISTS"
            " (SELECT FROM split_units u WHERE u.unit = o.split_unit)"
        )
        assert linked == 0
        results = http.get(f"/api/experiments/{made['id']}/results").json()
        assert sum(arm["units"] for arm in results["arms"]) == before - 1


def _units(house: House, experiment: str) -> int:
    rows = house.rows(
        "SELECT count(*)::int FROM split_units WHERE split_id = %s::uuid",
        experiment.removeprefix("exp_"),
    )
    return int(str(rows[0][0]))


def _calls(house: House, user: str) -> int:
    rows = house.rows("SELECT count(*)::int FROM operations WHERE user_id LIKE %s", user)
    return int(str(rows[0][0]))
