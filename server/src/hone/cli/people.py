"""`hone people`: who works here, in what role, and how they get in."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from hone import identity
from hone.cli import options, output
from hone.cli.database import connected, with_database
from hone.core import ids, keyring
from hone.core.db import Database, Session
from hone.core.paging import PageQuery
from hone.core.settings import Settings
from hone.identity import Actor, Desk, Invitation, Invited, PeopleQuery, PersonRead, Role

T = TypeVar("T")

app = typer.Typer(
    help="People: invitations, roles, links to a new password.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Email = Annotated[str, typer.Argument(help="Their e-mail address.")]


def _inside(
    settings: Settings,
    organization: str | None,
    work: Callable[[Session, Actor, Desk], Awaitable[T]],
) -> T:
    """Run something in one organization, as the system."""

    async def run(database: Database) -> T:
        ring = keyring.load(settings)
        desk = Desk(database, ring, identity.tokens(ring), public_url=settings.public_url)
        found = await identity.find_organization(database, organization)
        async with database.transaction(found) as session:
            return await work(session, identity.system(found), desk)

    with connected(settings) as ready:
        return with_database(ready.app_url, run)


@app.command("list")
@output.guarded
def list_people(
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """List the newest 500 people."""
    page = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor, _: identity.people(
            session, actor, PeopleQuery(), PageQuery(limit=500)
        ),
    )
    rows = [["ID", "E-MAIL", "NAME", "ROLE", "STATE", "LAST SEEN"]]
    for person in page.items:
        seen = f"{person.last_seen_at:%Y-%m-%d %H:%M UTC}" if person.last_seen_at else "never"
        shown = ids.public("person", person.id)
        rows.append([shown, person.email, person.name, person.role, person.state, seen])
    items = [person.model_dump(mode="json", by_alias=True) for person in page.items]
    output.emit({"items": items}, as_json=as_json, text=output.table(rows))


@app.command()
@output.guarded
def invite(
    email: Email,
    name: Annotated[str | None, typer.Option(help="Their name; absent: the address.")] = None,
    role: Annotated[str | None, typer.Option(help="Their role; absent: developer.")] = None,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Invite somebody and print the link to hand on; again, for a new link."""

    async def run(session: Session, actor: Actor, desk: Desk) -> Invited:
        # Who is invited already keeps what is not said anew.
        known = await identity.find_person(session, actor, email)
        wanted = options.checked(
            Invitation,
            email=email,
            name=name or (known.name if known else email),
            role=role or (known.role if known else Role.DEVELOPER),
        )
        return await identity.invite(session, actor, desk, wanted)

    made = _inside(options.settings(data_dir), organization, run)
    text = f"{made.url}\nIt works once, until {made.expires_at:%Y-%m-%d %H:%M UTC}."
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)


@app.command()
@output.guarded
def link(
    email: Email,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Print a link by which somebody sets a new password."""
    made = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor, desk: identity.link_of(session, actor, desk, email),
    )
    text = f"{made.url}\nIt works once, until {made.expires_at:%Y-%m-%d %H:%M UTC}."
    output.emit(made.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)


@app.command()
@output.guarded
def role(
    email: Email,
    role: Annotated[Role, typer.Argument(help="Their new role.")],
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Give somebody another role; it counts within a second."""
    changed = _inside(
        options.settings(data_dir),
        organization,
        lambda session, actor, desk: identity.change_role_of(
            session, actor, desk.keyring, email, role
        ),
    )
    _tell(changed, f"{changed.email} is now {changed.role}.", as_json=as_json)


@app.command()
@output.guarded
def deactivate(
    email: Email,
    organization: options.OrganizationName = None,
    data_dir: options.DataDir = None,
    as_json: options.AsJson = False,
) -> None:
    """Shut somebody out: their sessions end and their keys stop working within a second."""

    async def run(session: Session, actor: Actor, _: Desk) -> PersonRead:
        found = await identity.person_by_email(session, actor, email)
        person_id = ids.public("person", found.id)
        return await identity.deactivate_person(session, actor, person_id)

    gone = _inside(options.settings(data_dir), organization, run)
    _tell(gone, f"{gone.email} is deactivated.", as_json=as_json)


def _tell(person: PersonRead, text: str, *, as_json: bool) -> None:
    output.emit(person.model_dump(mode="json", by_alias=True), as_json=as_json, text=text)
