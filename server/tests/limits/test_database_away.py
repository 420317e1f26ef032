"""The database stands still: what is leased is spent, then each limit does as it was told."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.core.facts import wait_for
from tests.fixtures.control import add_model, desk, do, metrics
from tests.fixtures.house import House, open_house
from tests.limits.replicas import Json, ask, limit, on, used_up
from tests.survival.test_database_away import frozen

CALLS = 40


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Give one Hone of one process, so that it is known who holds what."""
    with open_house(workers=1) as opened:
        yield opened
        # Not killed, so that what it ran through is counted.
        opened.stop()


def limited(house: House, **told: object) -> tuple[str, Json]:
    """Make a key with a limit that is in force; return the key, and the limit."""
    body = {"name": "caller", "permissions": ["ai:query"]}
    key = do(house, "POST", "/api/identity/keys", body)
    made = limit(house, subject=on("key", key["id"]), **told)
    add_model(house)
    return key["key"], made


def several(house: House, key: str) -> Counter[int]:
    """Make calls one after the other."""
    return Counter(ask(house.url, key).status_code for _ in range(CALLS))


def ready(house: House) -> bool:
    """Tell whether everything is there again."""
    with desk(house) as client:
        return client.get("/readyz").json()["status"] == "ready"


def test_what_is_leased_is_spent_and_then_calls_are_refused(house: House) -> None:
    key, made = limited(house, measure="requests", window="day", amount=2000)
    before = several(house, key)[200]
    assert before == CALLS
    told = ask(house.url, key).headers
    before += 1
    assert told["x-ratelimit-limit-requests"] == "2000"
    assert 0 < int(told["x-ratelimit-remaining-requests"]) <= 2000 - before
    assert told["x-ratelimit-reset-requests"].endswith("s")
    during = 0
    with frozen(house):
        while (refused := ask(house.url, key)).status_code == 200:
            during += 1
    assert during > 0
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (429, "rate_limit_exceeded")
    assert error["details"]["storeAway"] is True
    assert refused.headers["retry-after"] == "1"
    wait_for(lambda: ready(house))
    wait_for(lambda: ask(house.url, key).status_code == 200)
    used = str(before + during + 1)
    wait_for(lambda: used_up(house, made, used))


def test_a_limit_that_is_told_so_lets_calls_through_and_counts_them(house: House) -> None:
    key, made = limited(house, measure="requests", window="day", amount=70, onStoreLoss="allow")
    assert several(house, key) == {200: CALLS}
    with frozen(house):
        assert several(house, key) == {200: CALLS}
    assert metrics(house)['hone_limits_unchecked_total{measure="requests"}'] > 0
    wait_for(lambda: ready(house))
    wait_for(lambda: used_up(house, made, str(2 * CALLS)))
    # More was used than allowed, which is known now.
    wait_for(lambda: ask(house.url, key).status_code == 429)


def test_calls_at_a_time_go_on_for_a_while_and_places_come_back(house: House) -> None:
    key, made = limited(house, measure="concurrency", amount=200)
    assert several(house, key) == {200: CALLS}
    with frozen(house):
        assert ask(house.url, key).status_code == 200
    wait_for(lambda: ready(house))
    assert several(house, key) == {200: CALLS}
    wait_for(lambda: used_up(house, made, "0"))
