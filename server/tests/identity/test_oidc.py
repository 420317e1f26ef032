"""Identity providers of an organization, and people who sign in at a real one."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from hone.core.db import Database
from hone.identity import Permission, Role
from tests.fixtures.app import client
from tests.identity.api import Api, told
from tests.identity.openid import SECRET, walk
from tests.identity.test_keys import code

PROVIDERS = "/api/identity/oidc"
ANA = "ana@venue.example"

pytestmark = pytest.mark.xdist_group("openid")


async def add(api: Api, issuer: str, **changes: Any) -> dict[str, Any]:
    made = await api.post(
        PROVIDERS,
        {
            "name": "Venue",
            "issuer": issuer,
            "clientId": "hone-RS256",
            "clientSecret": SECRET,
            **changes,
        },
    )
    assert made.status_code == 201, made.text
    return made.json()


async def invite(api: Api, email: str = ANA) -> str:
    body = {"email": email, "name": "Ana", "role": Role.ANALYST.value}
    made = await api.post("/api/identity/people", body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


class Guest:
    """A browser of its own."""

    def __init__(self, api: Api, issuer: str, browser: httpx.AsyncClient) -> None:
        self.api, self.issuer, self.browser = api, issuer, browser

    async def start(self, provider: dict[str, Any], path: str | None = None) -> str:
        query = {} if path is None else {"next": path}
        answer = await self.browser.get(f"{PROVIDERS}/{provider['id']}/start", params=query)
        assert answer.status_code == 303
        url = answer.headers["location"]
        offered = (await self.browser.get("/api/identity/sign-in")).json()
        assert httpx.URL(url).params["redirect_uri"] == offered["oidcCallback"]
        return url

    async def sign_in(
        self, provider: dict[str, Any], who: str = ANA, path: str | None = None
    ) -> httpx.Response:
        url = await self.start(provider, path)
        return await self.arrive(await walk(self.issuer, url, who))

    async def arrive(self, answer: dict[str, str]) -> httpx.Response:
        return await self.browser.get(f"{PROVIDERS}/callback", params=answer)

    async def me(self) -> httpx.Response:
        await self.api.refresh()
        return await self.browser.get("/api/identity/me")


def failure(answer: httpx.Response) -> str:
    """Return why nobody was signed in."""
    assert answer.status_code == 303
    assert "hone_access" not in str(answer.headers.get_list("set-cookie"))
    place, _, reason = answer.headers["location"].partition("?error=")
    assert place == "/sign-in"
    return reason


async def test_somebody_who_is_here_signs_in_and_is_known_from_then_on(
    api: Api, issuer: str, owner: Database
) -> None:
    provider, person = await add(api, issuer), await invite(api)
    async with client(api.app) as browser:
        guest = Guest(api, issuer, browser)
        answer = await guest.sign_in(provider, path="/routes?tab=all")
        assert (answer.status_code, answer.headers["location"]) == (303, "/routes?tab=all")
        me = (await guest.me()).json()
        assert (me["id"], me["kind"], me["role"]) == (person, "person", "analyst")
        assert "hone_oidc" not in browser.cookies
    # The address may change hands; the subject does not.
    async with owner.transaction() as session:
        await session.execute(text("UPDATE people SET email = 'other@venue.example'"))
    async with client(api.app) as browser:
        guest = Guest(api, issuer, browser)
        assert (await guest.sign_in(provider)).headers["location"] == "/"
        assert (await guest.me()).json()["id"] == person
    names = [name for name, *_ in await told(owner)]
    assert (names.count("person.linked"), names.count("session.started")) == (1, 2)


async def test_a_newcomer_of_an_allowed_domain_joins_in_the_role_for_newcomers(
    api: Api, issuer: str
) -> None:
    provider = await add(api, issuer, role="user", domains=["Venue.example"])
    async with client(api.app) as browser:
        guest = Guest(api, issuer, browser)
        assert (await guest.sign_in(provider)).headers["location"] == "/"
        me = (await guest.me()).json()
        assert (me["name"], me["email"], me["role"]) == ("ana", ANA, "user")
    async with client(api.app) as browser:
        answer = await Guest(api, issuer, browser).sign_in(provider, "eve@elsewhere.example")
        assert failure(answer) == "oidc_domain"


async def test_without_a_role_for_newcomers_only_who_is_here_signs_in(
    api: Api, issuer: str
) -> None:
    provider = await add(api, issuer)
    async with client(api.app) as browser:
        assert failure(await Guest(api, issuer, browser).sign_in(provider)) == "oidc_unknown_person"


async def test_an_address_that_is_not_verified_makes_nobody_of_here(api: Api, issuer: str) -> None:
    provider = await add(api, issuer, role="user", domains=["venue.example"])
    await invite(api)
    async with client(api.app) as browser:
        answer = await Guest(api, issuer, browser).sign_in(provider, f"unverified-{ANA}")
        assert failure(answer) == "oidc_email_unverified"


async def test_who_is_shut_out_stays_out(api: Api, issuer: str) -> None:
    provider, person = await add(api, issuer), await invite(api)
    async with client(api.app) as browser:
        assert (await Guest(api, issuer, browser).sign_in(provider)).headers["location"] == "/"
    assert (await api.delete(f"/api/identity/people/{person}")).is_success
    async with client(api.app) as browser:
        assert failure(await Guest(api, issuer, browser).sign_in(provider)) == "person_deactivated"


async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    api: Api, issuer: str
) -> None:
    provider = await add(api, issuer)
    await invite(api)
    async with client(api.app) as browser, client(api.app) as other:
        guest, thief = Guest(api, issuer, browser), Guest(api, issuer, other)
        url = await guest.start(provider)
        answer = await walk(issuer, url, ANA)
        assert failure(await thief.arrive(answer)) == "oidc_expired"
        await thief.start(provider)
        assert failure(await thief.arrive(answer)) == "oidc_expired"
        kept = browser.cookies["hone_oidc"]
        assert (await guest.arrive(answer)).headers["location"] == "/"
        assert failure(await guest.arrive(answer)) == "oidc_expired"
        thief.browser.cookies.clear()
        thief.browser.cookies.set("hone_oidc", kept)
        assert failure(await thief.arrive(answer)) == "oidc_denied"


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_nobody_is_led_elsewhere(api: Api, issuer: str, path: str) -> None:
    provider = await add(api, issuer)
    await invite(api)
    async with client(api.app) as browser:
        answer = await Guest(api, issuer, browser).sign_in(provider, path=path)
        assert answer.headers["location"] == "/"


async def test_an_unknown_provider_and_an_unreachable_one_are_told_on_the_sign_in_page(
    api: Api,
) -> None:
    silent = await add(api, "http://127.0.0.1:9")
    async with client(api.app) as browser:
        answer = await browser.get(f"{PROVIDERS}/oidc_{'0' * 32}/start")
        assert failure(answer) == "not_found"
        answer = await browser.get(f"{PROVIDERS}/{silent['id']}/start")
        assert failure(answer) == "oidc_unreachable"


# Providers.


async def test_a_provider_is_added_shown_listed_changed_and_removed(
    api: Api, issuer: str, owner: Database
) -> None:
    made = await add(api, issuer, scopes=["email"], domains=["venue.example"], role="user")
    assert (made["hasSecret"], made["scopes"], made["version"]) == (True, ["openid", "email"], 1)
    assert SECRET not in str(made)
    path = f"{PROVIDERS}/{made['id']}"
    assert (await api.get(path)).json() == made
    assert (await api.get(PROVIDERS)).json()["items"] == [made]
    body = {"name": "Guests", "issuer": issuer, "clientId": "other", "version": 1}
    changed = (await api.put(path, body)).json()
    assert (changed["hasSecret"], changed["role"], changed["version"]) == (True, None, 2)
    gone = (await api.put(path, body | {"clientSecret": None, "version": 2})).json()
    assert gone["hasSecret"] is False
    assert (await api.delete(path)).status_code == 204
    assert code(await api.get(path)) == (404, "not_found")
    events = await told(owner)
    assert [name for name, *_ in events][-4:] == [
        "oidc_provider.created",
        "oidc_provider.updated",
        "oidc_provider.updated",
        "oidc_provider.deleted",
    ]
    assert SECRET not in str(events)


async def test_the_sign_in_page_offers_what_is_listed(api: Api, issuer: str) -> None:
    shown = await add(api, issuer)
    await add(api, issuer, name="Hidden", listed=False)
    async with client(api.app) as browser:
        offered = (await browser.get("/api/identity/sign-in")).json()["oidc"]
    assert offered == [{"id": shown["id"], "name": "Venue"}]


async def test_a_provider_is_tested_before_anybody_needs_it(api: Api, issuer: str) -> None:
    for address, problem in (
        (issuer, None),
        (f"{issuer}/", "calls itself"),
        ("http://127.0.0.1:9", "does not answer"),
        ("http://169.254.169.254", "not on the public internet"),
    ):
        made = await add(api, address, name=f"At {address}")
        found = (await api.post(f"{PROVIDERS}/{made['id']}/test", None)).json()
        assert found["works"] is (problem is None)
        assert (problem or "") in (found["problem"] or "")


async def test_another_organization_finds_no_provider(api: Api, issuer: str) -> None:
    path = f"{PROVIDERS}/{(await add(api, issuer))['id']}"
    other = await api.add_organization("Elsewhere")
    body = {"name": "x", "issuer": issuer, "clientId": "x", "version": 1}
    for answer in (
        await api.get(path, other),
        await api.put(path, body, other),
        await api.delete(path, other),
        await api.post(f"{path}/test", None, other),
    ):
        assert code(answer) == (404, "not_found")
    assert (await api.get(PROVIDERS, other)).json()["items"] == []


async def test_providers_are_an_administrators_matter(api: Api, issuer: str) -> None:
    key = await api.add_key(*(set(Permission) - {Permission.ORGANIZATION_WRITE}))
    body = {"name": "x", "issuer": issuer, "clientId": "x"}
    for answer in (await api.get(PROVIDERS, key), await api.post(PROVIDERS, body, key)):
        assert code(answer) == (403, "forbidden")


async def test_conflicts_and_what_would_let_everybody_in_are_refused(api: Api, issuer: str) -> None:
    made = await add(api, issuer)
    body = {"name": "venue", "issuer": issuer, "clientId": "x"}
    assert code(await api.post(PROVIDERS, body)) == (409, "oidc_name_taken")
    stale = await api.put(f"{PROVIDERS}/{made['id']}", body | {"version": 7})
    assert code(stale) == (409, "version_conflict")
    assert stale.json()["error"]["details"] == {"version": 1}
    everybody = body | {"name": "all", "role": "user"}
    assert (await api.post(PROVIDERS, everybody)).status_code == 422
    plain = body | {"name": "file", "issuer": "file:///etc/passwd"}
    assert code(await api.post(PROVIDERS, plain)) == (400, "oidc_misconfigured")
