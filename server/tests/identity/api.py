"""The API of the lower domains in this process, with as many organizations as a test needs."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from hone import identity
from hone.core import events
from hone.core.db import Database
from hone.core.keyring import Keyring, MasterKey
from hone.core.settings import Security, Settings
from hone.gateway import Organization, Snapshot
from hone.identity import Actor, KeyCreate, KeyCreated, Permission, system
from hone.identity.routes import router as identity_router
from hone.registry.routes import router as registry_router
from tests.fixtures.app import client, make_app


@dataclass
class Api:
    """A client of the API that sees each change at once."""

    app: FastAPI
    client: httpx.AsyncClient
    database: Database
    keyring: Keyring
    organizations: list[UUID] = field(default_factory=list[UUID])
    admin_key: str = ""

    @property
    def organization_id(self) -> UUID:
        return self.organizations[0]

    @property
    def system(self) -> Actor:
        return system(self.organization_id)

    async def add_organization(self, name: str) -> str:
        """Add an organization and return a key with every permission."""
        async with self.database.transaction() as session:
            made = await identity.create_organization(session, name)
            key = await identity.create_key(session, system(made.id), _key(Permission))
        self.organizations.append(made.id)
        return key.key

    async def add_key(self, *permissions: Permission, **rest: Any) -> str:
        """Make a key in the first organization."""
        return (await self.made_key(*permissions, **rest)).key

    async def made_key(self, *permissions: Permission, **rest: Any) -> KeyCreated:
        async with self.database.transaction(self.organization_id) as session:
            return await identity.create_key(session, self.system, _key(permissions, **rest))

    async def call(
        self, method: str, path: str, body: object = None, key: str | None = None
    ) -> httpx.Response:
        """Call as an administrator, or with a key."""
        await self.refresh()
        headers = {"authorization": f"Bearer {self.admin_key if key is None else key}"}
        return await self.client.request(method, path, json=body, headers=headers)

    async def get(self, path: str, key: str | None = None) -> httpx.Response:
        return await self.call("GET", path, key=key)

    async def post(self, path: str, body: object, key: str | None = None) -> httpx.Response:
        return await self.call("POST", path, body, key)

    async def put(self, path: str, body: object, key: str | None = None) -> httpx.Response:
        return await self.call("PUT", path, body, key)

    async def delete(self, path: str, key: str | None = None) -> httpx.Response:
        return await self.call("DELETE", path, key=key)

    async def refresh(self) -> None:
        """Compile the keys of every organization, as `serving` does after each change."""
        snapshot = Snapshot()
        for organization_id in self.organizations:
            async with self.database.transaction(organization_id) as session:
                part = Organization(
                    organization_id,
                    1,
                    await identity.principals(session, organization_id),
                    people=await identity.visitors(session, organization_id),
                    ended=await identity.ended_sessions(session, organization_id),
                )
            snapshot = snapshot.with_part(part)
        self.app.state.current.snapshot = snapshot


def _key(permissions: Iterable[Permission], **rest: Any) -> KeyCreate:
    return KeyCreate(name="test", permissions=list(permissions), **rest)


@asynccontextmanager
async def open_api(database: Database, *, private_upstreams: bool = False) -> AsyncGenerator[Api]:
    """Open the API on a database, with one organization and its administrator's key."""
    keyring = Keyring(MasterKey.generate())
    app = make_app(database, identity_router, registry_router, keyring=keyring)
    app.state.settings = Settings(security=Security(private_upstreams=private_upstreams))
    async with client(app) as speaking:
        api = Api(app, speaking, database, keyring)
        api.admin_key = await api.add_organization("Venue")
        yield api
        await app.state.openid.aclose()


async def told(owner: Database) -> list[tuple[str, str, dict[str, Any]]]:
    """Seal what was published and return each event's name, actor and data."""
    await events.seal(owner)
    async with owner.transaction() as session:
        found = await session.execute(
            text(
                "SELECT name, actor, data FROM events JOIN event_details ON event_id = id"
                " ORDER BY sequence"
            )
        )
        return [(row[0], row[1], row[2]) for row in found]
