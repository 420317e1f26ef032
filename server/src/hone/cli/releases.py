"""`hone release`: bring a version to its traffic step by step, watch it, and take it back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hone import releases
from hone.cli import options, output
from hone.cli.inside import emit, inside
from hone.core.paging import PageQuery
from hone.releases import ReleaseRead, ReleaseStart

app = typer.Typer(
    help="Releases: a version comes to its traffic step by step, and goes back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the model.")]
Version = Annotated[str, typer.Argument(help="A version, such as 1.2.0, or its id.")]
Which = Annotated[str, typer.Argument(help="A release, such as rel_0199….")]
Strategy = Annotated[str, typer.Option(help="immediate, gradual, canary, blue_green or shadow.")]
Share = Annotated[
    float | None, typer.Option(min=0, max=1, help="Part of the traffic to begin with: 0.1.")
]
Environment = Annotated[str, typer.Option(help="production, staging or ab_test.")]
Reason = Annotated[str, typer.Option(help="Kept in the timeline.")]
Override = Annotated[
    str | None, typer.Option(help="Release it though a gate has not passed, and say why.")
]


@app.command()
@output.guarded
def start(
    name: Name,
    version: Version,
    strategy: Strategy = "canary",
    share: Share = None,
    environment: Environment = "production",
    reason: Reason = "released",
    override: Override = None,
    experiment: Annotated[
        str | None, typer.Option(help="The experiment that was decided for it (exp_…).")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--plan", help="What of the plan is otherwise, as JSON, as the API takes it."),
    ] = None,
    preview: Annotated[bool, typer.Option(help="Only tell what would be.")] = False,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Bring a version to its traffic."""
    wanted = options.checked(
        ReleaseStart,
        name=name,
        version=version,
        strategy=strategy,
        share=share,
        environment=environment,
        reason=reason,
        override=None if override is None else {"reason": override},
        experiment=experiment,
        plan=options.given(file),
    )
    if preview:
        told = inside(data_dir, organization, lambda s, a: releases.preview(s, a, wanted))
        emit(told, as_json=as_json, text="\n".join([*told.words, *told.warnings]))
        return
    made = inside(data_dir, organization, lambda s, a: releases.start(s, a, wanted))
    emit(made, as_json=as_json, text=_shown(made))


@app.command("list")
@output.guarded
def list_releases(
    name: Annotated[str | None, typer.Option(help="Of one model.")] = None,
    state: Annotated[str | None, typer.Option(help="In one state, such as running.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List releases, newest first."""
    page = inside(
        data_dir,
        organization,
        lambda s, a: releases.page(s, a, PageQuery(limit=100), name, state),
    )
    rows = [["RELEASE", "MODEL", "VERSION", "STRATEGY", "STATE", "STEP", "SHARE"]]
    rows += [
        [
            each.id,
            each.name,
            each.version,
            each.strategy,
            each.state,
            f"{each.step + 1}/{each.steps}" if each.steps else "-",
            "-" if each.share is None else f"{100 * each.share:g} %",
        ]
        for each in page.items
    ]
    emit(page, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    release: Which,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a release: its plan, its figures and its timeline."""
    found = inside(data_dir, organization, lambda s, a: releases.get(s, a, release))
    emit(found, as_json=as_json, text=_shown(found))


def _press(button: Any, about: str) -> None:  # noqa: ANN401
    """Add a command that asks something of a release."""

    @app.command(button, help=about)
    @output.guarded
    def press(
        release: Which,
        reason: Annotated[str | None, typer.Option(help="Kept in the timeline.")] = None,
        organization: options.OrganizationName = None,
        data_dir: options.DataDir = None,
        as_json: options.AsJson = False,
    ) -> None:
        told = inside(
            data_dir, organization, lambda s, a: releases.ask(s, a, release, button, reason)
        )
        emit(told, as_json=as_json, text=_shown(told))


for _button, _about in {
    "advance": "Go on to the next step now.",
    "hold": "Stay in this step until somebody lets it go on.",
    "resume": "Go on with a step that was held.",
    "approve": "Let a release go on that waits for a person.",
    "rollback": "Give all of the traffic back to the version before, at once.",
    "cancel": "Give up a release that has not put its version in force.",
}.items():
    _press(_button, _about)


def _shown(found: ReleaseRead) -> str:
    former = f" after {found.former}" if found.former else ""
    proof = found.experiment
    lines = [
        f"{found.id}: {found.name} {found.version}{former}, {found.strategy}",
        f"{found.state}: {found.words}",
    ]
    lines += [] if proof is None else [f"proved by {proof.id}: {proof.name}"]
    lines += [f"  {each}" for each in found.plan_words]
    lines += [f"{each.metric}: {each.state}. {each.words}" for each in found.guardrails]
    lines += [f"{each.at:%Y-%m-%d %H:%M:%S}  {each.words}" for each in found.timeline]
    return "\n".join(lines)
