"""`hone improve`: policies and turns, read, begun, approved and ended."""

from typing import Annotated, TypeVar

import typer

from hone import improvement
from hone.cli import options, output
from hone.cli.inside import document, emit, inside
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import PageQuery
from hone.identity import Actor
from hone.improvement import (
    ImprovementPolicyRead,
    ImprovementPolicyWrite,
    ImprovementRun,
    TurnApproval,
    TurnsQuery,
    TurnStory,
    TurnWhy,
)

T = TypeVar("T")

app = typer.Typer(
    help="Improvement: when models learn anew by themselves, and what came of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Model = Annotated[str, typer.Argument(help="The trained model's name.")]
TurnId = Annotated[str, typer.Argument(help="The turn's id (turn_…).")]
Reason = Annotated[str, typer.Option(help="Why; it is kept in the turn's story.")]
_EVERY = PageQuery(limit=500)


@app.command("list")
@output.guarded
def list_policies(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List policies, and how near each is to its next turn."""
    found = inside(data_dir, organization, lambda s, a: improvement.policies(s, a, _EVERY))
    rows = [["MODEL", "ON", "TODAY", "HOW IT STANDS"]]
    rows += [
        [each.model, "yes" if each.enabled else "no", str(each.spent.runs_today), each.words]
        for each in found.items
    ]
    items = [document(each) for each in found.items]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def add(
    model: Model,
    approve: Annotated[
        list[str] | None, typer.Option(help="A step that waits for somebody: train or release.")
    ] = None,
    strategy: Annotated[
        str, typer.Option(help="immediate, gradual, canary or blue_green.")
    ] = "canary",
    runs_per_day: Annotated[int, typer.Option(help="Trainings in 24 hours at most.")] = 4,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let a model learn anew by itself, as it was trained last, by the usual triggers."""
    wanted = options.checked(
        ImprovementPolicyWrite,
        model=model,
        approvals=list(approve or ()),
        release={"strategy": strategy},
        budget={"runs_per_day": runs_per_day},
    )
    made = inside(data_dir, organization, lambda s, a: improvement.create(s, a, wanted))
    _tell(made, as_json=as_json)


@app.command()
@output.guarded
def show(
    model: Model,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a model's policy: what begins its next turn, and how near that is."""
    _tell(inside(data_dir, organization, lambda s, a: _policy(s, a, model)), as_json=as_json)


@app.command()
@output.guarded
def run(
    model: Model,
    reason: Reason = "asked for on the command line",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Begin a turn now, whatever the triggers say."""

    async def work(session: Session, actor: Actor) -> TurnStory:
        policy = await _policy(session, actor, model)
        return await improvement.run(session, actor, policy.id, ImprovementRun(reason=reason))

    _story(inside(data_dir, organization, work), as_json=as_json)


@app.command()
@output.guarded
def turns(
    model: Annotated[str | None, typer.Argument(help="Of this model; absent: of all.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 100 turns."""
    wanted = TurnsQuery(model=model)
    found = inside(
        data_dir,
        organization,
        lambda s, a: improvement.turns(s, a, PageQuery(limit=100), wanted),
    )
    rows = [["ID", "MODEL", "STATE", "VERSION", "BEGUN", "WORDS"]]
    for each in found.items:
        begun = f"{each.created_at:%Y-%m-%d %H:%M UTC}"
        rows.append([each.id, each.model, each.state, each.version_number or "", begun, each.words])
    items = [document(each) for each in found.items]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def turn(
    turn: TurnId,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell the story of a turn."""
    found = inside(data_dir, organization, lambda s, a: improvement.turn(s, a, turn))
    _story(found, as_json=as_json)


@app.command()
@output.guarded
def approve(
    turn: TurnId,
    note: Annotated[str, typer.Option(help="What is kept in the story.")] = "approved",
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Let a turn that waits go on."""
    given = TurnApproval(note=note)
    found = inside(
        data_dir,
        organization,
        lambda s, a: improvement.approve(s, a, turn, given),
    )
    _story(found, as_json=as_json)


@app.command()
@output.guarded
def reject(
    turn: TurnId,
    reason: Reason,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """End a turn; what was live stays live, or comes back."""
    why = TurnWhy(reason=reason)
    found = inside(data_dir, organization, lambda s, a: improvement.reject(s, a, turn, why))
    _story(found, as_json=as_json)


@app.command()
@output.guarded
def override(
    turn: TurnId,
    reason: Reason,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Release a version though its gates refused it."""
    why = TurnWhy(reason=reason)
    found = inside(data_dir, organization, lambda s, a: improvement.override(s, a, turn, why))
    _story(found, as_json=as_json)


async def _policy(session: Session, actor: Actor, model: str) -> ImprovementPolicyRead:
    found = (await improvement.policies(session, actor, _EVERY)).items
    for each in found:
        if model in {each.model, each.id}:
            return each
    raise NotFound(f"{model} has no improvement policy: `hone improve add {model}` makes one.")


def _tell(policy: ImprovementPolicyRead, *, as_json: bool) -> None:
    lines = [f"{policy.model} ({policy.id}): {policy.words}"]
    if policy.look is not None:
        lines += [
            f"  {'*' if each.fires else '-'} {each.kind}: {each.words} ({each.near:.0%})"
            for each in policy.look.triggers
        ]
    else:
        lines += [f"  - {each.kind}" for each in policy.triggers]
    asked = ", ".join(policy.approvals) or "nobody"
    budget = policy.budget.runs_per_day
    lines.append(
        f"Asked: {asked}. Release: {policy.release.strategy}."
        f" Trainings in 24 hours: {policy.spent.runs_today} of {budget}."
    )
    emit(policy, as_json=as_json, text="\n".join(lines))


def _story(told: TurnStory, *, as_json: bool) -> None:
    number = f" {told.version_number}" if told.version_number else ""
    lines = [f"{told.id}: {told.model}{number}: {told.state}"]
    lines += [
        f"  {each.at:%Y-%m-%d %H:%M:%S} {each.step}: {each.words} ({each.who})"
        for each in told.timeline
    ]
    if told.awaiting is not None:
        lines.append(f"It waits: hone improve {told.actions[0]} {told.id}, or reject.")
    emit(told, as_json=as_json, text="\n".join(lines))
