"""What must hold before the first process starts: schema, role, master key, first organization."""

import logging

import typer
from sqlalchemy import create_engine

from hone import datasets, identity, operations
from hone.cli import options, output
from hone.cli.database import DatabaseFailed, SchemaMissing, connected, told, with_database
from hone.core import keyring, migrations
from hone.core.db import Database, driver_url, refuse_unsafe_role
from hone.core.keyring import MasterKeyMissing
from hone.core.settings import Settings

log = logging.getLogger(__name__)


@output.guarded
def migrate(data_dir: options.DataDir = None, as_json: options.AsJson = False) -> None:
    """Bring the database schema up to date."""
    with connected(options.settings(data_dir), make=True) as settings:
        done = migrations.upgrade(settings.owner_url)
    text = "\n".join(f"applied {each}" for each in done) or "the schema is up to date"
    output.emit({"applied": done}, as_json=as_json, text=text)


def prepare(settings: Settings) -> None:
    """Bring the schema up to date, look at role and master key, make what a first start makes."""
    with told():
        if done := migrations.upgrade(settings.owner_url):
            which = done[0] if len(done) == 1 else f"{done[0]} to {done[-1]}"
            typer.echo(f"database: applied migration {which}")
        _check(settings)
        with_database(settings.owner_url, _make_room)
        ring = keyring.load(settings)
        made = with_database(
            settings.app_url, lambda database: identity.bootstrap(database, settings, ring)
        )
    if made.created and made.key is not None:
        typer.echo(f"Organization {settings.bootstrap.organization!r} is ready.")
        if settings.bootstrap.admin_key is None:
            typer.echo(f"Admin key (shown once, keep it): {made.key}")
        if settings.bootstrap.admin_password is None:
            typer.echo(f"Sign in as {settings.bootstrap.admin_email} with (shown once, keep it):")
            typer.echo(f"  {made.password}")


async def _make_room(owner: Database) -> None:
    """Make this month's partitions, so that the first call is stored as soon as Hone says that it is ready."""
    await operations.keep_partitions(owner)
    await datasets.keep_partitions(owner)


def look(settings: Settings) -> None:
    """Look at a database of the operator's own; one that is away is waited for, and said."""
    try:
        with told():
            missing = pending(settings)
            if missing:
                raise SchemaMissing
            _check(settings)
    except SchemaMissing:
        raise
    except DatabaseFailed as error:
        log.warning("starting without the database: %s", error)


def pending(settings: Settings) -> list[str]:
    """List the migrations that the database lacks."""
    engine = create_engine(driver_url(settings.owner_url))
    try:
        with engine.connect() as connection:
            return migrations.pending(connection)
    finally:
        engine.dispose()


def check_role(settings: Settings) -> None:
    """Refuse a role that could see other organizations' rows."""
    with_database(settings.app_url, refuse_unsafe_role)


def check_master_key(settings: Settings) -> None:
    """Refuse a master key that did not wrap what the database holds; make one for a new database."""

    async def ask(owner: Database) -> set[str]:
        async with owner.transaction() as session:
            return await keyring.masters_in_use(session)

    in_use = with_database(settings.owner_url, ask)
    if in_use and not keyring.is_given(settings):
        raise MasterKeyMissing(
            f"The database is sealed under the master key {_named(in_use)}. Put it at"
            f" {keyring.key_file(settings.data_dir)} or into HONE_SECURITY__MASTER_KEY."
        )
    ring = keyring.load(settings)
    missing = in_use - {master.id for master in ring.masters}
    if missing:
        raise MasterKeyMissing(
            f"The database is sealed under the master key {_named(missing)}, but the one that is"
            f" given is {ring.active.id}."
        )


def _check(settings: Settings) -> None:
    check_role(settings)
    check_master_key(settings)


def _named(masters: set[str]) -> str:
    return " and ".join(sorted(masters))
