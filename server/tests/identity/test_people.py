"""People, the organization and `me` over HTTP."""

import asyncio

import pytest
from sqlalchemy import text

from hone import identity
from hone.core import ids
from hone.identity import PERMISSIONS, Actor, Permission, PersonCreate, Role, create_key, me
from tests.identity.api import Api
from tests.identity.test_keys import code

PEOPLE = "/api/identity/people"
ORGANIZATION = "/api/identity/organization"
ANA: dict[str, object] = {"email": "ana@venue.example", "name": "Ana", "role": "developer"}


async def made_person(api: Api, role: Role, email: str = "bo@venue.example") -> tuple[str, str]:
    """Add a person with a key of their own; return the person's id and the key."""
    async with api.database.transaction(api.organization_id) as session:
        person = await identity.create_person(
            session, api.system, api.keyring, PersonCreate(email=email, name="Bo", role=role)
        )
        person_id = ids.public("person", person.id)
        actor = Actor(person_id, api.organization_id, frozenset(Permission))
        wanted = identity.KeyCreate(name="own", permissions=list(Permission))
        key = await create_key(session, actor, wanted)
    return person_id, key.key


async def test_a_person_is_added_listed_and_shown(api: Api) -> None:
    made = await api.post(PEOPLE, ANA)
    assert made.status_code == 201
    assert made.json() | ANA == made.json()
    assert (await api.get(f"{PEOPLE}/{made.json()['id']}")).json() == made.json()
    listed = (await api.get(PEOPLE)).json()
    assert (listed["items"], listed["total"]) == ([made.json()], 1)


async def test_an_address_is_taken_once_in_an_organization_whatever_its_case(api: Api) -> None:
    await api.post(PEOPLE, ANA)
    again = await api.post(PEOPLE, {**ANA, "email": "ANA@venue.example"})
    assert code(again) == (409, "email_taken")
    foreign = await api.add_organization("Elsewhere")
    assert (await api.post(PEOPLE, ANA, foreign)).status_code == 201


async def test_another_organization_sees_no_person(api: Api) -> None:
    made = (await api.post(PEOPLE, ANA)).json()
    foreign = await api.add_organization("Elsewhere")
    assert code(await api.get(f"{PEOPLE}/{made['id']}", foreign)) == (404, "not_found")
    assert code(await api.delete(f"{PEOPLE}/{made['id']}", foreign)) == (404, "not_found")
    assert (await api.get(PEOPLE, foreign)).json()["items"] == []
    assert code(await api.get(f"{PEOPLE}/nobody")) == (404, "not_found")


async def test_people_need_permissions(api: Api) -> None:
    reader = await api.add_key(Permission.PEOPLE_READ)
    assert (await api.get(PEOPLE, reader)).status_code == 200
    assert code(await api.post(PEOPLE, ANA, reader)) == (403, "forbidden")
    nobody = await api.add_key(Permission.AI_QUERY)
    assert code(await api.get(PEOPLE, nobody)) == (403, "forbidden")


async def test_nobody_makes_a_person_who_may_more(api: Api) -> None:
    key = await api.add_key(Permission.PEOPLE_WRITE, Permission.AI_QUERY, Permission.FEEDBACK_WRITE)
    assert code(await api.post(PEOPLE, {**ANA, "role": "admin"}, key)) == (403, "forbidden")
    assert (await api.post(PEOPLE, {**ANA, "role": "user"}, key)).status_code == 201


@pytest.mark.parametrize("email", ["ana", "@venue", "a b@venue", "ana@", "a\x00@venue.example"])
async def test_what_is_no_address_is_refused(api: Api, email: str) -> None:
    assert code(await api.post(PEOPLE, {**ANA, "email": email})) == (422, "invalid")


async def test_a_persons_key_does_no_more_than_their_role(api: Api) -> None:
    person_id, key = await made_person(api, Role.ANALYST)
    found = (await api.get("/api/identity/me", key)).json()
    assert found["role"] == "analyst"
    assert found["permissions"] == sorted(each.value for each in PERMISSIONS[Role.ANALYST])
    listed = (await api.get("/api/identity/keys")).json()["items"][0]
    assert listed["personId"] == person_id


async def test_a_key_made_by_a_persons_key_is_theirs_too(api: Api) -> None:
    person_id, key = await made_person(api, Role.DEVELOPER)
    body = {"name": "child", "permissions": ["ai:query"]}
    made = (await api.post("/api/identity/keys", body, key)).json()
    assert made["personId"] == person_id
    await api.delete(f"{PEOPLE}/{person_id}")
    assert code(await api.get("/api/identity/me", made["key"])) == (401, "unauthorized")


async def test_who_is_deactivated_is_out_with_every_key(api: Api) -> None:
    person_id, key = await made_person(api, Role.DEVELOPER)
    assert (await api.get("/api/identity/me", key)).status_code == 200
    gone = (await api.delete(f"{PEOPLE}/{person_id}")).json()
    assert gone["deactivatedAt"]
    assert code(await api.get("/api/identity/me", key)) == (401, "unauthorized")
    assert (await api.delete(f"{PEOPLE}/{person_id}")).json() == gone


async def test_servers_are_told_when_a_person_is_shut_out(api: Api) -> None:
    async def version() -> int:
        async with api.database.transaction() as session:
            found = await session.execute(text("SELECT version FROM organization_versions()"))
            return found.scalar_one()

    person_id, _ = await made_person(api, Role.DEVELOPER)
    before = await version()
    await api.delete(f"{PEOPLE}/{person_id}")
    assert await version() > before


async def test_the_last_administrator_stays(api: Api) -> None:
    first, _ = await made_person(api, Role.ADMIN, "a@venue.example")
    second, _ = await made_person(api, Role.ADMIN, "b@venue.example")
    assert (await api.delete(f"{PEOPLE}/{first}")).status_code == 200
    assert code(await api.delete(f"{PEOPLE}/{second}")) == (409, "last_admin")


async def test_two_administrators_cannot_remove_each_other_at_once(api: Api) -> None:
    both = [(await made_person(api, Role.ADMIN, f"{n}@venue.example"))[0] for n in range(2)]
    for _ in range(8):
        answers = await asyncio.gather(*(api.delete(f"{PEOPLE}/{each}") for each in both))
        assert sorted(each.status_code for each in answers) == [200, 409]
        for each in both:
            await api.post(f"{PEOPLE}/{each}/reactivate", {})


async def test_a_role_of_a_newer_version_allows_nothing(api: Api) -> None:
    person_id, key = await made_person(api, Role.DEVELOPER)
    async with api.database.transaction(api.organization_id) as session:
        row = await session.get(identity.Person, ids.parse("person", person_id))
        assert row is not None
        row.role = "astronaut"
    found = (await api.get("/api/identity/me", key)).json()
    assert (found["role"], found["permissions"]) == ("astronaut", [])


async def test_me_tells_key_organization_and_permissions(api: Api) -> None:
    made = await api.made_key(Permission.AI_QUERY)
    assert (await api.get("/api/identity/me", made.key)).json() == {
        "id": ids.public("key", made.id),
        "kind": "key",
        "name": "test",
        "organization": {"id": ids.public("org", api.organization_id), "name": "Venue"},
        "role": None,
        "permissions": ["ai:query"],
        "email": None,
        "session": None,
    }


async def test_me_knows_people_and_the_system_as_well(api: Api) -> None:
    person_id, _ = await made_person(api, Role.REVIEWER)
    async with api.database.transaction(api.organization_id) as session:
        person = await me(session, Actor(person_id, api.organization_id, frozenset()))
        system = await me(session, api.system)
    assert (person.kind, person.role) == ("person", "reviewer")
    assert (system.kind, system.role) == ("system", None)


async def test_the_organization_is_shown_and_changed(api: Api) -> None:
    before = (await api.get(ORGANIZATION)).json()
    assert (before["name"], before["contentMode"], before["retentionDays"]) == (
        "Venue",
        "full",
        None,
    )
    change = {"name": "Barn", "contentMode": "none", "retentionDays": 30}
    changed = (await api.call("PATCH", ORGANIZATION, change)).json()
    assert changed == before | change
    kept = (await api.call("PATCH", ORGANIZATION, {"retention_days": None})).json()
    assert kept == changed | {"retentionDays": None}
    same = (await api.call("PATCH", ORGANIZATION, {"name": None})).json()
    assert same == kept


async def test_the_organization_is_changed_only_with_the_permission(api: Api) -> None:
    key = await api.add_key(Permission.KEYS_READ)
    refused = await api.call("PATCH", ORGANIZATION, {"name": "x"}, key)
    assert code(refused) == (403, "forbidden")
    wrong = await api.call("PATCH", ORGANIZATION, {"contentMode": "some"})
    assert code(wrong) == (422, "invalid")
