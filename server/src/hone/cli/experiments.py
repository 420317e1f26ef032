"""`hone experiments`: two models on the same traffic, who has which, and what came of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel

from hone import experiments, identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database, Session
from hone.core.paging import PageQuery
from hone.experiments import (
    ABTestWrite,
    ExperimentDecide,
    ExperimentRead,
    ExperimentResults,
    ExperimentStop,
)
from hone.identity import Actor

app = typer.Typer(
    help="Experiments: two models on the same traffic, and what came of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
T = TypeVar("T")
ExperimentId = Annotated[str, typer.Argument(help="The experiment's id (exp_…).")]
Why = Annotated[str, typer.Option(help="Kept with the experiment.")]


def _ask(
    data_dir: Path | None,
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    """Do something in one organization, as Hone itself."""

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    with connected(options.settings(data_dir)) as ready:
        return with_database(ready.app_url, run)


def _json(shown: BaseModel) -> Any:  # noqa: ANN401
    return shown.model_dump(mode="json", by_alias=True)


@app.command("list")
@output.guarded
def list_experiments(
    state: Annotated[
        str | None, typer.Option(help="draft, running, paused, stopped or decided.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List experiments, newest first."""
    query = PageQuery(limit=500)
    page = _ask(data_dir, organization, lambda s, a: experiments.page(s, a, query, state))
    rows = [["ID", "NAME", "CALLS OF", "STATE", "ARMS", "WINNER"]]
    rows += [
        [
            each.id,
            each.name,
            each.target,
            each.state,
            ", ".join(f"{arm.name} {arm.share:.0%}" for arm in each.arms),
            "-" if each.decided is None else each.decided.arm,
        ]
        for each in page.items
    ]
    output.emit(_json(page), as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def start(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    model_a: Annotated[str, typer.Argument(help="A model or version: the control.")],
    model_b: Annotated[str, typer.Argument(help="What is compared with it.")],
    model: Annotated[
        str | None, typer.Option(help="What clients call; absent: the first model.")
    ] = None,
    share: Annotated[float, typer.Option(help="Part of the users for the second.")] = 0.5,
    metric: Annotated[
        list[str] | None, typer.Option(help="What is measured, the first decides; many times.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Compare two models or versions from now on."""
    wanted = options.checked(
        ABTestWrite,
        name=name,
        model_a=model_a,
        model_b=model_b,
        model_name=model,
        traffic_split=share,
        success_metrics=metric or ["positive_feedback"],
    )
    made = _ask(data_dir, organization, lambda s, a: experiments.start_ab_test(s, a, wanted))
    told = f"{made.id}: the calls of {made.model_name} are split from now on."
    output.emit(_json(made), as_json=as_json, text=told)


@app.command()
@output.guarded
def show(
    experiment: ExperimentId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what came of an experiment so far, and what to do."""
    found = _ask(data_dir, organization, lambda s, a: experiments.results(s, a, experiment))
    output.emit(_json(found), as_json=as_json, text=_told(found))


@app.command()
@output.guarded
def stop(
    experiment: ExperimentId,
    reason: Why,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """End without a winner, or take the winner away again."""
    wanted = options.checked(ExperimentStop, reason=reason)
    made = _ask(data_dir, organization, lambda s, a: experiments.stop(s, a, experiment, wanted))
    output.emit(_json(made), as_json=as_json, text=_state(made))


@app.command()
@output.guarded
def decide(
    experiment: ExperimentId,
    arm: Annotated[str, typer.Argument(help="The arm that takes all calls.")],
    reason: Why,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let one arm take all calls of the name."""
    wanted = options.checked(ExperimentDecide, arm=arm, reason=reason)
    made = _ask(data_dir, organization, lambda s, a: experiments.decide(s, a, experiment, wanted))
    output.emit(_json(made), as_json=as_json, text=_state(made))


def _state(row: ExperimentRead) -> str:
    return f"{row.id} ({row.name}) is {row.state}."


def _told(found: ExperimentResults) -> str:
    rows = [["ARM", "SHARE", "UNITS", "CALLS", "ERRORS", "RESCUED"]]
    rows += [
        [
            each.name,
            f"{each.share:.0%}",
            f"{each.units:,}",
            f"{each.operations:,}",
            f"{each.errors:,}",
            f"{each.rescued:,}",
        ]
        for each in found.arms
    ]
    said = [each.words for each in found.comparisons]
    verdict = found.verdict
    lines = [_state(found.experiment), "", output.table(rows), "", *said, ""]
    return "\n".join([*lines, verdict.words, verdict.recommendation])
