"""Views of the list that people keep: their own, and those that are shared."""

from typing import Any

from hone.identity import Permission
from tests.fixtures.app import client, grant
from tests.fixtures.database import make_organization
from tests.operations.conftest import Desk

VIEWS = "/api/ai/operations/views"
FAILED: dict[str, Any] = {
    "name": "Failed today",
    "query": {"status": ["error"], "last": "24h"},
    "columns": ["model", "latency"],
    "shared": False,
}


async def kept(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await desk.http.post(VIEWS, json={**FAILED, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_view_is_kept_changed_and_forgotten(desk: Desk) -> None:
    made = await kept(desk)
    assert {name: made[name] for name in FAILED} == FAILED
    assert (made["mine"], made["version"]) == (True, 1)
    body = {**FAILED, "name": "Failed", "version": 1}
    changed = (await desk.http.put(f"{VIEWS}/{made['id']}", json=body)).json()
    assert (changed["name"], changed["version"]) == ("Failed", 2)
    assert (await desk.http.get(f"{VIEWS}/{made['id']}")).json() == changed
    page = (await desk.http.get(VIEWS)).json()
    assert page == {"items": [changed], "total": 1, "next": None}
    assert (await desk.http.delete(f"{VIEWS}/{made['id']}")).status_code == 204
    assert (await desk.http.get(f"{VIEWS}/{made['id']}")).status_code == 404


async def test_what_was_changed_meanwhile_is_told(desk: Desk) -> None:
    made = await kept(desk)
    body = {**FAILED, "version": made["version"]}
    path = f"{VIEWS}/{made['id']}"
    assert (await desk.http.put(path, json=body)).status_code == 200
    answer = await desk.http.put(path, json=body)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "version_conflict"
    assert answer.json()["error"]["details"] == {"version": 2}


async def test_a_name_is_taken_once_by_each(desk: Desk) -> None:
    await kept(desk)
    answer = await desk.http.post(VIEWS, json=FAILED)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "name_taken")
    async with client(desk.app, grant(desk.app, desk.organization_id)) as other:
        assert (await other.post(VIEWS, json=FAILED)).status_code == 201


async def test_another_organizations_view_is_missing(desk: Desk) -> None:
    made = await kept(desk, shared=True)
    foreign = await make_organization(desk.database, "Other")
    async with client(desk.app, grant(desk.app, foreign)) as http:
        assert (await http.get(f"{VIEWS}/{made['id']}")).status_code == 404
        assert (await http.delete(f"{VIEWS}/{made['id']}")).status_code == 404
        assert (await http.get(VIEWS)).json()["items"] == []


async def test_views_need_the_permission_to_read_operations(desk: Desk) -> None:
    made = await kept(desk, shared=True)
    async with client(desk.app, grant(desk.app, desk.organization_id, {"ai:query"})) as http:
        for method, path in (("GET", VIEWS), ("POST", VIEWS), ("GET", f"{VIEWS}/{made['id']}")):
            answer = await http.request(method, path, json=FAILED if method == "POST" else None)
            assert answer.status_code == 403


async def test_a_shared_view_is_read_by_all_and_changed_by_one(desk: Desk) -> None:
    made = await kept(desk, shared=True)
    own = await kept(desk, name="Mine alone")
    reader = grant(desk.app, desk.organization_id, {Permission.OPERATIONS_READ})
    async with client(desk.app, reader) as http:
        (seen,) = (await http.get(VIEWS)).json()["items"]
        assert (seen["id"], seen["mine"]) == (made["id"], False)
        assert (await http.get(f"{VIEWS}/{own['id']}")).status_code == 404
        body = {**FAILED, "version": 1}
        assert (await http.put(f"{VIEWS}/{made['id']}", json=body)).status_code == 403
        assert (await http.delete(f"{VIEWS}/{made['id']}")).status_code == 403


async def test_pages_of_views_follow_each_other(desk: Desk) -> None:
    for name in ("c", "a", "b"):
        await kept(desk, name=name)
    first = (await desk.http.get(VIEWS, params={"limit": 2})).json()
    rest = (await desk.http.get(VIEWS, params={"limit": 2, "cursor": first["next"]})).json()
    assert [each["name"] for each in (*first["items"], *rest["items"])] == ["a", "b", "c"]
    assert (first["total"], rest["next"]) == (None, None)
    assert (await desk.http.get(VIEWS, params={"cursor": "bm8"})).status_code == 400
