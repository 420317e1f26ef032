"""`hone models`: versions of trained models, their evidence, what is live, and what was."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hone import versions
from hone.cli import options, output
from hone.cli.inside import emit, inside
from hone.core import clock, interpreter
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.paging import PageQuery
from hone.identity import Actor
from hone.versions import ModelVersionRead, Promote, ReleaseDone, Rollback, read_run

app = typer.Typer(
    help="Trained models: versions, what is live, and what was.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the model.")]
Version = Annotated[str, typer.Argument(help="A version, such as 1.2.0, or its id.")]
Environment = Annotated[str, typer.Option(help="production, staging or ab_test.")]
Reason = Annotated[str | None, typer.Option(help="Kept in the history.")]


@app.command()
@output.guarded
def train(
    folder: Annotated[Path, typer.Argument(help="A folder with spec.json and data.jsonl.")],
    data_dir: options.DataDir = None,
) -> None:
    """Run the trainer in a folder, without Hone: it leaves model/ and model_card.json there."""
    python = interpreter.find(options.settings(data_dir))
    command = [str(python), "-m", "hone_trainer", str(folder / "spec.json")]
    raise typer.Exit(subprocess.run(command, check=False).returncode)


@app.command()
@output.guarded
def register(
    name: Name,
    folder: Annotated[Path, typer.Argument(help="What a run of the trainer left.")],
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Register what a run of the trainer left in a folder as the next version of a model."""
    settings = options.settings(data_dir)

    async def run(session: Session, actor: Actor) -> ModelVersionRead:
        found = read_run(folder, actor.organization_id, name)
        row = await versions.register(session, Blobs.open(settings), found)
        return await versions.get_version(session, actor, name, row.version)

    made = inside(data_dir, organization, run)
    emit(made, as_json=as_json, text=_shown(made))


@app.command("list")
@output.guarded
def list_models(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List trained models with their newest version and what is live."""
    page = inside(data_dir, organization, lambda s, a: versions.page(s, a, PageQuery(limit=500)))
    rows = [["NAME", "TASK", "VERSIONS", "NEWEST", "LIVE", "STAGING"]]
    rows += [
        [
            each.name,
            each.task,
            str(len(each.versions)),
            each.versions[0].version,
            each.live.production or "-",
            each.live.staging or "-",
        ]
        for each in page.items
    ]
    emit(page, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    name: Name,
    version: Version,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a version with its evidence and what its gates said."""
    found = inside(data_dir, organization, lambda s, a: versions.get_version(s, a, name, version))
    emit(found, as_json=as_json, text=_shown(found))


@app.command()
@output.guarded
def live(
    name: Name,
    at: Annotated[
        str | None, typer.Option(help="A moment such as 2026-11-26T12:00:00Z; absent: now.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Say what served a name at a moment, and why."""
    moment = clock.now() if at is None else _moment(at)
    told = inside(data_dir, organization, lambda s, a: versions.live_at(s, a, name, moment))
    rows = [["ENVIRONMENT", "VERSION", "SINCE", "BY", "REASON"]]
    rows += [
        [
            each.environment or "",
            each.version or "nothing",
            f"{each.at:%Y-%m-%d %H:%M:%S UTC}",
            each.actor,
            each.reason if each.override is None else f"override: {each.override.reason}",
        ]
        for each in told.because
    ]
    text = output.table(rows) if told.because else f"Nothing was live as {name} then."
    emit(told, as_json=as_json, text=text)


@app.command()
@output.guarded
def promote(
    name: Name,
    version: Version,
    environment: Environment = "production",
    reason: Reason = None,
    override: Annotated[
        str | None, typer.Option(help="Release it though a gate has not passed, and say why.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a version in force."""
    wanted = options.checked(
        Promote,
        version=version,
        environment=environment,
        reason=reason or "promoted",
        override=None if override is None else {"reason": override},
    )
    done = inside(data_dir, organization, lambda s, a: versions.promote(s, a, name, wanted))
    emit(done, as_json=as_json, text=_done(done, environment))


@app.command()
@output.guarded
def rollback(
    name: Name,
    version: Annotated[
        str | None, typer.Option(help="Absent: what was live before the present one.")
    ] = None,
    environment: Environment = "production",
    reason: Reason = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Go back to what was live before."""
    wanted = options.checked(
        Rollback, environment=environment, version=version, reason=reason or "rolled back"
    )
    done = inside(data_dir, organization, lambda s, a: versions.rollback(s, a, name, wanted))
    emit(done, as_json=as_json, text=_done(done, environment))


@app.command()
@output.guarded
def compare(
    name: Name,
    a: Version,
    b: Version,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Set two versions side by side."""
    told = inside(data_dir, organization, lambda s, who: versions.compare(s, who, a, b, name))
    rows = [["FIGURE", told.a.version, told.b.version, "DIFFERENCE"]]
    every = [*told.figures, *(each for each in told.per_class[:10] if each.difference)]
    rows += [
        [each.name, _figure(each.a), _figure(each.b), _figure(each.difference)] for each in every
    ]
    emit(told, as_json=as_json, text=output.table(rows))


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise options.OptionWrong(f"--at: {text!r} is no moment.") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _done(done: ReleaseDone, environment: str) -> str:
    served = done.live.model_dump()[environment]
    return f"{done.name}: {served or 'nothing'} is live in {environment}."


def _shown(found: ModelVersionRead) -> str:
    lines = [f"{found.name} {found.version}: {found.state}, {found.task} by {found.engine}"]
    lines += [
        f"{'+' if each.passed else '-'} {each.name}: {each.words}" for each in found.gate.checks
    ]
    lines.append("The gates are passed." if found.gate.passed else "The gates are not passed.")
    return "\n".join(lines)
