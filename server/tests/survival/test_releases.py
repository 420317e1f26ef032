"""Whatever is killed while a version comes to its traffic: it arrives, calls are answered, nothing happens twice."""

import os
import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest

from hone.core import ids
from tests.core.facts import wait_for
from tests.fixtures.control import do, everywhere
from tests.fixtures.house import House, open_house
from tests.releases.traffic import OVER, RELEASES, Said, Traffic, read, started, until
from tests.versions import trained

ROUNDS = int(os.environ.get("HONE_TEST_ROUNDS", "3"))
pytestmark = [
    pytest.mark.rounds,
    pytest.mark.timeout(300 + 60 * ROUNDS),
    pytest.mark.xdist_group("survival"),
]
NAME = "tickets"
OLD, NEW = "1.0.0", "2.0.0"
HOLD = {"units": 1, "seconds": 2}
PLAN = {
    "steps": [{"share": 0.3, "hold": HOLD}, {"share": 1, "hold": HOLD}],
    "guardrails": [],
}
PROGRAMS = ("worker", "server", "predictor")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give a Hone with a trained model that is live, and a second version of it."""
    with open_house(workers=1) as opened:
        found = opened.rows("SELECT id FROM organizations ORDER BY created_at LIMIT 1")
        ours = UUID(str(found[0][0]))
        for folder in (trained.train(), trained.train(pin="secret")):
            trained.register(opened, ours, folder, NAME)
        do(opened, "POST", f"/api/ai/models/{NAME}/promote", {"version": OLD})
        everywhere(opened, lambda client: client.get(f"/v1/models/{NAME}").status_code == 200)
        yield opened


def test_a_release_outlives_workers_servers_and_predictors(house: House) -> None:
    chance = random.Random(11)
    for number in range(ROUNDS):
        traffic = Traffic(house, NAME)
        with traffic.firing():
            release = started(house, NAME, NEW, strategy="gradual", plan=PLAN)
            seen = {"preparing"}
            # Something is killed at each state and step that it is found in.
            while (told := read(house, release))["state"] not in OVER:
                place = f"{told['state']} {told['step']}"
                if told["state"] != "away" and place not in seen:
                    seen.add(place)
                    _kill(house, PROGRAMS[(number + len(seen)) % len(PROGRAMS)])
                time.sleep(chance.random() * 0.2)
            assert told["state"] == "succeeded", told
        _answered(house, traffic, {OLD, NEW})
        # A row for what went in, and none twice, however often somebody began anew.
        kinds = [each["kind"] for each in told["timeline"]]
        assert kinds == [
            *("started", "preparing", "step", "step", "promoting", "settling", "succeeded"),
        ]
        history = do(house, "GET", f"/api/ai/models/{NAME}/history")["items"]
        assert [each["action"] for each in history[:1]] == ["promoted"]
        assert len([each for each in history if each["action"] == "promoted"]) == number + 2
        _back(house, release)


def _kill(house: House, program: str) -> None:
    for pid in house.pids(program):
        os.kill(pid, signal.SIGKILL)


def _back(house: House, release: str) -> None:
    """Go back, and kill a worker meanwhile."""
    do(house, "POST", f"{RELEASES}/{release}/rollback", {"reason": "for the next round"})
    _kill(house, "worker")
    until(house, release, "rolled_back", within=60)
    traffic = Traffic(house, NAME, users=8)
    with traffic.firing():
        wait_for(lambda: len(traffic.said) >= 50)
    assert traffic.versions() == {OLD}


def _answered(house: House, traffic: Traffic, versions: set[str]) -> None:
    """See that every answer is one of a version, but for calls in a predictor that was killed, and none is lost."""
    well = [each for each in traffic.said if each.status == 200]
    assert {each.version for each in well} <= versions
    # 504: calls wait at the socket while a predictor is started again, and a label may take ten seconds. Where
    # there is much other work a start takes longer.
    assert {each.status for each in traffic.said} <= {200, 502, 503, 504}
    assert len(well) > 0.9 * len(traffic.said)
    for each in traffic.said:
        if each.status != 200:
            wait_for(partial(_logged, house, each))


def _logged(house: House, said: Said) -> bool:
    """Tell whether the log has a call that was not answered well, with what its client was told."""
    found = ids.parse("op", said.call)
    assert found is not None, said
    query = "SELECT status, http_status FROM operations WHERE id = %s"
    return house.rows(query, found) == [("error", said.status)]


def test_all_of_it_is_restarted_in_the_middle(house: House) -> None:
    alone = {"steps": [{"share": 0.3, "hold": {"seconds": 2}}], "guardrails": []}
    release = started(house, NAME, NEW, strategy="gradual", plan=alone)
    until(house, release, "running")
    house.stop()
    house.start()
    assert until(house, release, *OVER)["state"] == "succeeded"
    _back(house, release)
