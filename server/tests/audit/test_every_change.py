"""Every call that changes something leaves an event that says who, and what was before and after.

The calls are those of our OpenAPI document, so none can be forgotten: a new one is done here, or
listed with the reason why it leaves none.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest_asyncio

from hone.audit.routes import router as audit
from hone.core import events
from hone.core.db import Database
from hone.limits.routes import router as limits_router
from hone.operations.routes import router as operations
from hone.privacy.routes import router as privacy
from tests.identity.api import Api, open_api
from tests.identity.browser import PASSWORD, Browser, signed_in
from tests.security.calls import DOCUMENT

Json = dict[str, Any]
CHANGES = {
    operation["operationId"]
    for methods in DOCUMENT["paths"].values()
    for method, operation in methods.items()
    if method != "get"
}
SILENT = {
    "refresh_session": "goes on with a session whose start was told",
    "forgot_password": "is done without anybody being known; the link that follows is told",
    "test_provider": "only asks",
    "test_unsaved_provider": "only asks",
    "test_oidc_provider": "only asks",
    "preview_route": "only tells what would be",
    "preview_erasure": "only tells what would go",
    "preview_retention": "only tells what would go",
    "log_operation": "is a call, and in the log of calls",
    "create_chat_completion": "is a call, and in the log of calls",
    "create_embeddings": "is a call, and in the log of calls",
    "create_completion": "is a call, and in the log of calls",
    "create_message": "is a call, and in the log of calls",
    "create_response": "is a call, and in the log of calls",
}
PATHS = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
NEW_PASSWORD = "umbrella-violin-17"


@dataclass
class Story:
    """An administrator at work, and what the trail said of each step."""

    api: Api
    owner: Database
    browser: Browser
    told: dict[str, list[tuple[str, Json]]] = field(
        default_factory=dict[str, list[tuple[str, Json]]]
    )
    seen: int = 0

    async def do(self, name: str, body: Json | None = None, **where: str) -> Json:
        """Make one call, which must succeed, and note the events that it leaves."""
        method, path = PATHS[name]
        answer = await self.browser.send(method, path.format(**where), body)
        assert answer.is_success, f"{name}: {answer.text}"
        found = await self.catch_up()
        self.told.setdefault(name, []).extend(found)
        return answer.json() if answer.content else {}

    async def catch_up(self) -> list[tuple[str, Json]]:
        """Read the events that are new."""
        await events.seal(self.owner)
        page = (await self.api.get("/api/audit/events?limit=50")).json()["items"]
        fresh = [each for each in page if each["position"] > self.seen]
        self.seen = max([self.seen, *(each["position"] for each in page)])
        return [(each["name"], each) for each in fresh]


@pytest_asyncio.fixture
async def story(database: Database, owner: Database) -> AsyncIterator[Story]:
    """Open every domain's API, with an administrator who is signed in."""
    async with open_api(database, private_upstreams=True) as api:
        api.app.include_router(audit)
        api.app.include_router(limits_router)
        api.app.include_router(operations)
        api.app.include_router(privacy)
        made = Story(api, owner, await signed_in(api))
        await made.catch_up()
        yield made


async def registry(story: Story) -> None:
    provider = {"name": "main", "kind": "openai", "apiKey": "sk-secret"}
    made = await story.do("create_provider", provider)
    given = provider | {"name": "primary", "version": made["version"]}
    await story.do("replace_provider", given, provider_id=made["id"])
    model = {"name": "large", "provider": "primary", "upstream": "large-1"}
    first = await story.do("create_model", model)
    await story.do(
        "replace_model", model | {"upstream": "large-2", "version": 1}, model_id=first["id"]
    )
    route = {"name": "assistant", "targets": [{"model": "large"}]}
    made_route = await story.do("create_route", route)
    where = {"route_id": made_route["id"]}
    changed = route | {"name": "helper", "version": made_route["version"]}
    second = await story.do("replace_route", changed, **where)
    third = await story.do("undo_route", {"version": second["version"]}, **where)
    await story.do("restore_route", {"version": third["version"]}, version="2", **where)
    await story.do("delete_route", **where)
    await story.do("delete_model", model_id=first["id"])
    await story.do("delete_provider", provider_id=made["id"])


async def limits(story: Story) -> None:
    wanted = {"subject": {"kind": "organization"}, "measure": "cost", "window": "month"}
    made = await story.do("create_limit", wanted | {"amount": "25"})
    where = {"limit_id": made["id"]}
    await story.do("update_limit", {"amount": "30", "version": made["version"]}, **where)
    await story.do("delete_limit", **where)


async def people(story: Story) -> None:
    await story.do("update_organization", {"name": "Theatre"})
    person = {"email": "grace@venue.example", "name": "Grace", "role": "developer"}
    made = await story.do("create_person", person)
    who = {"person_id": made["id"]}
    await story.do("update_person", {"role": "analyst", "version": made["version"]}, **who)
    await story.do("make_password_link", **who)
    await story.do("deactivate_person", **who)
    await story.do("reactivate_person", **who)
    invited = await story.do("invite_person", person | {"email": "noor@venue.example"})
    guest = {"person_id": invited["person"]["id"]}
    await story.do("renew_invitation", **guest)
    await story.do("withdraw_invitation", **guest)
    joining = await story.do("invite_person", person | {"email": "jun@venue.example"})
    token = parse_qs(urlsplit(str(joining["url"])).query)["token"][0]
    stranger, story.browser = story.browser, Browser(story.api)
    await story.do("set_password", {"token": token, "password": NEW_PASSWORD})
    story.browser = stranger
    await story.do("end_person_sessions", person_id=joining["person"]["id"])
    team = await story.do("create_team", {"name": "website"})
    where = {"team_id": team["id"]}
    await story.do("add_team_member", **where, **who)
    await story.do("remove_team_member", **where, **who)
    now = await story.api.get(f"/api/identity/teams/{team['id']}")
    renamed = {"name": "site", "version": now.json()["version"]}
    await story.do("update_team", renamed, **where)
    await story.do("delete_team", **where)


async def doors(story: Story) -> None:
    key = await story.do("create_key", {"name": "website", "permissions": ["ai:query"]})
    await story.do("revoke_key", key_id=key["id"])
    oidc = {"name": "ID", "issuer": "https://id.example.com", "clientId": "hone"}
    made = await story.do("create_oidc_provider", oidc)
    where = {"oidc_id": made["id"]}
    await story.do(
        "replace_oidc_provider", oidc | {"name": "Ours", "version": made["version"]}, **where
    )
    await story.do("delete_oidc_provider", **where)
    view = await story.do("create_view", {"name": "failed"})
    there = {"view_id": view["id"]}
    await story.do("replace_view", {"name": "broken", "version": view["version"]}, **there)
    await story.do("delete_view", **there)
    await story.do("verify_chain")
    rules = (await story.api.get("/api/retention")).json()["rules"]
    rule = next(each for each in rules if each["kind"] == "operations")
    shorter = {"kind": "operations", "days": 90, "version": rule["version"]}
    await story.do("update_retention", {"rules": [shorter]})
    await story.do("erase", {"kind": "user", "target": "guest-204"})


async def oneself(story: Story) -> None:
    await story.do("update_me", {"name": "Ana M."})
    other = Browser(story.api)
    mine, story.browser = story.browser, other
    await story.do("sign_in_by_password", {"email": "ana@venue.example", "password": PASSWORD})
    story.browser = mine
    sessions = (await story.browser.send("GET", "/api/identity/sessions")).json()["items"]
    elsewhere = next(each for each in sessions if not each["current"])
    await story.do("end_session", session_id=elsewhere["id"])
    assert (await other.sign_in("ana@venue.example")).is_success
    await story.do("end_other_sessions")
    await story.do("change_password", {"current": PASSWORD, "new": NEW_PASSWORD})
    await story.do("sign_out")


async def test_every_change_is_in_the_trail(story: Story) -> None:
    for part in (registry, limits, people, doors, oneself):
        await part(story)
    assert set(story.told) | SILENT.keys() == CHANGES, "do new calls here, or say why not"
    assert {name for name, found in story.told.items() if not found} == set()
    ana = (await story.api.get("/api/identity/people?q=ana@")).json()["items"][0]["id"]
    strangers = {
        (name, event["actor"]["id"])
        for name, found in story.told.items()
        for _, event in found
        if event["actor"]["id"] != ana and name != "set_password"
    }
    assert strangers == set()
    assert _halves(story) == set()


def _halves(story: Story) -> set[str]:
    """List the updates that do not say both what was and what is; a name is a personal fact."""
    updates = [
        (name, event["personal"] or event)
        for found in story.told.values()
        for name, event in found
        if name.endswith(".updated")
    ]
    return {name for name, facts in updates if not (facts["before"] and facts["after"])}


def test_silence_has_its_reasons() -> None:
    assert SILENT.keys() <= CHANGES
