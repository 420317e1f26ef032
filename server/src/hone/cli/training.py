"""`hone training`: runs begun, watched, read and ended."""

import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hone import identity, training
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import keyring
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.errors import Invalid
from hone.core.paging import PageQuery
from hone.core.settings import Settings
from hone.identity import Actor
from hone.training import Place, RunRead, TrainingJob

T = TypeVar("T")

app = typer.Typer(
    help="Training: runs begun, watched, read and ended.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
RunId = Annotated[str, typer.Argument(help="The run's id (trun_…).")]
_LARGEST = 1 << 20


class ParamWrong(Invalid):
    """Write a parameter as NAME=VALUE, with a value in JSON or a word."""

    code = "param_wrong"


@app.command()
@output.guarded
def start(
    name: Annotated[str | None, typer.Argument(help="The trained model's name.")] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Data set to learn from; absent: of the model's name.")
    ] = None,
    task: Annotated[str, typer.Option(help="intent, entity, response, sft or dpo.")] = "intent",
    engine: Annotated[
        str | None, typer.Option(help="Way to learn; absent: the task's default.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE, a parameter of the engine; many times.")
    ] = None,
    priority: Annotated[str, typer.Option(help="low, normal, high or critical.")] = "normal",
    file: Annotated[
        Path | None, typer.Option(help="A whole specification in JSON, in place of all these.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Begin to train a model; a worker (`hone up`, `hone work`) does it."""
    if file is not None:
        job = _from_file(file)
    else:
        job = options.checked(
            TrainingJob,
            name=name or "",
            task=task,
            engine=engine,
            data={"dataset": dataset or name or ""},
            params=dict(_param(each) for each in param or ()),
            scheduling={"priority": priority},
        )
    settings = options.settings(data_dir)

    async def work(session: Session, actor: Actor, place: Place) -> RunRead:
        return await training.create(session, actor, place, job)

    _emit(_inside(settings, organization, work), as_json=as_json)


@app.command()
@output.guarded
def search(
    name: Annotated[str, typer.Argument(help="The trained model's name.")],
    dataset: Annotated[
        str | None, typer.Option(help="Data set to learn from; absent: of the model's name.")
    ] = None,
    task: Annotated[str, typer.Option(help="intent, entity, response, sft or dpo.")] = "intent",
    engine: Annotated[
        str | None, typer.Option(help="Way to learn; absent: the task's default.")
    ] = None,
    trials: Annotated[int, typer.Option(help="How many parameters to try.")] = 20,
    sampler: Annotated[str, typer.Option(help="tpe, random or grid.")] = "tpe",
    objective: Annotated[
        str | None, typer.Option(help="A figure of validation examples; absent: the engine's own.")
    ] = None,
    space: Annotated[
        list[str] | None,
        typer.Option(
            help="PATH=LOW..HIGH, PATH=LOW..HIGH:log or PATH=ONE,OTHER; many times. Absent: what the engine"
            " proposes."
        ),
    ] = None,
    at_once: Annotated[int, typer.Option(help="Trials at once.")] = 1,
    param: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE, a parameter that is not searched.")
    ] = None,
    cpu: Annotated[float, typer.Option(help="Cores that the trials share.")] = 1.0,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Begin to search for parameters: trials by chance and by what trials before were worth."""
    job = options.checked(
        TrainingJob,
        name=name,
        task=task,
        engine=engine,
        data={"dataset": dataset or name},
        params=dict(_param(each) for each in param or ()),
        resources={"cpu": cpu},
        search={
            "trials": trials,
            "sampler": sampler,
            "objective": objective,
            "concurrency": at_once,
            "space": dict(_range(each) for each in space or ()),
        },
    )
    settings = options.settings(data_dir)

    async def work(session: Session, actor: Actor, place: Place) -> RunRead:
        return await training.create(session, actor, place, job)

    _emit(_inside(settings, organization, work), as_json=as_json)


@app.command("trials")
@output.guarded
def list_trials(
    run: RunId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List what a search tried, and what each try was worth."""

    async def work(session: Session, actor: Actor, place: Place) -> training.TrialsRead:
        return await training.trials(session, actor, place, run)

    found = _inside(options.settings(data_dir), organization, work)
    rows = [["TRIAL", "STATE", (found.objective or "value").upper(), "SECONDS", "PARAMETERS"]]
    for each in found.items:
        value = "" if each.value is None else f"{each.value:.4f}"
        told = ", ".join(f"{path}={_short(one)}" for path, one in sorted(each.params.items()))
        mark = " *" if each.number == found.best else ""
        number = f"{each.number + 1}{mark}"
        rows.append([number, each.state, value, f"{each.seconds:.1f}", told or "as asked"])
    document = found.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text=output.table(rows))


@app.command("list")
@output.guarded
def list_runs(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 100 runs."""

    async def work(session: Session, actor: Actor, _: Place) -> Sequence[RunRead]:
        return (await training.page(session, actor, PageQuery(limit=100))).items

    found = _inside(options.settings(data_dir), organization, work)
    rows = [["ID", "MODEL", "ENGINE", "STATE", "DONE", "ACCURACY", "BEGUN"]]
    for each in found:
        accuracy = each.figures.get("accuracy")
        told = "" if accuracy is None else f"{accuracy:.1%}"
        begun = f"{each.created_at:%Y-%m-%d %H:%M UTC}"
        done = f"{each.progress:.0%}"
        rows.append([each.id, each.model, each.engine, each.state, done, told, begun])
    items = [each.model_dump(mode="json", by_alias=True) for each in found]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    run: RunId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a run: how far it is, why it waits, what came of it."""
    found = _inside(
        options.settings(data_dir), organization, lambda s, actor, _: training.get(s, actor, run)
    )
    _emit(found, as_json=as_json)


@app.command()
@output.guarded
def log(
    run: RunId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
) -> None:
    """Print a run's log."""

    async def work(session: Session, actor: Actor, place: Place) -> bytes:
        said, ends = b"", 0
        while True:
            piece, after = await training.log(session, actor, place, run, ends)
            if not piece:
                return said
            said, ends = said + piece, after

    found = _inside(options.settings(data_dir), organization, work)
    typer.echo(found.decode("utf-8", "replace"), nl=False)


@app.command()
@output.guarded
def cancel(
    run: RunId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """End a run; one that is at work ends within seconds."""
    found = _inside(
        options.settings(data_dir), organization, lambda s, actor, _: training.cancel(s, actor, run)
    )
    _emit(found, as_json=as_json)


def _from_file(file: Path) -> TrainingJob:
    try:
        return TrainingJob.model_validate_json(output.read(file, _LARGEST))
    except ValueError as error:
        raise ParamWrong(f"{file} is no specification: {error}") from error


def _param(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ParamWrong(f"{text!r} is no NAME=VALUE.")
    return name, _value(value)


def _value(text: str) -> Any:  # noqa: ANN401
    """Read a value in JSON, or a word."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _range(text: str) -> tuple[str, dict[str, Any]]:
    """Read what is searched: `l2=0.01..10:log`, `epochs=2..8`, `classWeights=none,balanced`."""
    path, equals, said = text.partition("=")
    low, dots, rest = said.partition("..")
    high, _, log = rest.partition(":")
    if not path or not equals or log not in {"", "log"}:
        raise ParamWrong(f"{text!r} is no PATH=LOW..HIGH and no PATH=ONE,OTHER.")
    if not dots:
        return path, {"type": "choice", "choices": [_value(each) for each in said.split(",")]}
    ends = [_value(low), _value(high)]
    kind = "integer" if all(isinstance(each, int) for each in ends) else "number"
    return path, {"type": kind, "low": ends[0], "high": ends[1], "log": log == "log"}


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _inside(
    settings: Settings,
    organization: str | None,
    work: Callable[[Session, Actor, Place], Awaitable[T]],
) -> T:
    """Do something in one transaction of an organization."""
    with connected(settings) as ready:
        place = Place.open(ready, keyring.load(ready), Blobs.open(ready))

        async def run(database: Database) -> T:
            found = await identity.find_organization(database, organization)
            async with database.transaction(found) as session:
                return await work(session, identity.system(found), place)

        return with_database(ready.app_url, run)


def _emit(run: RunRead, *, as_json: bool) -> None:
    document = run.model_dump(mode="json", by_alias=True)
    output.emit(document, as_json=as_json, text="\n".join(_told(run)))


def _told(run: RunRead) -> list[str]:
    lines = [
        f"{run.id}: {run.model}, by {run.engine}: {run.state}, {run.progress:.0%} ({run.stage})"
    ]
    if run.why_waiting:
        lines.append(f"Waits: {run.why_waiting}")
    if run.dataset is not None:
        data = run.dataset
        lines.append(f"Data: {data.name}, version {data.version}, {data.examples:,} examples")
    if run.error is not None:
        lines.append(f"Failed: {run.error.message}")
        lines += [f"  - {each}" for each in (run.error.details or {}).get("suggestions", ())]
    if run.figures:
        told = (f"{name} {value:.4g}" for name, value in sorted(run.figures.items()))
        lines.append(f"Figures: {', '.join(told)}")
    if run.version is not None:
        lines.append(f"Version: {run.version}")
    return lines
