"""`hone keys`: API keys for people and programs, and the rotation of the master key."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, TypeVar

import typer
from sqlalchemy import select, text

from hone import identity, privacy
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import clock, keyring
from hone.core.db import Database, Session
from hone.core.errors import Invalid
from hone.core.keyring import Keyring, KeyRow, MasterKey
from hone.core.paging import PageQuery
from hone.core.settings import Settings
from hone.identity import Actor, KeyCreate, KeyRead

T = TypeVar("T")

app = typer.Typer(
    help="API keys, and the master key above all keys.", no_args_is_help=True, rich_markup_mode=None
)


class MasterKeyOutside(Invalid):
    """The master key comes from the environment: set the new one, and this one as previous."""

    code = "master_key_outside"


def _inside(
    settings: Settings,
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    """Run something in one organization, as the system."""

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    with connected(settings) as ready:
        return with_database(ready.app_url, run)


@app.command()
@output.guarded
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    permission: Annotated[
        list[str] | None,
        typer.Option(metavar="PERMISSION", help="May be given again. Default: ai:query."),
    ] = None,
    route: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROUTE", help="A route it may call; may be given again. Default: all."
        ),
    ] = None,
    default_route: Annotated[
        str | None,
        typer.Option(
            metavar="ROUTE",
            help="Asked where a call names no model, and for what a provider keeps.",
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days until it expires.", min=1)] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Create an API key; it is shown once."""
    wanted = options.checked(
        KeyCreate,
        name=name,
        permissions=permission or ["ai:query"],
        routes=route or None,
        default_route=default_route,
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )
    made = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor: identity.create_key(session, actor, wanted),
    )
    told = f"{made.key}\nKeep it: it is not shown again. Its id is {made.id}."
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=told)


@app.command("list")
@output.guarded
def list_keys(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 API keys."""
    page = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor: identity.keys(session, actor, PageQuery(limit=500)),
    )
    rows = [["ID", "NAME", "KEY", "CREATED", "EXPIRES", "LAST USED", "STATE"]]
    items = [key.model_dump(mode="json", by_alias=True) for key in page.items]
    for key, document in zip(page.items, items, strict=True):
        moments = (_told(at) for at in (key.created_at, key.expires_at, key.last_used_at))
        rows.append([str(document["id"]), key.name, key.hint, *moments, _state(key)])
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


def _told(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M UTC}" if at else "never"


def _state(key: KeyRead) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= clock.now() else "active"


@app.command()
@output.guarded
def revoke(
    key_id: Annotated[str, typer.Argument(help="Its id: key_…")],
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Stop an API key for good; every process refuses it within a second."""
    done = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor: identity.revoke_key(session, actor, key_id),
    )
    document = done.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=f"{key_id} is revoked.")


@app.command()
@output.guarded
def generate(as_json: options.AsJson = False) -> None:
    """Print a new master key for HONE_SECURITY__MASTER_KEY; nothing is changed."""
    made = MasterKey.generate()
    output.emit({"id": made.id, "masterKey": made.write()}, as_json=as_json, text=made.write())


@app.command()
@output.guarded
def rotate(data_dir: options.DataDir = None, as_json: options.AsJson = False) -> None:
    """Make a new master key and wrap every data key anew; safe to interrupt and run again.

    With a key from the environment: set the new one as HONE_SECURITY__MASTER_KEY and the old one
    as HONE_SECURITY__PREVIOUS_MASTER_KEY, restart the servers, run this, then remove the old one.
    """
    settings = options.settings(data_dir)
    with connected(settings) as ready:
        ring = _grow(ready)
        # Again, for a server may have wrapped a key the old way while the first round ran.
        count = sum(with_database(ready.owner_url, partial(_rewrap, ring)) for _ in range(2))
        privacy.rewrap(ready.data_dir, ring)
        if settings.security.master_key is None:
            keyring.save(keyring.key_file(settings.data_dir), (ring.active,))
    told = f"{count} data keys are wrapped by master key {ring.active.id}. Back the new key up."
    output.emit({"masterKey": ring.active.id, "rewrapped": count}, as_json=as_json, text=told)


def _grow(settings: Settings) -> Keyring:
    """Put a new master key before the old one; an interrupted rotation goes on with its own."""
    ring = keyring.load(settings)
    if ring.previous:
        return ring
    if ring.file is None:
        raise MasterKeyOutside
    keyring.save(ring.file, (MasterKey.generate(), ring.active))
    return Keyring.open(ring.file)


async def _rewrap(ring: Keyring, owner: Database) -> int:
    """Wrap each data key by the active master key; all of them or none."""
    async with owner.transaction() as session:
        # Waits for those who are adding a key, and lets nobody add one meanwhile.
        await session.execute(text("LOCK TABLE data_keys IN SHARE ROW EXCLUSIVE MODE"))
        old = select(KeyRow).where(KeyRow.master_key != ring.active.id)
        rows = (await session.scalars(old)).all()
        for row in rows:
            row.master_key, row.wrapped = ring.wrap(ring.unwrap(row).secret, row.id)
        return len(rows)
