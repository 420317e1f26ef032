"""The trail as its readers see it: search, one event, facets, files."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import text

from hone.core import events, ids
from hone.core.db import Database
from hone.core.keyring import PERSON
from hone.identity import Permission
from tests.identity.api import Api

EVENTS = "/api/audit/events"


async def make(owner: Database, api: Api, *names: str, data: dict[str, Any] | None = None) -> None:
    """Publish events of the system and seal them."""
    async with api.database.transaction(api.organization_id) as session:
        for number, name in enumerate(names):
            subject = f"thing_{number}"
            events.publish(session, api.organization_id, "system", name, subject, data)
    await events.seal(owner)


async def names_of(api: Api, query: str) -> list[str]:
    answer = await api.get(f"{EVENTS}?{query}")
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


async def test_a_change_is_told_with_who_before_and_after(api: Api, owner: Database) -> None:
    await api.call("PATCH", "/api/identity/organization", {"name": "Theatre"})
    await events.seal(owner)
    answer = await api.get(f"{EVENTS}?name=organization.updated")
    (event,) = answer.json()["items"]
    assert event["before"] == {"name": "Venue"}
    assert event["after"] == {"name": "Theatre"}
    assert event["actor"] == {"id": event["actor"]["id"], "kind": "key", "name": "test"}
    assert event["withheld"] is None
    assert (await api.get(f"{EVENTS}/{event['id']}")).json() == event


async def test_filters_narrow_and_add_up(api: Api, owner: Database) -> None:
    await make(owner, api, "route.created", "route.deleted", "model.created", data={"n": "green"})
    assert set(await names_of(api, "name=route.")) == {"route.deleted", "route.created"}
    either = await names_of(api, "name=route.created&name=model.")
    assert set(either) == {"model.created", "route.created"}
    assert await names_of(api, "subject=thing_2") == ["model.created"]
    assert await names_of(api, "q=GREEN&name=model.") == ["model.created"]
    assert await names_of(api, "q=100%25") == []
    assert await names_of(api, "actor=key_0&name=route.") == []
    assert await names_of(api, "to=2020-01-01T00:00:00Z") == []
    assert len(await names_of(api, "from=2020-01-01T00:00:00Z&name=route.")) == 2


async def test_pages_follow_each_other_by_position(api: Api, owner: Database) -> None:
    await make(owner, api, *(f"thing.made_{number}" for number in range(7)))
    seen: list[tuple[int, str]] = []
    query = "name=thing.&limit=3"
    while True:
        page = (await api.get(f"{EVENTS}?{query}")).json()
        seen += [(each["position"], each["name"]) for each in page["items"]]
        if page["next"] is None:
            break
        await make(owner, api, "other.made")
        query = f"name=thing.&limit=3&cursor={page['next']}"
    assert seen == sorted(seen, reverse=True)
    assert {name for _, name in seen} == {f"thing.made_{number}" for number in range(7)}


@pytest.mark.parametrize("cursor", ["%25", "WyJ4Il0", "WyIxIiwiMiJd"])
async def test_a_cursor_of_another_list_is_refused(api: Api, cursor: str) -> None:
    answer = await api.get(f"{EVENTS}?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "unknown_cursor"


async def test_another_organization_sees_nothing(api: Api, owner: Database) -> None:
    await make(owner, api, "route.created")
    (event,) = (await api.get(f"{EVENTS}?name=route.")).json()["items"]
    stranger = await api.add_organization("Stranger")
    assert (await api.get(f"{EVENTS}?name=route.", stranger)).json()["items"] == []
    assert (await api.get(f"{EVENTS}/{event['id']}", stranger)).status_code == 404
    assert "route." not in (await api.get(f"{EVENTS}/export", stranger)).text


@pytest.mark.parametrize(
    "path", [EVENTS, f"{EVENTS}/evt_1", f"{EVENTS}/export", "/api/audit/chain", "/api/audit/facets"]
)
async def test_reading_needs_the_permission(api: Api, path: str) -> None:
    key = await api.add_key(Permission.PEOPLE_READ)
    assert (await api.get(path, key)).status_code == 403


async def test_facets_count_what_there_is(api: Api, owner: Database) -> None:
    await make(owner, api, "route.created", "route.created", "route.deleted")
    found = (await api.get("/api/audit/facets")).json()
    counts = {each["name"]: each["count"] for each in found["names"]}
    assert counts["route.created"] == 2
    assert found["actors"][0]["actor"] == {"id": "system", "kind": "system", "name": "Hone"}


async def test_a_file_holds_what_is_filtered_and_no_formula(api: Api, owner: Database) -> None:
    await make(owner, api, *["thing.made"] * 1203, data={"after": {"name": "=1+1"}})
    answer = await api.get(f"{EVENTS}/export?name=thing.&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 1203
    assert rows[0]["actorName"] == "Hone"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    lines = (await api.get(f"{EVENTS}/export?name=thing.&format=jsonl")).text.splitlines()
    assert [json.loads(line)["position"] for line in lines] == [
        int(row["position"]) for row in rows
    ]


async def test_personal_facts_are_for_who_may_read_people_and_end_with_the_key(
    api: Api, owner: Database
) -> None:
    person = ids.new()
    async with api.database.transaction(api.organization_id) as session:
        key = await api.keyring.ensure(session, api.organization_id, PERSON, person.hex)
        sealed = key.seal(json.dumps({"email": "ada@venue.test"}).encode(), person.bytes)
        event = events.publish(session, api.organization_id, "system", "person.created", "p")
    async with owner.transaction() as session:
        await session.execute(
            text("UPDATE event_inbox SET person_id = :person, personal = :sealed WHERE id = :id"),
            {"person": person, "sealed": sealed, "id": event},
        )
    await events.seal(owner)
    query = f"{EVENTS}?name=person.created"
    assert (await api.get(query)).json()["items"][0]["personal"] == {"email": "ada@venue.test"}
    narrow = await api.add_key(Permission.AUDIT_READ)
    hidden = (await api.get(query, narrow)).json()["items"][0]
    assert (hidden["personal"], hidden["withheld"]) == (None, "not_permitted")
    async with owner.transaction() as session:
        await session.execute(text("DELETE FROM data_keys WHERE purpose = 'person'"))
    erased = (await api.get(query)).json()["items"][0]
    assert (erased["personal"], erased["withheld"]) == (None, "erased")
