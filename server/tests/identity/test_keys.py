"""API keys over HTTP."""

import asyncio
import re
import time
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from hone import identity
from hone.core import clock, crypto, ids
from hone.core.db import Database
from hone.identity import Permission
from hone.serving import Uses
from tests.fixtures.app import statements
from tests.identity.api import Api, told

KEYS = "/api/identity/keys"
READ, WRITE, QUERY = Permission.KEYS_READ, Permission.KEYS_WRITE, Permission.AI_QUERY


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_key_is_shown_once_and_then_works(api: Api) -> None:
    made = await api.post(KEYS, {"name": "shop", "permissions": ["keys:read", "ai:query"]})
    assert made.status_code == 201
    key = made.json()["key"]
    assert re.fullmatch(r"hone_[A-Za-z0-9_-]{43}", key)
    assert made.json()["hint"] == f"{key[:9]}…"
    assert made.json()["permissions"] == ["ai:query", "keys:read"]
    assert made.json()["createdBy"].startswith("key_")
    found = await api.get(f"{KEYS}/{made.json()['id']}", key)
    assert found.status_code == 200
    assert "key" not in found.json()
    assert found.json()["name"] == "shop"


async def test_only_the_digest_of_a_key_is_stored(api: Api) -> None:
    made = await api.made_key(QUERY)
    async with api.database.transaction(api.organization_id) as session:
        row = (
            await session.execute(
                text("SELECT digest, to_jsonb(k)::text FROM api_keys k WHERE id = :id"),
                {"id": made.id},
            )
        ).one()
    assert row[0] == crypto.digest(made.key)
    assert made.key not in row[1]


async def test_keys_are_listed_page_by_page_newest_first(api: Api) -> None:
    for number in range(4):
        await api.made_key(QUERY, routes=[f"r{number}"])
    first = (await api.get(f"{KEYS}?limit=3")).json()
    rest = (await api.get(f"{KEYS}?limit=3&cursor={first['next']}")).json()
    routes = [each["routes"] for each in [*first["items"], *rest["items"]]]
    assert routes == [["r3"], ["r2"], ["r1"], ["r0"], None]
    assert (first["total"], rest["next"]) == (5, None)
    assert "digest" not in str(first)


async def test_a_list_asks_the_same_few_questions_however_long_it_is(api: Api) -> None:
    await api.refresh()
    with statements(api.database) as few:
        await api.client.get(KEYS, headers={"authorization": f"Bearer {api.admin_key}"})
    for _ in range(5):
        await api.made_key(QUERY)
    with statements(api.database) as many:
        await api.client.get(KEYS, headers={"authorization": f"Bearer {api.admin_key}"})
    assert len(many) == len(few) <= 4


async def test_the_trail_says_who_made_and_revoked_a_key_and_never_the_key(
    api: Api, owner: Database
) -> None:
    made = (await api.post(KEYS, {"name": "shop", "permissions": ["ai:query"]})).json()
    await api.delete(f"{KEYS}/{made['id']}")
    await api.delete(f"{KEYS}/{made['id']}")
    rows = await told(owner)
    assert [row[0] for row in rows[-2:]] == ["key.created", "key.revoked"]
    assert rows[-1][1] == made["createdBy"]
    assert rows[-2][2]["after"]["permissions"] == ["ai:query"]
    assert rows[-1][2]["before"] == {"revoked_at": None}
    assert made["key"] not in str(rows)


@pytest.mark.parametrize("cursor", ["nonsense", "WyJ4Il0", "W10", "WyJhIiwiYiJd"])
async def test_a_cursor_of_something_else_is_refused(api: Api, cursor: str) -> None:
    assert code(await api.get(f"{KEYS}?cursor={cursor}")) == (400, "unknown_cursor")


async def test_another_organization_sees_no_key(api: Api) -> None:
    made = await api.made_key(QUERY)
    foreign = await api.add_organization("Elsewhere")
    path = f"{KEYS}/{ids.public('key', made.id)}"
    assert code(await api.get(path, foreign)) == (404, "not_found")
    assert code(await api.delete(path, foreign)) == (404, "not_found")
    assert (await api.get(KEYS, foreign)).json()["total"] == 1


@pytest.mark.parametrize("wrong", ["key_00", "person_" + "0" * 32, "x", "key_" + "0" * 32])
async def test_what_is_no_key_is_not_found(api: Api, wrong: str) -> None:
    assert code(await api.get(f"{KEYS}/{wrong}")) == (404, "not_found")


async def test_without_the_permission_nothing_is_told_or_done(api: Api) -> None:
    key = await api.add_key(QUERY)
    other = ids.public("key", (await api.made_key(QUERY)).id)
    assert code(await api.get(KEYS, key)) == (403, "forbidden")
    assert code(await api.get(f"{KEYS}/{other}", key)) == (403, "forbidden")
    assert code(await api.delete(f"{KEYS}/{other}", key)) == (403, "forbidden")
    body = {"name": "x", "permissions": ["ai:query"]}
    assert code(await api.post(KEYS, body, key)) == (403, "forbidden")


async def test_a_key_cannot_be_given_more_than_its_maker_has(api: Api) -> None:
    key = await api.add_key(WRITE, QUERY)
    refused = await api.post(KEYS, {"name": "x", "permissions": ["ai:query", "ai:manage"]}, key)
    assert code(refused) == (403, "forbidden")
    assert refused.json()["error"]["details"] == {"permissions": ["ai:manage"]}
    allowed = await api.post(KEYS, {"name": "x", "permissions": ["ai:query"]}, key)
    assert allowed.status_code == 201


async def test_a_key_held_to_routes_makes_keys_held_to_those(api: Api) -> None:
    key = await api.add_key(WRITE, QUERY, routes=["a", "b"])
    body: dict[str, object] = {"name": "x", "permissions": ["ai:query"]}
    assert code(await api.post(KEYS, body, key)) == (403, "routes_not_yours")
    beyond = await api.post(KEYS, {**body, "routes": ["a", "c"]}, key)
    assert code(beyond) == (403, "routes_not_yours")
    assert (await api.post(KEYS, {**body, "routes": ["a"]}, key)).status_code == 201


async def test_a_key_names_the_route_that_it_asks_unasked(api: Api) -> None:
    wanted = {"name": "shop", "permissions": ["ai:query"], "routes": ["a", "b"]}
    made = await api.post(KEYS, wanted | {"defaultRoute": "b"})
    assert made.status_code == 201
    assert made.json()["defaultRoute"] == "b"
    assert (await api.get(f"{KEYS}/{made.json()['id']}")).json()["defaultRoute"] == "b"
    async with api.database.transaction(api.organization_id) as session:
        principals = await identity.principals(session, api.organization_id)
    assert principals[crypto.digest(made.json()["key"])].default_route == "b"
    refused = await api.post(KEYS, wanted | {"defaultRoute": "c"})
    assert code(refused) == (422, "default_route_outside")
    assert refused.json()["error"]["param"] == "defaultRoute"


async def test_a_key_that_ends_makes_no_key_that_lasts(api: Api) -> None:
    end = clock.now() + timedelta(hours=1)
    key = await api.add_key(WRITE, QUERY, expires_at=end)
    body: dict[str, object] = {"name": "x", "permissions": ["ai:query"]}
    assert code(await api.post(KEYS, body, key)) == (403, "key_would_outlive")
    later = (end + timedelta(seconds=1)).isoformat()
    longer = await api.post(KEYS, {**body, "expiresAt": later}, key)
    assert code(longer) == (403, "key_would_outlive")
    assert (await api.post(KEYS, {**body, "expiresAt": end.isoformat()}, key)).status_code == 201


async def test_a_key_cannot_begin_expired(api: Api) -> None:
    past = (clock.now() - timedelta(seconds=1)).isoformat()
    body = {"name": "x", "permissions": ["ai:query"], "expires_at": past}
    assert code(await api.post(KEYS, body)) == (422, "expiry_passed")


async def test_an_expired_key_stops_working_by_itself(api: Api) -> None:
    key = await api.add_key(READ, expires_at=clock.now() + timedelta(seconds=0.5))
    assert (await api.get(KEYS, key)).status_code == 200
    headers = {"authorization": f"Bearer {key}"}
    deadline = time.monotonic() + 10
    # Without a new snapshot: the old one knows when the key ends.
    while (await api.client.get(KEYS, headers=headers)).status_code != 401:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert code(await api.get(KEYS, key)) == (401, "unauthorized")


async def test_a_revoked_key_stops_working_and_stays_listed(api: Api) -> None:
    made = await api.made_key(READ)
    path = f"{KEYS}/{ids.public('key', made.id)}"
    revoked = await api.delete(path)
    assert revoked.status_code == 200
    assert revoked.json()["own"] is False
    assert code(await api.get(KEYS, made.key)) == (401, "unauthorized")
    again = await api.delete(path)
    assert again.json()["revokedAt"] == revoked.json()["revokedAt"]
    assert (await api.get(path)).json()["revokedAt"] == revoked.json()["revokedAt"]


async def test_revoking_the_key_in_use_is_done_and_said(api: Api) -> None:
    made = await api.made_key(WRITE)
    answer = await api.delete(f"{KEYS}/{ids.public('key', made.id)}", made.key)
    assert answer.json()["own"] is True
    assert "calling with" in answer.json()["message"]
    assert code(await api.get("/api/identity/me", made.key)) == (401, "unauthorized")


async def test_a_key_comes_where_either_vendors_clients_send_it(api: Api) -> None:
    made = await api.made_key(READ)
    await api.refresh()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(api.app), base_url="http://hone.test"
    ) as http:
        assert (await http.get(KEYS, headers={"x-api-key": made.key})).status_code == 200
        assert (await http.get(KEYS, headers={"x-api-key": "hone_wrong"})).status_code == 401
        assert (await http.get(KEYS, headers={"x-api-key": " "})).status_code == 401
        both = {"authorization": "Bearer hone_wrong", "x-api-key": made.key}
        assert (await http.get(KEYS, headers=both)).status_code == 401


async def test_without_a_key_nobody_gets_in(api: Api) -> None:
    for headers in ({}, {"authorization": "Basic abc"}, {"authorization": "Bearer "}):
        assert code(await api.client.get(KEYS, headers=headers)) == (401, "unauthorized")
    assert code(await api.get(KEYS, "hone_unknown")) == (401, "unauthorized")


async def test_before_the_first_snapshot_the_answer_is_to_wait(api: Api) -> None:
    api.app.state.current.ready = False
    answer = await api.get(KEYS)
    assert code(answer) == (503, "starting")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "permissions": ["ai:query"]},
        {"name": "  ", "permissions": ["ai:query"]},
        {"name": "a\x00b", "permissions": ["ai:query"]},
        {"name": "x" * 121, "permissions": ["ai:query"]},
        {"name": "x", "permissions": []},
        {"name": "x", "permissions": ["everything"]},
        {"name": "x", "permissions": ["ai:query"], "routes": [""]},
        {"name": "x", "permissions": ["ai:query"], "expiresAt": "2030-01-01T00:00:00"},
        {"name": "x", "permissions": ["ai:query"], "expiresAt": "9999-12-31T23:59:59-14:00"},
        {"name": "x", "permissions": ["ai:query"], "expiresAt": "0001-01-01T00:00:00+14:00"},
        {"name": "x", "permissions": ["ai:query"], "colour": "red"},
    ],
)
async def test_a_malformed_key_is_refused(api: Api, body: dict[str, object]) -> None:
    assert code(await api.post(KEYS, body)) == (422, "invalid")


async def test_a_lone_surrogate_in_a_name_is_refused(api: Api) -> None:
    await api.refresh()
    answer = await api.client.post(
        KEYS,
        content=rb'{"name": "\ud800", "permissions": ["ai:query"]}',
        headers={
            "authorization": f"Bearer {api.admin_key}",
            "content-type": "application/json",
        },
    )
    assert code(answer) == (422, "invalid")


async def test_a_key_tells_when_it_was_last_used(api: Api, database: Database) -> None:
    uses = Uses(database, api.app.state.current)
    made = await api.made_key(READ)
    path = f"{KEYS}/{ids.public('key', made.id)}"
    assert (await api.get(path)).json()["lastUsedAt"] is None
    await uses.write()
    began = clock.now()
    own = await api.get(path, made.key)
    assert own.json()["lastUsedAt"] is None
    await uses.write()
    used = datetime.fromisoformat((await api.get(path)).json()["lastUsedAt"])
    assert began <= used <= clock.now()
    await api.get(KEYS)
    await uses.write()
    listed = {each["id"]: each for each in (await api.get(KEYS)).json()["items"]}
    assert datetime.fromisoformat(listed[ids.public("key", made.id)]["lastUsedAt"]) == used
    assert all(each["lastUsedAt"] for each in listed.values())


async def test_uses_that_the_database_does_not_take_are_written_later(
    api: Api, database: Database
) -> None:
    current = api.app.state.current
    made = await api.made_key(READ)
    await api.get(KEYS, made.key)
    away = Database.connect("postgresql://nobody@127.0.0.1:1/none")
    await Uses(away, current).write()
    await away.aclose()
    assert made.id.bytes in current.used
    await Uses(database, current).write()
    assert not current.used
    found = await api.get(f"{KEYS}/{ids.public('key', made.id)}")
    assert found.json()["lastUsedAt"] is not None
