"""What a first start creates, and `hone apply`."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hone import identity, registry
from hone.cli import output
from hone.cli.database import connected
from hone.core import keyring, migrations
from hone.core.db import Database
from hone.core.settings import Settings, environment

T = TypeVar("T")


def with_database(settings: Settings, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Run something asynchronous against the restricted role."""

    async def run() -> T:
        database = Database.connect(settings.app_url, pool_size=2)
        try:
            return await work(database)
        finally:
            await database.aclose()

    return asyncio.run(run())


def bootstrap(settings: Settings) -> None:
    """Create the first organization, administrator and key; do nothing where they exist."""
    made = with_database(
        settings, lambda database: identity.bootstrap(database, settings, keyring.load(settings))
    )
    if made.created and made.key is not None:
        typer.echo(f"Organization {settings.bootstrap.organization!r} is ready.")
        typer.echo(f"Admin key (shown once, keep it): {made.key}")


def declare(settings: Settings, file: Path) -> None:
    """Apply a file to the first organization."""
    typer.echo(_apply(settings, file, dry_run=False, organization=None).text())


@output.guarded
def apply(
    file: Annotated[Path, typer.Argument(help="YAML of providers, models and routes.")],
    dry_run: Annotated[
        bool, typer.Option(help="Show what would change and change nothing.")
    ] = False,
    organization: output.OrganizationName = None,
    data_dir: output.DataDir = None,
    as_json: output.AsJson = False,
) -> None:
    """Bring providers, models and routes to what FILE says; prints the difference."""
    with connected(output.settings(data_dir)) as settings:
        plan = _apply(settings, file, dry_run=dry_run, organization=organization)
    output.emit(plan.document(), as_json=as_json, text=plan.text())


@output.guarded
def migrate(data_dir: output.DataDir = None, as_json: output.AsJson = False) -> None:
    """Bring the database schema up to date."""
    with connected(output.settings(data_dir)) as settings:
        done = migrations.upgrade(settings.owner_url)
    text = "\n".join(f"applied {each}" for each in done) or "the schema is up to date"
    output.emit({"applied": done}, as_json=as_json, text=text)


def _apply(
    settings: Settings, file: Path, *, dry_run: bool, organization: str | None
) -> registry.Plan:
    ring = keyring.load(settings)
    document = registry.read_document(output.read(file), environment=environment())

    async def run(database: Database) -> registry.Plan:
        found = await identity.find_organization(database, organization)
        actor = identity.system(found)
        async with database.transaction(found) as session:
            plan = await registry.plan(session, actor, document, ring, trusted=True)
            if not dry_run:
                await registry.apply(session, actor, plan, ring)
            return plan

    return with_database(settings, run)
