"""`hone erase`: what is kept of a person or an end user, counted first and then gone."""

import asyncio
import time
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from hone import identity, privacy
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import ids, keyring
from hone.core.blobs import Blobs
from hone.core.db import Database
from hone.core.errors import AppError
from hone.core.instance import is_ours
from hone.core.settings import Settings
from hone.privacy import ErasurePreview, ErasureRead, ErasureTarget
from hone.serving import empty_spool

_PROGRESS_SECONDS = 2.0


@output.guarded
def erase(
    person: Annotated[
        str | None, typer.Argument(help="A person of the organization: e-mail or person_…")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="An end user, as clients of the gateway say.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it, only count.")] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Erase a person or an end user for good; without --yes, tell what would go.

    It may be interrupted and run again. Backups made before still hold what is erased.
    """
    if (person is None) == (user is None):
        raise options.OptionWrong("Name a person, or an end user with --user.")
    kind, name = ("person", person) if person is not None else ("user", user)
    wanted = options.checked(ErasureTarget, kind=kind, target=name)
    with connected(options.settings(data_dir)) as settings:
        if not yes:
            found = with_database(settings.app_url, partial(_count, wanted, organization))
            _tell_preview(found, as_json=as_json)
            return
        done = _erase(settings, wanted, organization)
    document = done.model_dump(mode="json", by_alias=True)
    text = f"{_lines(done.counts)}\nErased. {_BACKUPS}"
    output.emit(document, as_json=as_json, text=text)


_BACKUPS = (
    "Backups made before still hold it: delete them, or keep erasures.jsonl of the"
    " data directory, which `hone restore` applies again."
)


async def _count(
    wanted: ErasureTarget, organization: str | None, database: Database
) -> ErasurePreview:
    found = await identity.find_organization(database, organization)
    async with database.transaction(found) as session:
        return await privacy.preview(session, identity.system(found), wanted)


def _tell_preview(found: ErasurePreview, *, as_json: bool) -> None:
    text = f"{_lines(found.counts)}\nNothing was erased. Add --yes to erase {found.target}."
    if found.backups:
        named = ", ".join(each.file for each in found.backups)
        text += f"\n{_BACKUPS} Known ones: {named}."
    output.emit(found.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)


def _lines(counts: dict[str, Any]) -> str:
    rows = [[name.replace("_", " "), _number(number)] for name, number in counts.items()]
    return output.table([["KIND", "ROWS"], *rows])


def _number(number: int | None) -> str:
    return "more than 10,000" if number is None else f"{number:,}"


def _erase(settings: Settings, wanted: ErasureTarget, organization: str | None) -> ErasureRead:
    ring = keyring.load(settings)

    async def begin(database: Database) -> tuple[UUID, ErasureRead]:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            begun = await privacy.begin(session, identity.system(found), ring, wanted)
        return found, begun

    found, begun = with_database(settings.app_url, begin)

    async def carry_out(owner: Database) -> ErasureRead:
        if is_ours(settings.data_dir):
            await empty_spool(settings)
        place = privacy.Place(owner, ring, settings.data_dir, Blobs.open(settings))
        try:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(_watch(owner, found, begun.id))
                await privacy.carry_out(place, found, begun.id, owner.transaction)
                watching.cancel()
        except* AppError as failed:
            raise failed.exceptions[0] from None
        return await _read(owner, found, begun.id)

    return with_database(settings.owner_url, carry_out)


async def _watch(owner: Database, organization_id: UUID, erasure_id: UUID) -> None:
    """Say how far it is, where it takes long."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(_PROGRESS_SECONDS)
        row = await _read(owner, organization_id, erasure_id)
        seconds = time.monotonic() - began
        done = sum(row.counts.values())
        typer.echo(f"{row.step.replace('_', ' ')}: {done:,} rows, {seconds:.0f} s", err=True)


async def _read(owner: Database, organization_id: UUID, erasure_id: UUID) -> ErasureRead:
    async with owner.transaction(organization_id) as session:
        actor = identity.system(organization_id)
        return await privacy.get(session, actor, ids.public("erasure", erasure_id))
