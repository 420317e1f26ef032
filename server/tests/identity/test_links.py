"""Invitations, forgotten passwords, and changing one's own."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from hone.core import ids
from hone.core.db import Database
from hone.identity import Permission, Role
from tests.identity.api import Api, told
from tests.identity.browser import ME, PASSWORD, Browser, add_person, signed_in
from tests.identity.test_keys import code

ANA = "ana@venue.example"
BO = {"email": "bo@venue.example", "name": "Bo", "role": "developer"}
INVITATIONS = "/api/identity/invitations"
PEOPLE = "/api/identity/people"
TOKEN = "/api/identity/password/token"
NEW = "copper-meadow-41"


def token_of(made: dict[str, Any]) -> str:
    url = urlsplit(str(made["url"]))
    assert url.path == "/set-password"
    return parse_qs(url.query)["token"][0]


async def invited(api: Api, **more: object) -> dict[str, Any]:
    answer = await api.post(INVITATIONS, {**BO, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_who_is_invited_sets_a_password_and_is_in(api: Api, owner: Database) -> None:
    team = (await api.post("/api/identity/teams", {"name": "Kitchen"})).json()
    made = await invited(api, teams=[team["id"]])
    assert (made["person"]["state"], made["sent"]) == ("invited", False)
    assert made["person"]["teams"] == [{"id": team["id"], "name": "Kitchen"}]
    token = token_of(made)
    shown = (await api.get(f"{TOKEN}?token={token}")).json()
    assert (shown["purpose"], shown["email"], shown["organization"]) == (
        "invitation",
        BO["email"],
        {"name": "Venue"},
    )
    browser = Browser(api)
    body = {"token": token, "password": NEW, "name": "Bo B."}
    joined = await browser.send("POST", TOKEN, body)
    assert joined.status_code == 201
    assert (joined.json()["id"], joined.json()["name"]) == (made["person"]["id"], "Bo B.")
    assert (await browser.send("GET", ME)).status_code == 200
    assert (await Browser(api).sign_in(BO["email"], NEW)).status_code == 201
    listed = (await api.get(f"{PEOPLE}?q=bo@&state=active&role=developer")).json()["items"]
    assert [each["id"] for each in listed] == [made["person"]["id"]]
    assert listed[0]["lastSeenAt"]
    names = [row[0] for row in await told(owner)]
    assert {"person.invited", "person.joined", "person.password_changed"} <= set(names)


async def test_a_link_works_once_and_the_newest_only(api: Api) -> None:
    first = token_of(await invited(api))
    second = token_of(await invited(api))
    assert code(await api.get(f"{TOKEN}?token={first}")) == (404, "link_expired")
    body = {"token": second, "password": NEW}
    assert (await Browser(api).send("POST", TOKEN, body)).status_code == 201
    assert code(await Browser(api).send("POST", TOKEN, body)) == (404, "link_expired")
    assert code(await api.post(INVITATIONS, BO)) == (409, "email_taken")


@pytest.mark.parametrize("token", ["x", "é", "A" * 86, "A" * 200])
async def test_what_is_no_link_is_refused(api: Api, token: str) -> None:
    assert code(await api.get(f"{TOKEN}?token={token}")) == (404, "link_expired")


async def test_a_link_of_another_row_or_too_late_is_refused(api: Api, owner: Database) -> None:
    token = token_of(await invited(api))
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    assert code(await api.get(f"{TOKEN}?token={forged}")) == (404, "link_expired")
    async with owner.transaction() as session:
        await session.execute(text("UPDATE links SET expires_at = now()"))
    assert code(await api.get(f"{TOKEN}?token={token}")) == (404, "link_expired")


async def test_an_invitation_is_renewed_and_withdrawn(api: Api) -> None:
    made = await invited(api)
    path = f"{INVITATIONS}/{made['person']['id']}"
    renewed = await api.post(f"{path}/renew", {})
    assert renewed.status_code == 201
    assert (await api.delete(path)).status_code == 204
    gone = await api.get(f"{TOKEN}?token={token_of(renewed.json())}")
    assert code(gone) == (404, "link_expired")
    assert code(await api.delete(path)) == (409, "not_invited")
    again = await invited(api)
    assert (again["person"]["id"], again["person"]["state"]) == (made["person"]["id"], "invited")


async def test_nobody_invites_who_may_more_or_acts_on_them(api: Api) -> None:
    chief = await add_person(api)
    key = await api.add_key(Permission.PEOPLE_WRITE, Permission.PEOPLE_READ)
    assert code(await api.post(INVITATIONS, {**BO, "role": "admin"}, key)) == (403, "forbidden")
    for method, path, body in (
        ("POST", f"{PEOPLE}/{chief}/password-link", None),
        ("PATCH", f"{PEOPLE}/{chief}", {"name": "X", "version": 1}),
        ("DELETE", f"{PEOPLE}/{chief}", None),
        ("DELETE", f"{PEOPLE}/{chief}/sessions", None),
        ("POST", f"{PEOPLE}/{chief}/reactivate", None),
    ):
        assert code(await api.call(method, path, body, key)) == (403, "forbidden")
    reader = await api.add_key(Permission.PEOPLE_READ)
    assert code(await api.post(INVITATIONS, BO, reader)) == (403, "forbidden")


async def test_another_organization_sees_no_invitation(api: Api) -> None:
    made = await invited(api)
    foreign = await api.add_organization("Elsewhere")
    path = f"{INVITATIONS}/{made['person']['id']}"
    assert code(await api.post(f"{path}/renew", {}, foreign)) == (404, "not_found")
    assert code(await api.delete(path, foreign)) == (404, "not_found")


async def test_an_administrator_makes_a_link_to_a_new_password(api: Api) -> None:
    person_id = await add_person(api)
    old = Browser(api)
    await old.sign_in(ANA)
    made = await api.post(f"{PEOPLE}/{person_id}/password-link", {})
    token = token_of(made.json())
    shown = (await api.get(f"{TOKEN}?token={token}")).json()
    assert shown["purpose"] == "reset"
    weak = await Browser(api).send("POST", TOKEN, {"token": token, "password": "Password1234!"})
    assert code(weak) == (422, "password_weak")
    body = {"token": token, "password": NEW}
    assert (await Browser(api).send("POST", TOKEN, body)).status_code == 201
    assert code(await old.send("GET", ME)) == (401, "session_ended")
    assert code(await Browser(api).sign_in(ANA, PASSWORD)) == (401, "sign_in_failed")


async def test_who_is_shut_out_gets_no_link(api: Api) -> None:
    await add_person(api, "chief@venue.example")
    person_id = await add_person(api)
    await api.delete(f"{PEOPLE}/{person_id}")
    refused = await api.post(f"{PEOPLE}/{person_id}/password-link", {})
    assert code(refused) == (409, "person_deactivated")
    back = (await api.post(f"{PEOPLE}/{person_id}/reactivate", {})).json()
    assert (back["state"], back["deactivatedAt"]) == ("active", None)
    assert (await Browser(api).sign_in(ANA)).status_code == 201


async def test_a_forgotten_password_says_nothing_of_whom_it_knows(api: Api) -> None:
    await add_person(api)
    answers = [
        await Browser(api).send("POST", "/api/identity/password/forgot", {"email": email})
        for email in (ANA, "nobody@venue.example")
    ]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].content == answers[1].content


async def test_one_changes_ones_own_name_and_password(api: Api) -> None:
    browser = await signed_in(api)
    other = Browser(api)
    await other.sign_in(ANA)
    assert (await browser.send("PATCH", ME, {"name": "Ana A."})).json()["name"] == "Ana A."
    path = f"{ME}/password"
    wrong = await browser.send("POST", path, {"current": "wrong-password-1", "new": NEW})
    assert code(wrong) == (403, "password_wrong")
    weak = await browser.send("POST", path, {"current": PASSWORD, "new": "short"})
    assert code(weak) == (422, "password_weak")
    done = await browser.send("POST", path, {"current": PASSWORD, "new": NEW})
    assert done.status_code == 204
    assert (await browser.send("GET", ME)).status_code == 200
    assert (await other.send("GET", ME)).status_code == 401
    assert code(await api.call("PATCH", ME, {"name": "x"})) == (403, "not_signed_in")


async def test_a_stale_version_and_the_last_administrator_are_refused(api: Api) -> None:
    person_id = await add_person(api)
    path = f"{PEOPLE}/{person_id}"
    stale = await api.call("PATCH", path, {"name": "X", "version": 7})
    assert code(stale) == (409, "version_conflict")
    last = await api.call("PATCH", path, {"role": "user", "version": 1})
    assert code(last) == (409, "last_admin")
    await add_person(api, "bo@venue.example", Role.ADMIN)
    assert (await api.call("PATCH", path, {"role": "user", "version": 1})).status_code == 200
    sessions = await api.get(f"{path}/sessions")
    assert sessions.json()["items"] == []
    assert (await api.delete(f"{path}/sessions")).status_code == 204
    unknown = ids.public("person", ids.new())
    assert code(await api.get(f"{PEOPLE}/{unknown}/sessions")) == (404, "not_found")
