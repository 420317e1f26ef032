"""Signing in, the cookies that keep it, and signing out."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hone.core.db import Database
from hone.gateway import Organization, Snapshot
from hone.identity import Role
from tests.identity.api import Api, told
from tests.identity.browser import (
    CHROME,
    ME,
    PASSWORD,
    REFRESH,
    SESSION,
    Browser,
    add_person,
    flags,
    signed_in,
)
from tests.identity.test_keys import code

ANA = "ana@venue.example"
COOKIES = {"hone_access", "hone_refresh", "hone_csrf"}


async def test_who_signs_in_is_known_by_cookies(api: Api) -> None:
    person_id = await add_person(api)
    browser = Browser(api)
    answer = await browser.sign_in(ANA.upper())
    assert answer.status_code == 201
    me = answer.json()
    assert (me["id"], me["kind"], me["role"], me["email"]) == (person_id, "person", "admin", ANA)
    assert set(browser.cookies) == COOKIES
    again = (await browser.send("GET", ME)).json()
    assert again["session"]["id"] == me["session"]["id"]
    assert "keys:write" in again["permissions"]
    made = await browser.send(
        "POST", "/api/identity/keys", {"name": "x", "permissions": ["ai:query"]}
    )
    assert (made.status_code, made.json()["personId"]) == (201, person_id)


@pytest.mark.parametrize("https", [False, True])
async def test_cookies_are_held_to_this_host_and_hidden_from_scripts(api: Api, https: bool) -> None:
    await add_person(api)
    browser = Browser(api, https=https)
    kept = flags(await browser.sign_in(ANA))
    secure = {"Secure"} if https else set[str]()
    host, prefix = ("__Host-", "__Secure-") if https else ("", "")
    assert kept == {
        f"{host}hone_access": {"HttpOnly", "Path=/", "SameSite=lax"} | secure,
        f"{prefix}hone_refresh": {"HttpOnly", f"Path={SESSION}", "SameSite=strict"} | secure,
        f"{host}hone_csrf": {"Path=/", "SameSite=strict"} | secure,
    }
    assert (await browser.send("GET", ME)).status_code == 200
    # A cookie without its prefix may have been set by a neighbour: it does not count over https.
    other = Browser(api, https=not https, cookies=browser.cookies)
    assert code(await other.send("GET", ME)) == (401, "unauthorized")


async def test_an_unknown_address_and_a_wrong_password_look_the_same(api: Api) -> None:
    await add_person(api)
    found: list[tuple[int, dict[str, Any], float]] = []
    for email in (ANA, "nobody@venue.example"):
        began = time.monotonic()
        answer = await Browser(api).sign_in(email, "wrong-password-1")
        found.append((answer.status_code, answer.json(), time.monotonic() - began))
        assert "set-cookie" not in answer.headers
    assert found[0][:2] == found[1][:2]
    assert found[0][1]["error"]["code"] == "sign_in_failed"
    assert all(seconds >= 0.25 for *_, seconds in found)


@pytest.mark.parametrize("state", ["deactivated", "no password"])
async def test_who_is_shut_out_or_has_no_password_cannot_sign_in(api: Api, state: str) -> None:
    person_id = await add_person(api)
    await add_person(api, "bo@venue.example")
    if state == "deactivated":
        await api.delete(f"/api/identity/people/{person_id}")
    else:
        async with api.database.transaction(api.organization_id) as session:
            await session.execute(text("DELETE FROM passwords"))
    assert code(await Browser(api).sign_in(ANA)) == (401, "sign_in_failed")


async def test_a_password_that_fits_people_in_two_organizations_asks_which(api: Api) -> None:
    await api.add_organization("Elsewhere")
    await add_person(api)
    second = await add_person(api, at=1)
    browser = Browser(api)
    asked = await browser.sign_in(ANA)
    assert code(asked) == (409, "organization_needed")
    choice = asked.json()["error"]["details"]["organizations"]
    assert {each["name"] for each in choice} == {"Venue", "Elsewhere"}
    assert (await browser.sign_in(ANA, organization="elsewhere")).json()["id"] == second


async def test_a_sixth_try_waits_and_a_success_forgets_the_failures(api: Api) -> None:
    await add_person(api)
    browser = Browser(api)
    tries = [await browser.sign_in(ANA, f"wrong-password-{n}") for n in range(5)]
    assert {each.status_code for each in tries} == {401}
    locked = await browser.sign_in(ANA)
    assert code(locked) == (429, "sign_in_locked")
    assert locked.headers["retry-after"] == "1"
    assert locked.json()["error"]["details"]["until"]
    async with api.database.transaction() as session:
        await session.execute(text("UPDATE throttles SET locked_until = now()"))
    assert (await browser.sign_in(ANA)).status_code == 201
    assert (await browser.sign_in(ANA, "wrong-password-1")).status_code == 401


async def test_many_tries_at_once_gain_nothing(api: Api) -> None:
    await add_person(api)
    await api.refresh()
    browsers = [Browser(api) for _ in range(20)]
    answers = await asyncio.gather(
        *(each.sign_in(ANA, f"wrong-password-{n}") for n, each in enumerate(browsers))
    )
    assert [each.status_code for each in answers].count(401) == 5


async def test_a_network_that_tries_many_addresses_waits_too(api: Api) -> None:
    for n in range(20):
        await Browser(api).sign_in(f"person-{n}@venue.example", "wrong-password-1")
    assert code(await Browser(api).sign_in("one-more@venue.example")) == (429, "sign_in_locked")


async def test_pauses_grow_to_a_quarter_of_an_hour(api: Api) -> None:
    await add_person(api)
    pauses: list[int] = []
    for n in range(17):
        async with api.database.transaction() as session:
            await session.execute(text("UPDATE throttles SET locked_until = now()"))
        await Browser(api).sign_in(ANA, f"wrong-password-{n}")
        async with api.database.transaction() as session:
            pause = "SELECT greatest(0, max(extract(epoch FROM locked_until - failed_at)))::int FROM throttles"
            pauses.append(await session.scalar(text(pause)) or 0)
    assert pauses == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


async def test_the_trail_tells_of_sign_ins_without_telling_addresses(
    api: Api, owner: Database
) -> None:
    await add_person(api)
    for n in range(3):
        await Browser(api).sign_in(ANA, f"wrong-password-{n}")
    browser = Browser(api)
    await browser.sign_in(ANA)
    await browser.send("DELETE", SESSION)
    rows = [row for row in await told(owner) if row[0].startswith(("session.", "sign_in."))]
    assert [row[0] for row in rows] == ["sign_in.failed", "session.started", "session.ended"]
    assert ANA not in str(rows)
    assert "127.0.0.1" not in str(rows)
    async with owner.transaction() as session:
        sealed = await session.execute(
            text("SELECT personal FROM event_details WHERE personal IS NOT NULL")
        )
        assert all(CHROME.encode() not in bytes(each) for each in sealed.scalars())


async def test_a_session_is_refreshed(api: Api) -> None:
    browser = await signed_in(api)
    before = dict(browser.cookies)
    answer = await browser.send("POST", REFRESH)
    assert answer.status_code == 200
    assert answer.json()["expiresAt"]
    assert browser.cookies["hone_refresh"] != before["hone_refresh"]
    assert browser.cookies["hone_csrf"] == before["hone_csrf"]
    assert (await browser.send("GET", ME)).status_code == 200


async def test_two_tabs_may_refresh_at_once(api: Api) -> None:
    browser = await signed_in(api)
    tabs = [browser.copy() for _ in range(3)]
    answers = await asyncio.gather(*(each.send("POST", REFRESH) for each in tabs))
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len({each.cookies["hone_refresh"] for each in tabs}) == 1
    assert (await tabs[2].send("POST", REFRESH)).status_code == 200


@pytest.mark.parametrize("thief", ["late", "another browser", "long ago"])
async def test_a_stolen_refresh_token_puts_both_out(api: Api, owner: Database, thief: str) -> None:
    owners = await signed_in(api)
    copy = owners.copy(user_agent="curl/8" if thief == "another browser" else CHROME)
    for _ in range(2 if thief == "long ago" else 1):
        await owners.send("POST", REFRESH)
    if thief == "late":
        async with owner.transaction() as session:
            late = "UPDATE sessions SET rotated_at = rotated_at - interval '11 seconds'"
            await session.execute(text(late))
    assert code(await copy.send("POST", REFRESH)) == (401, "session_ended")
    assert code(await owners.send("POST", REFRESH)) == (401, "session_ended")
    assert code(await owners.send("GET", ME)) == (401, "session_ended")
    assert [row[0] for row in await told(owner)][-1] == "session.reused"


async def test_a_session_ends_when_nobody_comes_back_and_at_the_latest_after_30_days(
    api: Api, owner: Database
) -> None:
    browser = await signed_in(api)
    async with owner.transaction() as session:
        aged = "UPDATE sessions SET created_at = created_at - interval '25 days'"
        await session.execute(text(aged))
    assert (await browser.send("POST", REFRESH)).status_code == 200
    async with owner.transaction() as session:
        left = await session.scalar(
            text("SELECT extract(day FROM expires_at - now()) FROM sessions")
        )
        assert left == 4
        await session.execute(text("UPDATE sessions SET expires_at = now()"))
    assert code(await browser.send("POST", REFRESH)) == (401, "session_ended")


async def test_who_signs_out_is_out_at_once(api: Api) -> None:
    browser = await signed_in(api)
    kept = browser.copy()
    assert (await browser.send("DELETE", SESSION)).status_code == 204
    assert code(await kept.send("GET", ME)) == (401, "session_ended")
    assert code(await kept.send("POST", REFRESH)) == (401, "session_ended")
    assert (await Browser(api).send("DELETE", SESSION)).status_code == 204


async def test_own_sessions_are_listed_and_ended(api: Api) -> None:
    here = await signed_in(api)
    there = Browser(api)
    await there.sign_in(ANA)
    listed = (await here.send("GET", "/api/identity/sessions")).json()["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert listed[0]["userAgent"] == "Chrome on Linux"
    assert listed[0]["method"] == "password"
    path = f"/api/identity/sessions/{listed[0]['id']}"
    assert (await here.send("DELETE", path)).status_code == 204
    assert (await there.send("GET", ME)).status_code == 401
    await there.sign_in(ANA)
    assert (await here.send("DELETE", "/api/identity/sessions")).status_code == 204
    assert (await there.send("GET", ME)).status_code == 401
    assert (await here.send("GET", ME)).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(api: Api) -> None:
    ana = await signed_in(api)
    bo = await signed_in(api, "bo@venue.example", Role.OPERATOR)
    session_id = (await ana.send("GET", ME)).json()["session"]["id"]
    path = f"/api/identity/sessions/{session_id}"
    assert code(await bo.send("DELETE", path)) == (404, "not_found")
    assert code(await api.get("/api/identity/sessions")) == (403, "not_signed_in")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "x" * 43},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_another_sites_page_changes_nothing(api: Api, headers: dict[str, str]) -> None:
    browser = await signed_in(api)
    for method, path in (("PATCH", "/api/identity/organization"), ("POST", REFRESH)):
        refused = await browser.send(method, path, {"name": "Taken"}, **headers)
        assert code(refused) == (403, "csrf_failed")
    assert code(await browser.send("DELETE", SESSION, **headers)) == (403, "csrf_failed")
    assert (await browser.send("GET", ME, **headers)).status_code == 200


async def test_the_token_of_another_session_does_not_count(api: Api) -> None:
    ana = await signed_in(api)
    bo = await signed_in(api, "bo@venue.example")
    mixed = ana.copy()
    mixed.cookies["hone_csrf"] = bo.cookies["hone_csrf"]
    refused = await mixed.send("PATCH", "/api/identity/organization", {"name": "Taken"})
    assert code(refused) == (403, "csrf_failed")


async def test_a_form_of_another_site_signs_nobody_in(api: Api) -> None:
    await add_person(api)
    await api.refresh()
    form = {"email": ANA, "password": PASSWORD}
    posted = await api.client.post(SESSION, data=form)
    assert posted.status_code == 422
    crossed = await Browser(api).send("POST", SESSION, form, origin="http://evil.example")
    assert code(crossed) == (403, "csrf_failed")


async def test_a_key_counts_before_a_cookie_and_needs_no_token(api: Api) -> None:
    browser = await signed_in(api)
    key = {"authorization": f"Bearer {api.admin_key}", "x-csrf-token": ""}
    me = (await browser.send("GET", ME, **key)).json()
    assert (me["kind"], me["session"]) == ("key", None)
    changed = await browser.send("PATCH", "/api/identity/organization", {"name": "B"}, **key)
    assert changed.status_code == 200
    assert code(await browser.send("GET", ME, authorization="Bearer x")) == (401, "unauthorized")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5000, "é"])
async def test_what_is_no_token_is_refused(api: Api, token: str) -> None:
    browser = await signed_in(api)
    browser.cookies["hone_access"] = token
    browser.cookies["hone_refresh"] = browser.cookies["hone_access"]
    assert (await browser.send("GET", ME)).status_code == 401
    assert code(await browser.send("POST", REFRESH)) == (401, "session_ended")


async def test_a_role_counts_at_once_and_who_is_shut_out_is_out(api: Api) -> None:
    await add_person(api, "chief@venue.example")
    browser = await signed_in(api)
    me = (await browser.send("GET", ME)).json()
    path = f"/api/identity/people/{me['id']}"
    changed = await api.call("PATCH", path, {"role": "analyst", "version": 1})
    assert changed.json()["version"] == 2
    now = (await browser.send("GET", ME)).json()
    assert (now["role"], "keys:write" in now["permissions"]) == ("analyst", False)
    assert (await api.delete(path)).status_code == 200
    assert code(await browser.send("GET", ME)) == (401, "session_ended")
    assert code(await browser.send("POST", REFRESH)) == (401, "session_ended")


async def test_who_has_just_joined_is_let_in_before_every_process_has_heard_of_them(
    api: Api,
) -> None:
    await api.refresh()
    current = api.app.state.current
    looked = asyncio.Event()

    class Watched(dict[UUID, Organization]):
        def get(self, key: UUID, default: Any = None) -> Any:
            looked.set()
            return super().get(key, default)

    before = Snapshot(Watched(current.snapshot.organizations), current.snapshot.callers)
    await add_person(api)
    browser = Browser(api)
    await browser.sign_in(ANA)
    after, current.snapshot = current.snapshot, before
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())

    async def hear() -> None:
        await looked.wait()
        current.snapshot = after

    asked = api.client.get(f"http://hone.test{ME}", headers={"cookie": cookie})
    answer, _ = await asyncio.gather(asked, hear())
    assert answer.status_code == 200
