"""`hone routing`: outcomes, what is learned from them, and what is in force."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer

from hone import identity, routing
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import ids, keyring
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.errors import AppError, Invalid
from hone.core.settings import Settings
from hone.identity import Actor
from hone.routing import FitRead, Outcome, OutcomesRead, RoutingModelRead

app = typer.Typer(
    help="Learned routing: outcomes, what is learned from them, what is in force.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
T = TypeVar("T")

_LARGEST = 512 << 20
_AT_ONCE = 1000
_LOOK_SECONDS = 0.2
Named = Annotated[str, typer.Argument(help="Its version, or its id (rm_…).")]


class LineWrong(Invalid):
    """A line of this file is no outcome."""

    code = "line_wrong"


class FitFailed(AppError):
    """Nothing was learned."""

    code = "fit_failed"


@app.command("outcomes")
@output.guarded
def tell_outcomes(
    file: Annotated[
        Path | None, typer.Argument(help="JSON lines; without it, what was told so far is shown.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell how good answers were, in lines of prompt or operation, model and score (0 to 1).

    {"prompt": "Is this clause void?", "model": "small", "score": 1}, or
    {"operation": "op_019ab…", "score": 0}. With "user", an outcome goes when that user is erased.
    """
    given = [] if file is None else list(_outcomes(file))
    with connected(options.settings(data_dir)) as ready:
        ring = keyring.load(ready)

        async def tell(session: Session, actor: Actor) -> OutcomesRead:
            for start in range(0, len(given), _AT_ONCE):
                await routing.tell(session, actor, ring, given[start : start + _AT_ONCE])
            return await routing.summary(session, actor)

        found = _in(ready, organization, tell)
    document = {"taken": len(given), **found.model_dump(mode="json", by_alias=True)}
    rows = [["MODEL", "OUTCOMES", "MEAN", ""]]
    for each in found.models:
        mark = "" if each.enough else f"{found.required['outcomesPerModel']} are needed"
        rows.append([each.model, f"{each.outcomes:,}", f"{each.mean:.2f}", mark])
    said = f"{len(given):,} outcomes were taken.\n" if given else ""
    text = f"{said}{found.prompts:,} prompts.\n{output.table(rows)}"
    output.emit(document, as_json=as_json, text=text)


@app.command()
@output.guarded
def fit(
    observed: Annotated[
        bool,
        typer.Option(
            "--observed",
            help="Learn from calls that failed by their own record, not from what was told.",
        ),
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Learn from outcomes, here and now; what is in force stays so until you activate another."""
    basis = "observed" if observed else "told"
    with connected(options.settings(data_dir)) as ready:

        async def begin(session: Session, actor: Actor) -> FitRead:
            return await routing.begin(session, actor, basis, here=True)

        begun = _in(ready, organization, begin)
        ended = _carry_out(ready, organization, begun)
        if ended.problem is not None:
            if as_json:
                typer.echo(json.dumps(ended.model_dump(mode="json", by_alias=True), indent=2))
            raise FitFailed(_problem(ended))
        made = _in(ready, organization, lambda s, a: routing.get(s, a, ended.routing_model or ""))
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=_whole(made))


@app.command("list")
@output.guarded
def list_models(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List what was learned, newest first, with its evidence."""
    with connected(options.settings(data_dir)) as ready:
        page = _in(ready, organization, routing.newest)
    rows = [["VERSION", "STATE", "FROM", "PROMPTS", "APGR", "SAVED", "MADE", "ID"]]
    for each in page:
        proof = each.evidence
        rows.append(
            [
                str(each.version),
                each.state,
                each.basis,
                f"{proof.prompts:,}",
                "" if proof.apgr is None else f"{proof.apgr:.2f}",
                "" if proof.saved is None else f"{proof.saved:.0%}",
                f"{each.created_at:%Y-%m-%d %H:%M UTC}",
                each.id,
            ]
        )
    items = [each.model_dump(mode="json", by_alias=True) for each in page]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def activate(
    named: Named,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a routing model in force; `hone routing undo` goes back."""
    with connected(options.settings(data_dir)) as ready:
        blobs = Blobs.open(ready)
        made = _in(ready, organization, lambda s, a: routing.activate(s, a, blobs, named))
    document = made.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=f"Version {made.version} is in force.")


@app.command()
@output.guarded
def retire(
    named: Named,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Take the active routing model out of force; routes go by what you say of models."""
    with connected(options.settings(data_dir)) as ready:
        made = _in(ready, organization, lambda s, a: routing.retire(s, a, named))
    document = made.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=f"Version {made.version} is retired.")


@app.command()
@output.guarded
def undo(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Go back to the routing model that was active before, or to none."""
    with connected(options.settings(data_dir)) as ready:
        blobs = Blobs.open(ready)
        state = _in(ready, organization, lambda s, a: routing.undo(s, a, blobs))
    now = f"version {state.active.version}" if state.active else "no routing model"
    document = state.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=f"Now {now} is in force.")


def _in(
    settings: Settings,
    organization: str | None,
    work: Callable[[Session, Actor], Coroutine[Any, Any, T]],
) -> T:
    """Do something in one transaction of an organization."""

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    return with_database(settings.app_url, run)


def _carry_out(settings: Settings, organization: str | None, begun: FitRead) -> FitRead:
    place = routing.Place(settings, keyring.load(settings), Blobs.open(settings))
    fit_id = ids.parse("fit", begun.id)
    assert fit_id is not None

    async def run(database: Database) -> FitRead:
        found = await identity.find_organization(database, organization)

        def step(_: bool) -> AbstractAsyncContextManager[Session]:
            return database.transaction(found)

        async def look() -> FitRead:
            async with database.transaction(found) as session:
                return await routing.get_fit(session, identity.system(found), begun.id)

        async def watch() -> None:
            told = ""
            while True:
                await asyncio.sleep(_LOOK_SECONDS)
                row = await look()
                line = f"{row.stage}: {row.progress:.0%}"
                if line != told:
                    typer.echo(line, err=True)
                told = line

        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch())
            await routing.carry_out(place, found, fit_id, step)
            watching.cancel()
        return await look()

    return with_database(settings.app_url, run)


def _outcomes(file: Path) -> Iterator[Outcome]:
    for number, line in enumerate(output.read(file, _LARGEST).splitlines(), 1):
        if not line.strip():
            continue
        try:
            given: object = json.loads(line)
        except ValueError as error:
            raise LineWrong(f"{file}, line {number}: {error}.") from error
        if not isinstance(given, dict):
            raise LineWrong(f"{file}, line {number}: this is no JSON object.")
        try:
            yield options.checked(Outcome, **cast("dict[str, Any]", given))
        except options.OptionWrong as error:
            raise LineWrong(f"{file}, line {number}: {error.message}") from error


def _problem(ended: FitRead) -> str:
    assert ended.problem is not None
    said = [ended.problem.message]
    said += [f"  - {each}" for each in (ended.problem.details or {}).get("suggestions", [])]
    return "\n".join(said)


def _whole(made: RoutingModelRead) -> str:
    proof = made.evidence
    lines = [f"Version {made.version}, from {proof.prompts:,} prompts; it is a candidate."]
    if proof.saved is not None and proof.kept is not None:
        lines.append(
            f"On prompts held out it keeps {proof.kept:.0%} of the best model's quality and saves"
            f" {proof.saved:.0%} of its cost, with quality at {proof.quality_share:.2f} of the factors."
        )
    lines += [f"Doubt: {each}" for each in made.doubts]
    return "\n".join([*lines, f"Put it in force: hone routing activate {made.version}"])
