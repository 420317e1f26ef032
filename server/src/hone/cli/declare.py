"""`hone apply`: providers, models and routes as a file says."""

from pathlib import Path
from typing import Annotated

import typer

from hone import identity, registry
from hone.cli import options, output
from hone.cli.database import connected, told, with_database
from hone.core import keyring
from hone.core.db import Database
from hone.core.settings import Settings, environment


@output.guarded
def apply(
    file: Annotated[Path, typer.Argument(help="YAML of providers, models and routes.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and change nothing.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Bring providers, models and routes to what FILE says; prints the difference."""
    with connected(options.settings(data_dir)) as settings:
        plan = bring(settings, file, dry_run=dry_run, organization=organization)
    output.emit(plan.document(), as_json=as_json, text=plan.text())


def declare(settings: Settings, file: Path) -> None:
    """Apply a file to the first organization."""
    with told():
        typer.echo(bring(settings, file, dry_run=False, organization=None).text())


def bring(
    settings: Settings, file: Path, *, dry_run: bool, organization: str | None
) -> registry.Plan:
    """Apply a file to an organization, or only find out what that would change."""
    document = registry.read_document(output.read(file), environment=environment())
    ring = keyring.load(settings)

    async def run(database: Database) -> registry.Plan:
        found = await identity.find_organization(database, organization)
        actor = identity.system(found)
        async with database.transaction(found) as session:
            plan = await registry.plan(session, actor, document, ring, trusted=True)
            if not dry_run:
                await registry.apply(session, actor, plan, ring)
            return plan

    return with_database(settings.app_url, run)
