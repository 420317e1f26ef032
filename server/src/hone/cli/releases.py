"""`hone release`: bring a version to its traffic step by step, watch it, and take it back."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel

from hone import identity, releases
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core.db import Database, Session
from hone.core.paging import PageQuery
from hone.identity import Actor
from hone.releases import ReleaseRead, ReleaseStart

app = typer.Typer(
    help="Releases: a version comes to its traffic step by step, and goes back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
T = TypeVar("T")

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


def _ask(
    settings_of: Any,  # noqa: ANN401
    organization: str | None,
    work: Callable[[Session, Actor], Awaitable[T]],
) -> T:
    """Do something in one organization, as Hone itself."""

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found))

    with connected(options.settings(settings_of)) as ready:
        return with_database(ready.app_url, run)


def _json(shown: BaseModel) -> Any:  # noqa: ANN401
    return shown.model_dump(mode="json", by_alias=True)


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
    )
    if preview:
        told = _ask(data_dir, organization, lambda s, a: releases.preview(s, a, wanted))
        output.emit(_json(told), as_json=as_json, text="\n".join([*told.words, *told.warnings]))
        return
    made = _ask(data_dir, organization, lambda s, a: releases.start(s, a, wanted))
    output.emit(_json(made), as_json=as_json, text=_shown(made))


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
    page = _ask(
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
    output.emit(_json(page), as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def show(
    release: Which,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a release: its plan, its figures and its timeline."""
    found = _ask(data_dir, organization, lambda s, a: releases.get(s, a, release))
    output.emit(_json(found), as_json=as_json, text=_shown(found))


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
        told = _ask(
            data_dir, organization, lambda s, a: releases.ask(s, a, release, button, reason)
        )
        output.emit(_json(told), as_json=as_json, text=_shown(told))


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
    lines = [
        f"{found.id}: {found.name} {found.version}{former}, {found.strategy}",
        f"{found.state}: {found.words}",
    ]
    lines += [f"  {each}" for each in found.plan_words]
    lines += [f"{each.metric}: {each.state}. {each.words}" for each in found.guardrails]
    lines += [f"{each.at:%Y-%m-%d %H:%M:%S}  {each.words}" for each in found.timeline]
    return "\n".join(lines)
