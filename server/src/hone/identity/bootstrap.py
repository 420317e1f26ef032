"""The first start: one organization, its administrator and an administrator's key."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Database, Session, enter
from hone.core.events import publish
from hone.core.keyring import SECRET, Keyring
from hone.core.settings import Settings
from hone.identity import repository
from hone.identity.errors import AdminKeyWeak, NoOrganization
from hone.identity.models import Organization
from hone.identity.passwords import Hasher, refuse_weak
from hone.identity.permissions import Permission, Role, system
from hone.identity.schemas import KeyCreate, PersonCreate
from hone.identity.service import keys
from hone.identity.service.organizations import organization
from hone.identity.service.people import create_person

_TYPED = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike."""
_ADMIN_KEY = re.compile(r"[!-~]{32,512}")


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What the first start found or made."""

    organization_id: UUID
    created: bool
    key: str | None = field(default=None, repr=False)
    """The administrator's key, told this once; None when it was there before."""
    password: str | None = field(default=None, repr=False)
    """The administrator's password, likewise."""


async def bootstrap(database: Database, settings: Settings, keyring: Keyring) -> Bootstrapped:
    """Make what the first start makes, all or nothing; later starts find it and change nothing."""
    given = settings.bootstrap.admin_key
    key = keys.new_key() if given is None else _accept(given.get_secret_value())
    chosen = settings.bootstrap.admin_password
    password = new_password() if chosen is None else chosen.get_secret_value()
    if chosen is not None:
        refuse_weak(password, settings.bootstrap.admin_email)
    async with database.transaction() as session:
        await repository.organizations.lock_bootstrap(session)
        present = await repository.organizations.every(session)
        if present:
            return Bootstrapped(present[0], created=False)
        hashed = await Hasher().hash(password)
        made = await create_organization(session, settings.bootstrap.organization)
        actor = system(made.id)
        await keyring.ensure(session, made.id, SECRET)
        email = settings.bootstrap.admin_email
        admin = PersonCreate(email=email, name="Administrator", role=Role.ADMIN)
        person = await create_person(session, actor, keyring, admin)
        wanted = KeyCreate(name="Administrator", permissions=list(Permission))
        await keys.add_key(session, actor, wanted, key, person.id)
        await repository.credentials.set_password(session, made.id, person.id, hashed, clock.now())
        return Bootstrapped(made.id, created=True, key=key, password=password)


def new_password() -> str:
    """Make a password of 100 random bits that can be typed."""
    drawn = "".join(secrets.choice(_TYPED) for _ in range(20))
    return "-".join(drawn[start : start + 5] for start in range(0, 20, 5))


def _accept(key: str) -> str:
    if _ADMIN_KEY.fullmatch(key) is None:
        raise AdminKeyWeak
    return key


async def create_organization(session: Session, name: str) -> Organization:
    """Make an organization and hold the rest of this transaction to it."""
    organization_id = ids.new()
    await enter(session, organization_id)
    slug = _slug(name)
    if not await repository.organizations.add(session, organization_id, name, slug):
        unique = f"{slug}-{organization_id.hex[-8:]}"
        await repository.organizations.add(session, organization_id, name, unique)
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
    return await organization(session, organization_id)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "organization"


async def find_organization(database: Database, name: str | None = None) -> UUID:
    """Find an organization by its name or slug; without one, the oldest."""
    async with database.transaction() as session:
        present = await repository.organizations.every(session)
    if name is None and present:
        return present[0]
    for organization_id in present:
        async with database.transaction(organization_id) as session:
            found = await organization(session, organization_id)
            if name in {found.name, found.slug, ids.public("org", found.id)}:
                return organization_id
    known = "There is no organization yet; start `hone up` once."
    raise NoOrganization(known if not present else f"There is no organization {name!r}.")
