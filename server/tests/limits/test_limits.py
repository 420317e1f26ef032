"""Limits through the API: set, read, change, take away."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from hone.core import http
from hone.core.db import Database
from hone.identity import PERMISSIONS, Permission, Role
from hone.limits import forget_old
from hone.limits.routes import router
from tests.identity.api import Api, open_api

Json = dict[str, Any]
EVERYBODY = {"subject": {"kind": "organization"}, "measure": "requests", "window": "minute"}


@pytest_asyncio.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with open_api(database, private_upstreams=True) as opened:
        http.add_routers(opened.app, router)
        yield opened


async def _made(api: Api, body: Json, path: str = "/api/limits") -> Json:
    answer = await api.post(path, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_limit_is_set_read_changed_and_taken_away(api: Api) -> None:
    team = await _made(api, {"name": "website"}, "/api/identity/teams")
    budget = {
        "subject": {"kind": "team", "name": "website"},
        "measure": "cost",
        "window": "month",
        "amount": 25.5,
    }
    made = await _made(api, budget)
    assert made["subject"] == {"kind": "team", "id": team["id"], "name": "website"}
    assert (made["amount"], made["onStoreLoss"], made["version"]) == ("25.5", "deny", 1)
    use = made["use"]
    assert (use["used"], use["reserved"], use["remaining"]) == ("0", "0", "25.5")
    assert use["windowStart"].endswith("-01T00:00:00Z")
    assert use["resetsAt"] > use["windowStart"]
    where = f"/api/limits/{made['id']}"
    changed = await api.call("PATCH", where, {"amount": "30", "onStoreLoss": "allow", "version": 1})
    assert changed.json()["amount"] == "30"
    assert (await api.get(where)).json()["onStoreLoss"] == "allow"
    late = await api.call("PATCH", where, {"amount": "31", "version": 1})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "limit_changed")
    assert (await api.delete(where)).status_code == 204
    assert (await api.get(where)).status_code == 404


async def test_there_is_one_limit_of_a_kind_on_a_thing(api: Api) -> None:
    await _made(api, EVERYBODY | {"amount": 10})
    again = await api.post("/api/limits", EVERYBODY | {"amount": 20})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "limit_taken")
    await _made(api, EVERYBODY | {"amount": 20, "window": "day"})
    at_once = EVERYBODY | {"measure": "concurrency", "window": None, "amount": 3}
    shown = await _made(api, at_once)
    assert (shown["window"], shown["use"]["resetsAt"]) == (None, None)
    again = await api.post("/api/limits", at_once)
    assert again.status_code == 409


async def test_limits_are_listed_newest_first_and_by_what_they_are_on(api: Api) -> None:
    key = await _made(api, {"name": "site", "permissions": ["ai:query"]}, "/api/identity/keys")
    on_key = {"subject": {"kind": "key", "id": key["id"]}, "measure": "tokens", "window": "day"}
    for body in (EVERYBODY | {"amount": 1}, on_key | {"amount": 2}):
        await _made(api, body)
    page = (await api.get("/api/limits?limit=1")).json()
    assert [each["amount"] for each in page["items"]] == ["2"]
    assert page["total"] == 2
    rest = (await api.get(f"/api/limits?limit=1&cursor={page['next']}")).json()
    assert [each["amount"] for each in rest["items"]] == ["1"]
    for query in ("kind=key", f"subject={key['id']}"):
        found = (await api.get(f"/api/limits?{query}")).json()["items"]
        assert [each["subject"]["name"] for each in found] == ["site"]
    assert (await api.get("/api/limits?kind=nothing")).status_code == 422
    assert (await api.get("/api/limits?cursor=nothing")).status_code == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": -1}, "invalid"),
        ({"amount": 1.5}, "invalid"),
        ({"amount": "NaN"}, "invalid"),
        ({"amount": "1E-999999"}, "invalid"),
        ({"amount": "1E+999999"}, "invalid"),
        ({"amount": 10**16}, "invalid"),
        ({"measure": "cost", "amount": "0.0000001"}, "invalid"),
        ({"measure": "cost", "amount": 1_000_001}, "invalid"),
        ({"window": None}, "invalid"),
        ({"measure": "concurrency"}, "invalid"),
        ({"subject": {"kind": "organization", "name": "x"}}, "invalid"),
        ({"subject": {"kind": "key"}}, "invalid"),
        ({"subject": {"kind": "key", "name": "nobody's"}}, "unknown_subject"),
        ({"subject": {"kind": "team", "id": "team_" + "0" * 32}}, "unknown_subject"),
        ({"subject": {"kind": "route", "id": "x"}}, "unknown_subject"),
        ({"subject": {"kind": "person", "name": "nobody@venue.example"}}, "unknown_subject"),
        ({"subject": {"kind": "model", "name": "a\x00b"}}, "invalid"),
    ],
)
async def test_what_cannot_be_a_limit_is_refused(api: Api, change: Json, code: str) -> None:
    answer = await api.post("/api/limits", EVERYBODY | {"amount": 1} | change)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == code


async def test_an_amount_is_checked_when_it_is_changed_too(api: Api) -> None:
    made = await _made(api, EVERYBODY | {"amount": 1})
    where = f"/api/limits/{made['id']}"
    answer = await api.call("PATCH", where, {"amount": 1.5, "version": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "amount_wrong")


async def test_two_keys_of_one_name_are_told_apart_by_id(api: Api) -> None:
    for _ in range(2):
        await _made(api, {"name": "twin", "permissions": ["ai:query"]}, "/api/identity/keys")
    body = EVERYBODY | {"amount": 1, "subject": {"kind": "key", "name": "twin"}}
    answer = await api.post("/api/limits", body)
    assert answer.json()["error"]["code"] == "subject_ambiguous"


async def test_who_may_not_see_people_does_not_see_whose_limit_it_is(api: Api) -> None:
    person = await _made(
        api,
        {"email": "ana@venue.example", "name": "Ana", "role": "user"},
        "/api/identity/people",
    )
    subject = {"kind": "person", "name": "Ana@venue.example"}
    made = await _made(api, EVERYBODY | {"amount": 1, "subject": subject})
    assert made["subject"] == {"kind": "person", "id": person["id"], "name": "Ana"}
    key = await api.add_key(Permission.LIMITS_READ)
    shown = await api.get(f"/api/limits/{made['id']}", key=key)
    assert shown.json()["subject"]["name"] is None


def test_who_runs_the_platform_sets_limits_and_who_uses_it_reads_them() -> None:
    write = {role for role, held in PERMISSIONS.items() if Permission.LIMITS_WRITE in held}
    read = {role for role, held in PERMISSIONS.items() if Permission.LIMITS_READ in held}
    assert write == {Role.ADMIN, Role.OPERATOR}
    assert read == {Role.ADMIN, Role.OPERATOR, Role.DEVELOPER, Role.ANALYST}


async def test_what_counted_a_deleted_limit_is_forgotten(api: Api, owner: Database) -> None:
    made = await _made(api, EVERYBODY | {"amount": 1})
    kept = await _made(api, EVERYBODY | {"amount": 1, "window": "month"})
    for each in (made, kept):
        async with owner.transaction() as session:
            await session.execute(
                text(
                    "INSERT INTO limit_windows (limit_id, window_start, organization_id, granted)"
                    " SELECT id, date_trunc('month', now(), 'UTC'), organization_id, 1 FROM limits"
                    " WHERE id = cast(:id AS uuid)"
                ),
                {"id": each["id"].removeprefix("limit_")},
            )
    await api.delete(f"/api/limits/{made['id']}")
    await forget_old(owner)
    async with owner.transaction() as session:
        left = (await session.execute(text("SELECT limit_id FROM limit_windows"))).scalars().all()
    assert [each.hex for each in left] == [kept["id"].removeprefix("limit_")]
