"""`hone keys`: API keys for people and programs, and the rotation of the master key."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import typer
from sqlalchemy import select

from hone import identity
from hone.cli import output
from hone.cli.bootstrap import with_database
from hone.cli.database import connected
from hone.core import clock, keyring
from hone.core.db import Database, Session
from hone.core.errors import Invalid
from hone.core.keyring import Keyring, KeyRow, MasterKey
from hone.core.paging import PageQuery
from hone.core.settings import Settings
from hone.identity import Actor, KeyCreate

T = TypeVar("T")

app = typer.Typer(help="API keys, and the master key above all keys.", no_args_is_help=True)


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
        return with_database(ready, run)


@app.command()
@output.guarded
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    permission: Annotated[
        list[str] | None, typer.Option(help="A permission; may be given again. Default: ai:query.")
    ] = None,
    route: Annotated[
        list[str] | None,
        typer.Option(help="A route it may call; may be given again. Default: all."),
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days until it expires.", min=1)] = None,
    organization: output.OrganizationName = None,
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """Create an API key; it is shown once."""
    wanted = output.checked(
        KeyCreate,
        name=name,
        permissions=permission or ["ai:query"],
        routes=route or None,
        expires_at=clock.now() + timedelta(days=days) if days else None,
    )
    made = _inside(
        output.settings(data_dir),
        organization,
        lambda session, actor: identity.create_key(session, actor, wanted),
    )
    text = f"{made.key}\nKeep it: it is not shown again. Its id is {made.id}."
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)


@app.command("list")
@output.guarded
def list_keys(
    organization: output.OrganizationName = None,
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """List the newest 500 API keys."""
    page = _inside(
        output.settings(data_dir),
        organization,
        lambda session, actor: identity.keys(session, actor, PageQuery(limit=500)),
    )
    rows = [["ID", "NAME", "KEY", "CREATED", "EXPIRES", "STATE"]]
    items = [key.model_dump(mode="json", by_alias=True) for key in page.items]
    for key, document in zip(page.items, items, strict=True):
        expires = f"{key.expires_at:%Y-%m-%d %H:%M UTC}" if key.expires_at else "never"
        state = "revoked" if key.revoked_at else "active"
        created = f"{key.created_at:%Y-%m-%d %H:%M UTC}"
        rows.append([str(document["id"]), key.name, key.hint, created, expires, state])
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def revoke(
    key_id: Annotated[str, typer.Argument(help="Its id: key_…")],
    organization: output.OrganizationName = None,
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """Stop an API key for good; every process refuses it within a second."""
    done = _inside(
        output.settings(data_dir),
        organization,
        lambda session, actor: identity.revoke_key(session, actor, key_id),
    )
    document = done.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=f"{key_id} is revoked.")


@app.command()
@output.guarded
def generate(as_json: output.AsJson = False) -> None:
    """Print a new master key for HONE_SECURITY__MASTER_KEY; nothing is changed."""
    made = MasterKey.generate()
    output.emit({"id": made.id, "masterKey": made.write()}, as_json=as_json, text=made.write())


@app.command()
@output.guarded
def rotate(data_dir: output.DataDir = None, as_json: output.AsJson = False) -> None:
    """Make a new master key and wrap every data key anew; safe to interrupt and run again.

    With a key from the environment: set the new one as HONE_SECURITY__MASTER_KEY and the old one
    as HONE_SECURITY__PREVIOUS_MASTER_KEY, restart the servers, run this, then remove the old one.
    """
    settings = output.settings(data_dir)
    with connected(settings) as ready:
        ring = _next(ready)
        count = output.run(_rewrap(ready, ring))
    if settings.security.master_key is None:
        keyring.save(keyring.key_file(settings.data_dir), (ring.active,))
    text = f"{count} data keys are wrapped by master key {ring.active.id}. Back the new key up."
    output.emit({"masterKey": ring.active.id, "rewrapped": count}, as_json=as_json, text=text)


def _next(settings: Settings) -> Keyring:
    """Put a new master key before the old one; an interrupted rotation goes on with its own."""
    ring = keyring.load(settings)
    if settings.security.master_key is not None:
        if not ring.previous:
            raise MasterKeyOutside
        return ring
    if ring.previous:
        return ring
    grown = Keyring(MasterKey.generate(), (ring.active,))
    keyring.save(keyring.key_file(settings.data_dir), (grown.active, *grown.previous))
    return grown


async def _rewrap(settings: Settings, ring: Keyring) -> int:
    """Wrap each data key by the active master key; all of them or none."""
    owner = Database.connect(settings.owner_url, pool_size=1)
    try:
        async with owner.transaction() as session:
            old = select(KeyRow).where(KeyRow.master_key != ring.active.id).with_for_update()
            rows = (await session.scalars(old)).all()
            for row in rows:
                row.wrapped = ring.wrap(ring.unwrap(row).secret, row.id)
                row.master_key = ring.active.id
            return len(rows)
    finally:
        await owner.aclose()
