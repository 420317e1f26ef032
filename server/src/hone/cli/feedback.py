"""`hone feedback`: what people said of answers, one by one and summed up."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from hone import feedback, identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import keyring
from hone.core.db import Database, Session
from hone.core.keyring import Keyring
from hone.feedback import FeedbackPage, FeedbackQuery, FeedbackSummary, FigureQuery, Period, State
from hone.identity import Actor

app = typer.Typer(help="What people said of answers.", no_args_is_help=True, rich_markup_mode=None)
T = TypeVar("T")
PeriodOption = Annotated[Period, typer.Option(help="The last hour, day, week or month, or all.")]
ModelOption = Annotated[str | None, typer.Option(help="Only of this model.")]


@app.command("list")
@output.guarded
def list_feedback(
    period: PeriodOption = "month",
    model: ModelOption = None,
    state: Annotated[State | None, typer.Option(help="Such as held.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 pieces of feedback."""
    query = FeedbackQuery(period=period, model=model, state=state, limit=500)

    async def work(session: Session, actor: Actor, ring: Keyring) -> FeedbackPage:
        return await feedback.page(session, actor, ring, query)

    page = _inside(organization, data_dir, work)
    rows = [["ID", "SAID", "OF", "RIGHT WOULD BE", "BY", "STATE", "WHEN"]]
    rows += [
        [
            each.id,
            each.feedback if each.rating is None else f"{each.rating} of 5",
            each.model or "",
            _short(each.correction or ""),
            each.person.name or each.person.id,
            each.state,
            f"{each.updated_at:%Y-%m-%d %H:%M UTC}",
        ]
        for each in page.items
    ]
    items = [each.model_dump(mode="json", by_alias=True) for each in page.items]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def summary(
    period: PeriodOption = "week",
    model: ModelOption = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Sum feedback up: how much was good, by model, with intervals."""
    query = FigureQuery(period=period, model=model)

    async def work(session: Session, actor: Actor, _: Keyring) -> FeedbackSummary:
        return await feedback.summary(session, actor, query)

    found = _inside(organization, data_dir, work)
    rows = [["MODEL", "GOOD", "95 % INTERVAL", "SAID", "CORRECTED"]]
    for each in [*found.by_model, None]:
        of = found if each is None else each
        share = of.share_positive
        rows.append(
            [
                "all" if each is None else each.name,
                f"{share.value:.1%}" if share else "",
                f"{share.low:.1%} to {share.high:.1%}" if share else "",
                str(of.told),
                str(of.corrected),
            ]
        )
    text = output.table(rows)
    if found.held:
        text += f"\n\n{found.held} are held for review: hone feedback list --state held"
    output.emit(found.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)


def _inside(
    organization: str | None,
    data_dir: options.DataDir,
    work: Callable[[Session, Actor, Keyring], Awaitable[T]],
) -> T:
    settings = options.settings(data_dir)
    ring = keyring.load(settings)

    async def run(database: Database) -> T:
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found), ring)

    with connected(settings) as ready:
        return with_database(ready.app_url, run)


def _short(text: str, most: int = 40) -> str:
    told = " ".join(text.split())
    return told if len(told) <= most else f"{told[: most - 1]}…"
