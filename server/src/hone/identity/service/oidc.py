"""The rules of identity providers: an administrator's, with a secret that is sealed and never shown."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import ids
from hone.core.crypto import key_of
from hone.core.db import Session
from hone.core.errors import AppError, NotFound
from hone.core.keyring import SECRET, Keyring, MasterKeyMissing
from hone.core.paging import Page, PageQuery
from hone.identity import repository
from hone.identity.errors import OidcChanged, OidcNameTaken
from hone.identity.models import OidcProvider
from hone.identity.oidc_schemas import OidcCreate, OidcRead, OidcReplace, OidcTested
from hone.identity.openid import Client, Directory
from hone.identity.permissions import PERMISSIONS, Actor, Permission
from hone.identity.service.trail import note

_FACTS = ("name", "issuer", "client_id", "scopes", "domains", "role", "listed")


async def access_provider(
    session: Session, actor: Actor, provider_id: str, *, lock: bool = False
) -> OidcProvider:
    """Open the one door to a provider: permission first, then organization, then existence."""
    actor.require(Permission.ORGANIZATION_WRITE)
    parsed = ids.parse("oidc", provider_id)
    found = parsed and await repository.oidc.find(session, actor.organization_id, parsed, lock=lock)
    if not found:
        raise NotFound("There is no such identity provider in this organization.")
    return found


async def providers(session: Session, actor: Actor, query: PageQuery) -> Page[OidcRead]:
    """List the organization's providers, newest first."""
    actor.require(Permission.ORGANIZATION_WRITE)
    rows, total, following = await repository.lists.page(
        session, OidcProvider, actor.organization_id, query
    )
    return Page[OidcRead](items=[_shown(row) for row in rows], total=total, next=following)


async def provider(session: Session, actor: Actor, provider_id: str) -> OidcRead:
    """Show one provider."""
    return _shown(await access_provider(session, actor, provider_id))


async def create_provider(
    session: Session, actor: Actor, keyring: Keyring, directory: Directory, data: OidcCreate
) -> OidcRead:
    """Add a provider."""
    actor.require(Permission.ORGANIZATION_WRITE)
    row = OidcProvider(
        id=ids.new(), organization_id=actor.organization_id, version=1, client_secret=None
    )
    row.created_at = ids.created_at(row.id)
    await _take(session, actor, keyring, directory, row, data)
    session.add(row)
    note(session, actor, "oidc_provider.created", _subject(row), after=_facts(row))
    await _flush(session)
    return _shown(row)


async def replace_provider(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    directory: Directory,
    provider_id: str,
    data: OidcReplace,
) -> OidcRead:
    """Bring a provider to what is sent, if it is still the version that was read."""
    row = await access_provider(session, actor, provider_id, lock=True)
    if row.version != data.version:
        raise OidcChanged(details={"version": row.version})
    before = _facts(row)
    await _take(session, actor, keyring, directory, row, data)
    row.version += 1
    note(session, actor, "oidc_provider.updated", _subject(row), before=before, after=_facts(row))
    await _flush(session)
    return _shown(row)


async def delete_provider(session: Session, actor: Actor, provider_id: str) -> None:
    """Remove a provider; who signed in there keeps their other ways in, and their open sessions."""
    row = await access_provider(session, actor, provider_id, lock=True)
    note(session, actor, "oidc_provider.deleted", _subject(row), before=_facts(row))
    await session.delete(row)


async def test_provider(
    session: Session, actor: Actor, directory: Directory, provider_id: str
) -> OidcTested:
    """Ask a provider for its configuration and keys, and say what is wrong."""
    row = await access_provider(session, actor, provider_id)
    found = directory.fresh(row.issuer)
    try:
        await found.metadata()
        if not (await found.keys()).keys:
            return OidcTested(works=False, problem="The provider has no keys to sign with.")
    except AppError as error:
        return OidcTested(works=False, problem=error.message)
    return OidcTested(works=True, problem=None)


async def client_of(session: Session, keyring: Keyring, row: OidcProvider) -> Client:
    """Return as whom we come to a provider, with the secret unsealed."""
    if row.client_secret is None:
        return Client(row.client_id)
    key = await keyring.by_id(session, row.organization_id, key_of(row.client_secret))
    if key is None:
        raise MasterKeyMissing("The key that sealed this provider's secret is gone.")
    return Client(row.client_id, key.unseal(row.client_secret, _place(row.id)).decode())


async def _take(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    directory: Directory,
    row: OidcProvider,
    data: OidcCreate,
) -> None:
    directory.outward.check(data.issuer)
    if data.role is not None:
        actor.require_all(PERMISSIONS[data.role])
    row.name, row.issuer, row.client_id = data.name, data.issuer, data.client_id
    row.scopes, row.domains, row.listed = data.scopes, data.domains, data.listed
    row.role = None if data.role is None else data.role.value
    if data.client_secret is not None:
        key = await keyring.ensure(session, actor.organization_id, SECRET)
        secret = data.client_secret.get_secret_value().encode()
        row.client_secret = key.seal(secret, _place(row.id))
    elif "client_secret" in data.model_fields_set:
        row.client_secret = None


async def _flush(session: Session) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise OidcNameTaken(param="name") from error


def _place(provider_id: UUID) -> bytes:
    """Bind a sealed secret to its provider."""
    return b"oidc " + provider_id.bytes


def _subject(row: OidcProvider) -> str:
    return ids.public("oidc", row.id)


def _facts(row: OidcProvider) -> Mapping[str, object]:
    return {name: getattr(row, name) for name in _FACTS}


def _shown(row: OidcProvider) -> OidcRead:
    facts = {name: getattr(row, name) for name in (*_FACTS, "id", "version", "created_at")}
    return OidcRead(has_secret=row.client_secret is not None, **facts)
