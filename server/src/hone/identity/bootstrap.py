"""The first start: one organization, its administrator and an administrator's key."""

import re
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID

from hone.core import ids
from hone.core.db import Database, Session, enter
from hone.core.events import publish
from hone.core.keyring import SECRET, Keyring
from hone.core.settings import Settings
from hone.identity import repository, service
from hone.identity.errors import AdminKeyWeak, NoOrganization
from hone.identity.models import Organization
from hone.identity.permissions import Permission, Role, system
from hone.identity.schemas import KeyCreate, PersonCreate

_ADMIN_KEY = re.compile(r"[!-~]{32,512}")


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What the first start found or made."""

    organization_id: UUID
    created: bool
    key: str | None = field(default=None, repr=False)
    """The administrator's key, told this once; None when it was there before."""


async def bootstrap(database: Database, settings: Settings, keyring: Keyring) -> Bootstrapped:
    """Make what the first start makes, all or nothing; later starts find it and change nothing."""
    given = settings.bootstrap.admin_key
    key = service.new_key() if given is None else _accept(given.get_secret_value())
    async with database.transaction() as session:
        await repository.lock_bootstrap(session)
        present = await repository.organizations(session)
        if present:
            return Bootstrapped(present[0], created=False)
        organization = await create_organization(session, settings.bootstrap.organization)
        actor = system(organization.id)
        await keyring.ensure(session, organization.id, SECRET)
        email = settings.bootstrap.admin_email
        admin = PersonCreate(email=email, name="Administrator", role=Role.ADMIN)
        person = await service.create_person(session, actor, admin)
        wanted = KeyCreate(name="Administrator", permissions=list(Permission))
        await service.add_key(session, actor, wanted, key, person.id)
        return Bootstrapped(organization.id, created=True, key=key)


def _accept(key: str) -> str:
    if _ADMIN_KEY.fullmatch(key) is None:
        raise AdminKeyWeak
    return key


async def create_organization(session: Session, name: str) -> Organization:
    """Make an organization and hold the rest of this transaction to it."""
    organization_id = ids.new()
    await enter(session, organization_id)
    slug = _slug(name)
    if not await repository.add_organization(session, organization_id, name, slug):
        unique = f"{slug}-{organization_id.hex[-8:]}"
        await repository.add_organization(session, organization_id, name, unique)
    subject = ids.public("org", organization_id)
    actor = system(organization_id)
    publish(
        session,
        organization_id,
        actor.id,
        "organization.created",
        subject,
        {"after": {"name": name}},
    )
    return await service.organization(session, organization_id)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "organization"


async def find_organization(database: Database, name: str | None = None) -> UUID:
    """Find an organization by its name or slug; without one, the oldest."""
    async with database.transaction() as session:
        present = await repository.organizations(session)
    if name is None and present:
        return present[0]
    for organization_id in present:
        async with database.transaction(organization_id) as session:
            found = await service.organization(session, organization_id)
            if name in {found.name, found.slug, ids.public("org", found.id)}:
                return organization_id
    known = "There is no organization yet; start `hone up` once."
    raise NoOrganization(known if not present else f"There is no organization {name!r}.")
