"""Teams and the keys that are theirs."""

from typing import Any

from hone.core import ids
from hone.identity import Permission
from tests.identity.api import Api
from tests.identity.browser import add_person
from tests.identity.test_keys import KEYS, code

TEAMS = "/api/identity/teams"


async def made_team(api: Api, name: str = "Kitchen") -> dict[str, Any]:
    answer = await api.post(TEAMS, {"name": name})
    assert answer.status_code == 201
    return answer.json()


async def test_a_team_is_made_filled_renamed_and_deleted(api: Api) -> None:
    team = await made_team(api)
    person_id = await add_person(api)
    member = f"{TEAMS}/{team['id']}/members/{person_id}"
    for _ in range(2):
        assert (await api.put(member, None)).status_code == 204
    found = (await api.get(f"{TEAMS}/{team['id']}")).json()
    assert (found["memberCount"], [each["id"] for each in found["members"]]) == (1, [person_id])
    change = {"name": "Bar", "version": team["version"]}
    renamed = await api.call("PATCH", f"{TEAMS}/{team['id']}", change)
    assert (renamed.json()["name"], renamed.json()["version"]) == ("Bar", 2)
    listed = (await api.get(TEAMS)).json()
    assert (listed["items"][0]["memberCount"], listed["total"]) == (1, 1)
    assert (await api.delete(member)).status_code == 204
    assert (await api.get(f"{TEAMS}/{team['id']}")).json()["members"] == []
    assert (await api.delete(f"{TEAMS}/{team['id']}")).status_code == 204
    assert code(await api.get(f"{TEAMS}/{team['id']}")) == (404, "not_found")


async def test_a_name_is_taken_once_and_a_stale_version_is_refused(api: Api) -> None:
    team = await made_team(api)
    assert code(await api.post(TEAMS, {"name": "KITCHEN"})) == (409, "team_name_taken")
    other = await made_team(api, "Bar")
    path = f"{TEAMS}/{other['id']}"
    taken = await api.call("PATCH", path, {"name": "kitchen", "version": 1})
    assert code(taken) == (409, "team_name_taken")
    stale = await api.call("PATCH", path, {"name": "x", "version": 7})
    assert code(stale) == (409, "version_conflict")
    assert team["memberCount"] == 0


async def test_another_organization_sees_no_team(api: Api) -> None:
    team = await made_team(api)
    person_id = await add_person(api)
    foreign = await api.add_organization("Elsewhere")
    path = f"{TEAMS}/{team['id']}"
    assert code(await api.get(path, foreign)) == (404, "not_found")
    assert code(await api.delete(path, foreign)) == (404, "not_found")
    assert (await api.get(TEAMS, foreign)).json()["items"] == []
    theirs = (await api.post(TEAMS, {"name": "Theirs"}, foreign)).json()
    crossed = await api.put(f"{TEAMS}/{theirs['id']}/members/{person_id}", None, foreign)
    assert code(crossed) == (404, "not_found")
    body = {"name": "k", "permissions": ["ai:query"], "teamId": team["id"]}
    assert code(await api.post(KEYS, body, foreign)) == (404, "not_found")


async def test_teams_need_permissions(api: Api) -> None:
    team = await made_team(api)
    reader = await api.add_key(Permission.PEOPLE_READ)
    assert (await api.get(TEAMS, reader)).status_code == 200
    assert code(await api.post(TEAMS, {"name": "x"}, reader)) == (403, "forbidden")
    assert code(await api.delete(f"{TEAMS}/{team['id']}", reader)) == (403, "forbidden")
    nobody = await api.add_key(Permission.AI_QUERY)
    assert code(await api.get(TEAMS, nobody)) == (403, "forbidden")


async def test_keys_are_found_by_team_person_state_and_name(api: Api) -> None:
    team = await made_team(api)
    body = {"name": "Till", "permissions": ["ai:query"], "teamId": team["id"]}
    key = (await api.post(KEYS, body)).json()
    assert key["teamId"] == team["id"]
    listed = (await api.get(f"{TEAMS}?q=KITCH")).json()["items"]
    assert [(each["id"], each["keyCount"]) for each in listed] == [(team["id"], 1)]
    assert (await api.get(f"{TEAMS}?q=nobody")).json()["items"] == []

    async def found(query: str) -> list[str]:
        listed = (await api.get(f"{KEYS}?{query}")).json()
        return [each["id"] for each in listed["items"]]

    assert await found(f"team={team['id']}") == [key["id"]]
    assert await found("q=tIL&state=active") == [key["id"]]
    assert await found(f"person={ids.public('person', ids.new())}") == []
    assert await found("person=nobody") == []
    assert await found("state=revoked") == []
    await api.delete(f"{KEYS}/{key['id']}")
    assert await found("state=revoked") == [key["id"]]
    assert key["id"] not in await found("state=active")
    assert (await api.get(f"{TEAMS}/{team['id']}")).json()["keyCount"] == 0
    assert await found("state=expired") == []
    await api.delete(f"{TEAMS}/{team['id']}")
    assert (await api.get(f"{KEYS}/{key['id']}")).json()["teamId"] is None
