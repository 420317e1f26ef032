"""`hone apply`: providers, models, routes and limits as a file says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hone import identity, limits, registry
from hone.cli import options, output
from hone.cli.database import connected, told, with_database
from hone.core import keyring
from hone.core.db import Database
from hone.core.settings import Settings, environment
from hone.gateway import Subject

_NOTHING = "Nothing to change."


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do, or has done."""

    registry: registry.Plan
    limits: limits.Plan

    def document(self) -> dict[str, object]:
        """Return the plan as JSON would have it; no secret is in it."""
        return self.registry.document(changed=self.limits.changed, beside=self.limits.changes())

    def text(self) -> str:
        """Return the plan as people read it."""
        lines = self.registry.text().splitlines()
        if self.limits.changed:
            lines = [line for line in lines if line != _NOTHING]
        return "\n".join([*lines, *self.limits.lines()])


@output.guarded
def apply(
    file: Annotated[Path, typer.Argument(help="YAML of providers, models, routes and limits.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and change nothing.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Bring providers, models, routes and limits to what FILE says; prints the difference."""
    with connected(options.settings(data_dir)) as settings:
        text = output.read(file)
        plan = bring(settings, text, dry_run=dry_run, organization=organization)
    output.emit(plan.document(), as_json=as_json, text=plan.text())


def declare(settings: Settings, file: Path) -> None:
    """Apply a file to the first organization."""
    with told():
        text = output.read(file)
        typer.echo(bring(settings, text, dry_run=False, organization=None).text())


def bring(settings: Settings, text: str, *, dry_run: bool, organization: str | None) -> Plan:
    """Apply a declared text to an organization, or only find out what that would change."""
    document = registry.read_document(text, environment=environment())
    wanted = limits.read(document.limits)
    coming = {
        Subject.ROUTE: frozenset(each.name for each in document.routes),
        Subject.MODEL: frozenset(each.name for each in document.models),
    }
    ring = keyring.load(settings)

    async def run(database: Database) -> Plan:
        found = await identity.find_organization(database, organization)
        actor = identity.system(found)
        async with database.transaction(found) as session:
            first = await registry.plan(session, actor, document, ring, trusted=True)
            then = await limits.plan(session, actor, wanted, coming)
            if not dry_run:
                await registry.apply(session, actor, first, ring)
                await limits.apply(session, actor, then)
            return Plan(first, then)

    return with_database(settings.app_url, run)
