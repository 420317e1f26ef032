"""`hone experiments`: two models on the same traffic, who has which, and what came of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hone import experiments
from hone.cli import options, output
from hone.cli.inside import emit, inside
from hone.core.paging import PageQuery
from hone.experiments import (
    ABTestWrite,
    ExperimentDecide,
    ExperimentPlan,
    ExperimentPlanAsk,
    ExperimentRead,
    ExperimentResults,
    ExperimentStop,
    ExperimentWrite,
)

app = typer.Typer(
    help="Experiments: two models on the same traffic, and what came of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ExperimentId = Annotated[str, typer.Argument(help="The experiment's id (exp_…).")]
Why = Annotated[str, typer.Option(help="Kept with the experiment.")]
Design = Annotated[
    Path | None, typer.Option("--file", help="The design as JSON, as the API takes it.")
]
Target = Annotated[str | None, typer.Option(help="What clients call.")]
Arms = Annotated[
    list[str] | None,
    typer.Option(
        "--arm", help="NAME=MODEL or NAME=KIND:REF, the first is the control; many times."
    ),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option("--metric", help="What is measured, the first decides; many times."),
]
Method = Annotated[str | None, typer.Option(help="always_valid, sequential or fixed.")]
Effect = Annotated[
    float | None, typer.Option(help="Smallest effect worth finding, as a part: 0.05.")
]
UnitOf = Annotated[str | None, typer.Option("--unit", help="user or conversation.")]
_KINDS = ("model", "route", "version", "policy")


def _design(
    file: Path | None, arms: list[str] | None, metrics: list[str] | None, **told: object
) -> dict[str, Any]:
    """Put together a design: what the file says, and what options say instead."""
    found = options.given(file)
    # A file may write its words as the API does; an option takes the place of either.
    for name, value in told.items():
        if value is not None:
            head, *rest = name.split("_")
            found.pop(head + "".join(each.title() for each in rest), None)
            found[name] = value
    if arms:
        found["arms"] = [_arm(each) for each in arms]
    if metrics:
        roles = ["primary", *("secondary" for _ in metrics[1:])]
        pairs = zip(metrics, roles, strict=True)
        found["metrics"] = [{"key": key, "role": role} for key, role in pairs]
    return found


def _arm(told: str) -> dict[str, str]:
    name, equals, rest = told.partition("=")
    kind, colon, ref = rest.partition(":")
    if not equals or not rest:
        raise options.OptionWrong(f"--arm {told}: write NAME=MODEL or NAME=KIND:REF.")
    if colon and kind in _KINDS:
        return {"name": name, "kind": kind, "ref": ref}
    return {"name": name, "kind": "model", "ref": rest}


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
    page = inside(data_dir, organization, lambda s, a: experiments.page(s, a, query, state))
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
    emit(page, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def plan(
    file: Design = None,
    target: Target = None,
    arm: Arms = None,
    metric: Metrics = None,
    method: Method = None,
    effect: Effect = None,
    unit: UnitOf = None,
    power: Annotated[float | None, typer.Option(help="How often to find the effect: 0.8.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell how many users and days it takes, by what was called in the last fourteen days."""
    told = {"method": method, "minimum_effect": effect, "unit": unit, "power": power}
    found = _design(file, arm, metric, target=target, **told)
    # A design that is kept has words and an end, which need no reckoning.
    for name in ("name", "hypothesis", "mode", "maxDays", "max_days"):
        found.pop(name, None)
    wanted = options.checked(ExperimentPlanAsk, **found)
    made = inside(data_dir, organization, lambda s, a: experiments.plan(s, a, wanted))
    emit(made, as_json=as_json, text=_takes(made))


@app.command()
@output.guarded
def create(
    name: Annotated[str | None, typer.Argument(help="What it is called.")] = None,
    file: Design = None,
    target: Target = None,
    arm: Arms = None,
    metric: Metrics = None,
    method: Method = None,
    effect: Effect = None,
    unit: UnitOf = None,
    hypothesis: Annotated[str | None, typer.Option(help="What you expect, and why.")] = None,
    max_days: Annotated[
        int | None, typer.Option(help="It is stopped when it has run so long.")
    ] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Draw up an experiment; no call is split before `hone experiments start ID`."""
    told = {"method": method, "minimum_effect": effect, "unit": unit, "hypothesis": hypothesis}
    found = _design(file, arm, metric, name=name, target=target, max_days=max_days, **told)
    wanted = options.checked(ExperimentWrite, **found)
    made = inside(data_dir, organization, lambda s, a: experiments.create(s, a, wanted))
    emit(made, as_json=as_json, text=_state(made))


@app.command()
@output.guarded
def start(
    name: Annotated[str, typer.Argument(help="A draft's id (exp_…), or what a new one is called.")],
    model_a: Annotated[
        str | None, typer.Argument(help="Of a new one: a model or version, the control.")
    ] = None,
    model_b: Annotated[str | None, typer.Argument(help="What is compared with it.")] = None,
    model: Annotated[
        str | None, typer.Option(help="What clients call; absent: the first model.")
    ] = None,
    share: Annotated[float, typer.Option(help="Part of the users for the second.")] = 0.5,
    metric: Metrics = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Start a draft, or compare two models or versions from now on."""
    if model_a is None:
        begun = inside(data_dir, organization, lambda s, a: experiments.start(s, a, name))
        emit(begun, as_json=as_json, text=_state(begun))
        return
    wanted = options.checked(
        ABTestWrite,
        name=name,
        model_a=model_a,
        model_b=model_b,
        model_name=model,
        traffic_split=share,
        success_metrics=metric or ["positive_feedback"],
    )
    made = inside(data_dir, organization, lambda s, a: experiments.start_ab_test(s, a, wanted))
    told = f"{made.id}: the calls of {made.model_name} are split from now on."
    emit(made, as_json=as_json, text=told)


@app.command()
@output.guarded
def pause(
    experiment: ExperimentId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let all calls go where they would without it for a while; everybody keeps their arm."""
    made = inside(data_dir, organization, lambda s, a: experiments.pause(s, a, experiment))
    emit(made, as_json=as_json, text=_state(made))


@app.command()
@output.guarded
def resume(
    experiment: ExperimentId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Go on with an experiment that is paused."""
    made = inside(data_dir, organization, lambda s, a: experiments.resume(s, a, experiment))
    emit(made, as_json=as_json, text=_state(made))


@app.command()
@output.guarded
def show(
    experiment: ExperimentId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show what came of an experiment so far, and what to do."""
    found = inside(data_dir, organization, lambda s, a: experiments.results(s, a, experiment))
    emit(found, as_json=as_json, text=_told(found))


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
    made = inside(data_dir, organization, lambda s, a: experiments.stop(s, a, experiment, wanted))
    emit(made, as_json=as_json, text=_state(made))


@app.command()
@output.guarded
def decide(
    experiment: ExperimentId,
    arm: Annotated[str, typer.Argument(help="The arm that takes all calls.")],
    reason: Why,
    stand: Annotated[
        bool, typer.Option("--stand", help="Of a version: it answers until it is released.")
    ] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let one arm take all calls of the name."""
    wanted = options.checked(ExperimentDecide, arm=arm, reason=reason, stand=stand)
    made = inside(data_dir, organization, lambda s, a: experiments.decide(s, a, experiment, wanted))
    emit(made, as_json=as_json, text=_state(made))


def _takes(made: ExperimentPlan) -> str:
    looks = f" It is looked at {made.looks} times on the way." if made.looks > 1 else ""
    return f"{made.words}{looks}"


def _state(row: ExperimentRead) -> str:
    told = f"{row.id} ({row.name}) is {row.state}."
    return told if row.release is None else f"{told} Its winner is released by {row.release.id}."


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
