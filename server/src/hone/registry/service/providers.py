"""The rules of providers."""

from dataclasses import dataclass, field
from uuid import UUID

from hone.core import clock, ids
from hone.core.crypto import Unreadable, key_of
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.core.keyring import SECRET, Keyring, MasterKeyMissing
from hone.core.paging import Page, PageQuery
from hone.identity import Actor, Permission
from hone.llm.providers import CREDENTIALS, PROVIDERS
from hone.registry import repository
from hone.registry.addresses import BaseUrl, Reach, guard, parse
from hone.registry.changes import Change, difference, told
from hone.registry.errors import (
    BaseUrlMissing,
    CredentialMalformed,
    CredentialNeeded,
    InUse,
    NameTaken,
    UnknownKind,
    VersionConflict,
)
from hone.registry.models import Provider
from hone.registry.schemas import (
    ProviderCreate,
    ProviderKind,
    ProviderKinds,
    ProviderRead,
    ProviderReplace,
)
from hone.registry.service import history


@dataclass(frozen=True, slots=True)
class Custody:
    """What writing a provider needs: keys to seal its credential, and how far it may be."""

    keyring: Keyring
    reach: Reach


@dataclass(frozen=True, slots=True)
class Draft:
    """A provider as it is to be, checked and compared with what is there."""

    id: UUID | None
    name: str
    kind: str
    base_url: str
    networks: tuple[str, ...]
    keeps: bool
    """The credential stays as it is."""
    credential: str | None = field(repr=False)
    changes: tuple[Change, ...] = ()


async def access(
    session: Session,
    actor: Actor,
    provider_id: str,
    permission: Permission = Permission.PROVIDERS_READ,
) -> Provider:
    """Open the one door to a provider: permission first, then organization, then existence."""
    actor.require(permission)
    parsed = ids.parse("provider", provider_id)
    found = parsed and await repository.by_id(session, Provider, actor.organization_id, parsed)
    if not found:
        raise NotFound("There is no such provider in this organization.")
    return found


def read(row: Provider) -> ProviderRead:
    """Show a provider; of its credential, only that there is one."""
    return ProviderRead(
        id=row.id,
        name=row.name,
        kind=row.kind,
        base_url=row.base_url,
        has_credential=row.credential is not None,
        networks=row.networks,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def page(
    session: Session, actor: Actor, query: PageQuery, containing: str | None = None
) -> Page[ProviderRead]:
    """List providers by name."""
    actor.require(Permission.PROVIDERS_READ)
    rows, total, following = await repository.page(
        session, Provider, actor.organization_id, query, containing
    )
    return Page[ProviderRead](items=[read(row) for row in rows], total=total, next=following)


def kinds(actor: Actor) -> ProviderKinds:
    """List the vendors and protocols that are known, with their addresses."""
    actor.require(Permission.PROVIDERS_READ)
    return ProviderKinds(
        items=[
            ProviderKind(kind=kind, base_url=provider.base_url or None)
            for kind, provider in PROVIDERS.items()
        ]
    )


async def get(session: Session, actor: Actor, provider_id: str) -> ProviderRead:
    """Show one provider."""
    return read(await access(session, actor, provider_id))


async def create(
    session: Session, actor: Actor, custody: Custody, data: ProviderCreate
) -> ProviderRead:
    """Add a provider."""
    actor.require(Permission.PROVIDERS_WRITE)
    await repository.lock(session, actor.organization_id)
    await _refuse_taken(session, actor.organization_id, data.name)
    return read(await settle(session, actor, custody, await draft(session, custody, data, None)))


async def replace(
    session: Session, actor: Actor, custody: Custody, provider_id: str, data: ProviderReplace
) -> ProviderRead:
    """Bring a provider to what is sent, if it is still the version that was read."""
    actor.require(Permission.PROVIDERS_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, provider_id, Permission.PROVIDERS_WRITE)
    if row.version != data.version:
        present = read(row).model_dump(mode="json", by_alias=True)
        changed = await history.last_change(session, "provider", row)
        raise VersionConflict(details={"version": row.version, "present": present, **changed})
    if row.name != data.name:
        await _refuse_taken(session, actor.organization_id, data.name)
    return read(await settle(session, actor, custody, await draft(session, custody, data, row)))


async def delete(session: Session, actor: Actor, provider_id: str) -> None:
    """Remove a provider that no model uses."""
    actor.require(Permission.PROVIDERS_WRITE)
    await repository.lock(session, actor.organization_id)
    row = await access(session, actor, provider_id, Permission.PROVIDERS_WRITE)
    models = await repository.models_of(session, actor.organization_id, row.id)
    if models:
        raise InUse(f"Models use it: {', '.join(models)}.", details={"models": list(models)})
    before, state = _facts(row.name, row.kind, row.base_url, row.networks), _state(row)
    await history.keep_found(session, "provider", row, state)
    row.version, row.updated_at = row.version + 1, clock.now()
    await history.keep(session, actor, "provider", row, state, history.Cause("deleted"))
    await session.delete(row)
    subject = ids.public("provider", row.id)
    publish(
        session, actor.organization_id, actor.id, "provider.deleted", subject, {"before": before}
    )


async def draft(
    session: Session, custody: Custody, data: ProviderCreate, row: Provider | None
) -> Draft:
    """Check what a provider is to be and compare it with what is there."""
    if data.kind not in PROVIDERS:
        raise UnknownKind(
            f"There is no kind of provider {data.kind!r}; known: {', '.join(sorted(PROVIDERS))}.",
            param="kind",
        )
    url = base_url_of(data.kind, data.base_url)
    networks = await _networks(url, data, row, custody.reach)
    keeps = "api_key" not in data.model_fields_set
    if keeps and row is not None and row.credential is not None and moved(row, data.kind, url):
        raise CredentialNeeded(param="apiKey")
    credential = None if keeps or data.api_key is None else data.api_key.get_secret_value()
    well_formed(data.kind, url, credential)
    before = row and _facts(row.name, row.kind, row.base_url, row.networks)
    changes = difference(before, _facts(data.name, data.kind, str(url), networks))
    if not keeps:
        changes += await _credential_change(session, custody.keyring, row, credential)
    return Draft(
        row and row.id, data.name, data.kind, str(url), networks, keeps, credential, changes
    )


def well_formed(kind: str, url: BaseUrl, credential: str | None) -> None:
    """Refuse a credential that this kind of provider could not even send."""
    flaw = CREDENTIALS.get(kind)
    wrong = flaw(str(url), credential) if flaw and credential else None
    if wrong:
        raise CredentialMalformed(wrong, param="apiKey")


async def settle(session: Session, actor: Actor, custody: Custody | None, draft: Draft) -> Provider:
    """Write a draft; one that changes nothing leaves no trace. Without custody it has no credential."""
    organization_id = actor.organization_id
    row = draft.id and await repository.by_id(session, Provider, organization_id, draft.id)
    if row and not draft.changes:
        return row
    new = not row
    if row:
        await history.keep_found(session, "provider", row, _state(row))
    else:
        made = ids.new()
        at = ids.created_at(made)
        row = Provider(
            id=made, organization_id=organization_id, version=0, created_at=at, credential=None
        )
        session.add(row)
    row.name, row.kind, row.base_url = draft.name, draft.kind, draft.base_url
    row.networks = list(draft.networks)
    row.version, row.updated_at = row.version + 1, clock.now()
    if not draft.keeps:
        assert custody is not None
        row.credential = await _seal(session, custody.keyring, row, draft.credential)
    verb = "provider.created" if new else "provider.updated"
    subject = ids.public("provider", row.id)
    publish(session, organization_id, actor.id, verb, subject, told(draft.changes, new=new))
    cause = history.Cause("created" if new else "updated")
    await history.keep(session, actor, "provider", row, _state(row), cause)
    await session.flush()
    return row


async def unseal(session: Session, keyring: Keyring, row: Provider) -> str | None:
    """Open a provider's credential; None when it has none or its key was destroyed."""
    if row.credential is None:
        return None
    key = await keyring.by_id(session, row.organization_id, key_of(row.credential))
    return None if key is None else key.unseal(row.credential, row.id.bytes).decode()


async def _seal(
    session: Session, keyring: Keyring, row: Provider, credential: str | None
) -> bytes | None:
    if credential is None:
        return None
    key = await keyring.ensure(session, row.organization_id, SECRET)
    return key.seal(credential.encode(), row.id.bytes)


async def _credential_change(
    session: Session, keyring: Keyring, row: Provider | None, credential: str | None
) -> tuple[Change, ...]:
    before = None if row is None or row.credential is None else "sealed"
    if before is None and credential is None:
        return ()
    if before is None:
        return (Change("credential", None, "sealed"),)
    if credential is None:
        return (Change("credential", before, None),)
    assert row is not None
    try:
        same = await unseal(session, keyring, row) == credential
    except (Unreadable, MasterKeyMissing):
        same = False
    return () if same else (Change("credential", before, "changed"),)


def base_url_of(kind: str, given: str | None) -> BaseUrl:
    """Read the address of a provider, the vendor's own where none is given."""
    text = given or PROVIDERS[kind].base_url
    if not text:
        raise BaseUrlMissing(param="baseUrl")
    return parse(text)


async def _networks(
    url: BaseUrl, data: ProviderCreate, row: Provider | None, reach: Reach
) -> tuple[str, ...]:
    """Judge the address, unless it is what the command line once allowed, or the vendor's own."""
    if row is not None and reach is not Reach.TRUSTED and _stays(row, url, data.networks):
        return tuple(row.networks)
    usual = PROVIDERS[data.kind].base_url
    if not data.networks and str(url) == usual and url.literal is None:
        return ()
    return await guard(url, data.networks, reach)


def _stays(row: Provider, url: BaseUrl, networks: list[str]) -> bool:
    """Tell whether an address is what was judged before."""
    return row.base_url == str(url) and (not networks or set(networks) == set(row.networks))


def moved(row: Provider, kind: str, url: BaseUrl) -> bool:
    """Tell whether a credential would go to someone it was not given for."""
    return row.kind != kind or parse(row.base_url).origin != url.origin


def _facts(
    name: str, kind: str, base_url: str, networks: tuple[str, ...] | list[str]
) -> dict[str, object]:
    return {"name": name, "kind": kind, "base_url": base_url, "networks": sorted(networks)}


def _state(row: Provider) -> dict[str, object]:
    """Say what a provider is; of its credential, only that there is one."""
    facts = _facts(row.name, row.kind, row.base_url, row.networks)
    return {**facts, "credential": None if row.credential is None else "sealed"}


async def _refuse_taken(session: Session, organization_id: UUID, name: str) -> None:
    if await repository.by_name(session, Provider, organization_id, name):
        raise NameTaken(f"There is a provider {name!r} already.", param="name")
