"""What the control plane changes, every server process knows within a second."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hone.core import ids
from tests.core.facts import promised
from tests.fixtures.control import QUESTION, add_model, desk, do, operation
from tests.fixtures.house import House
from tests.serving.lines import lines, soon

pytestmark = pytest.mark.promise

KEYS = "/api/identity/keys"


def make_key(house: House, **more: Any) -> dict[str, Any]:
    return do(house, "POST", KEYS, {"name": "a key", "permissions": ["ai:query"], **more})


def test_a_new_key_works_and_a_revoked_one_does_not_on_every_process(house: House) -> None:
    with lines(house) as every:
        for _ in range(3):
            made = make_key(house)
            key = made["key"]
            soon(lambda key=key: all(line.models(key).status_code == 200 for line in every))
            assert all(line.me(key).status_code == 200 for line in every)
            revoked = do(house, "DELETE", f"{KEYS}/{made['id']}")
            assert revoked["revokedAt"]
            soon(lambda key=key: all(line.models(key).status_code == 401 for line in every))
            for line in every:
                assert line.models(key).json()["error"]["code"] == "invalid_api_key"
                assert line.me(key).status_code == 401


def test_a_key_stops_at_its_expiry_without_a_word_from_the_database(house: House) -> None:
    with lines(house) as every:
        expiry = datetime.now(UTC) + timedelta(seconds=promised(1.5))
        key = make_key(house, expiresAt=expiry.isoformat())["key"]
        soon(lambda: all(line.models(key).status_code == 200 for line in every))
        time.sleep(max(0.0, (expiry - datetime.now(UTC)).total_seconds()))
        for line in every:
            assert line.models(key).json()["error"]["code"] == "expired_api_key"
            assert line.me(key).status_code == 401


def test_a_key_may_call_only_its_routes_from_its_first_use(house: House) -> None:
    key = make_key(house, routes=["backup"])["key"]
    with lines(house) as every:
        soon(lambda: all(line.models(key).status_code == 200 for line in every))
        for line in every:
            assert [each["id"] for each in line.models(key).json()["data"]] == ["backup"]


def test_a_changed_route_is_used_by_every_process(house: House) -> None:
    name = f"route-{ids.new().hex}"
    route = do(house, "POST", "/api/routes", {"name": name, "targets": [{"model": "venue"}]})
    with lines(house) as every:

        def answered_by(model: str) -> bool:
            answers = [line.chat(house, name) for line in every]
            return all(each.headers.get("x-hone-model") == model for each in answers)

        soon(lambda: answered_by("venue"))
        targets = [{"model": "backup"}]
        changed = {"name": name, "targets": targets, "version": route["version"]}
        do(house, "PUT", f"/api/routes/{route['id']}", changed)
        soon(lambda: answered_by("backup"))
        do(house, "DELETE", f"/api/routes/{route['id']}")
        soon(lambda: all(line.chat(house, name).status_code == 404 for line in every))


def test_a_stream_that_has_begun_ends_whole_and_logged_though_its_key_is_revoked(
    house: House,
) -> None:
    name = add_model(house, "pace=50,tokens=40")
    made = make_key(house)
    key = {"authorization": f"Bearer {made['key']}"}
    body = {"model": name, "messages": QUESTION, "stream": True}
    with lines(house) as every, desk(house) as client:
        soon(lambda: all(line.models(made["key"]).status_code == 200 for line in every))
        with client.stream("POST", "/v1/chat/completions", json=body, headers=key) as answer:
            told = answer.iter_lines()
            first = next(told)
            do(house, "DELETE", f"{KEYS}/{made['id']}")
            soon(lambda: all(line.models(made["key"]).status_code == 401 for line in every))
            rest = list(told)
    assert answer.status_code == 200
    assert first.startswith("data: {")
    assert "data: [DONE]" in rest
    assert operation(house, answer.headers["x-request-id"])["status"] == "success"
