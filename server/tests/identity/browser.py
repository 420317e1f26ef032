"""A browser: keeps cookies, sends the token of its own pages, and knows where it came from."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from hone import identity
from hone.core import clock, ids
from hone.core.db import Session
from hone.identity import PersonCreate, Role
from hone.identity.passwords import Hasher
from hone.identity.repository import credentials
from tests.identity.api import Api

PASSWORD = "lavender-teapot-9"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
SESSION = "/api/identity/session"
REFRESH = f"{SESSION}/refresh"
ME = "/api/identity/me"


@dataclass
class Browser:
    """One browser of one person."""

    api: Api
    https: bool = False
    user_agent: str = CHROME
    cookies: dict[str, str] = field(default_factory=dict[str, str])

    async def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return await self.send("POST", SESSION, {"email": email, "password": password, **more})

    async def send(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> httpx.Response:
        """Send what a page of ours sends; keep the cookies of the answer."""
        await self.api.refresh()
        csrf = self.cookies.get("__Host-hone_csrf" if self.https else "hone_csrf", "")
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"user-agent": self.user_agent, "x-csrf-token": csrf, "cookie": cookie, **headers}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        origin = f"{'https' if self.https else 'http'}://hone.test"
        sent: dict[str, Any] = {"content" if isinstance(body, bytes) else "json": body}
        answer = await self.api.client.request(method, f"{origin}{path}", headers=raw, **sent)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        self.api.client.cookies.clear()
        return answer

    def copy(self, user_agent: str | None = None) -> "Browser":
        """Return another browser with the same cookies."""
        return Browser(self.api, self.https, user_agent or self.user_agent, dict(self.cookies))


async def add_person(
    api: Api, email: str = "ana@venue.example", role: Role = Role.ADMIN, at: int = 0
) -> str:
    """Add a person who has a password; return their id."""
    organization_id = api.organizations[at]
    async with api.database.transaction(organization_id) as session:
        person = await identity.create_person(
            session,
            identity.system(organization_id),
            api.keyring,
            PersonCreate(email=email, name="Ana", role=role),
        )
        await _set_password(session, organization_id, person.id)
    return ids.public("person", person.id)


async def _set_password(session: Session, organization_id: UUID, person_id: UUID) -> None:
    made = await Hasher().hash(PASSWORD)
    await credentials.set_password(session, organization_id, person_id, made, clock.now())


async def signed_in(api: Api, email: str = "ana@venue.example", role: Role = Role.ADMIN) -> Browser:
    """Add a person and sign them in."""
    await add_person(api, email, role)
    browser = Browser(api)
    answer = await browser.sign_in(email)
    assert answer.status_code == 201, answer.text
    return browser


def flags(answer: httpx.Response) -> dict[str, set[str]]:
    """Read how each cookie of an answer is to be kept."""
    found: dict[str, set[str]] = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *rest = line.split("; ")
        found[pair.partition("=")[0]] = {each for each in rest if not each.startswith("Max-Age")}
    return found
