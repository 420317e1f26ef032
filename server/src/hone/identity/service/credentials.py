"""The rules of one's own password."""

from hone.core import clock
from hone.identity import repository
from hone.identity.desk import Desk, Visit
from hone.identity.errors import PasswordWrong
from hone.identity.passwords import refuse_weak
from hone.identity.permissions import Actor
from hone.identity.schemas import PasswordChange
from hone.identity.service import throttling
from hone.identity.service.sessions import end_all, require_signed_in
from hone.identity.service.trail import note


async def change_password(desk: Desk, actor: Actor, data: PasswordChange, visit: Visit) -> None:
    """Set a new password for who knows the present one; every other session ends."""
    person_id, session_id = require_signed_in(actor)
    organization_id = actor.organization_id
    current, new = data.current.get_secret_value(), data.new.get_secret_value()
    async with desk.database.transaction(organization_id) as session:
        found = await repository.people.with_password(session, organization_id, person_id)
    email, before = (found[0].email, found[1]) if found else ("", None)
    await throttling.take(desk, email, visit.address)
    if not await desk.hasher.fits(before, current):
        raise PasswordWrong(param="current")
    refuse_weak(new, email, param="new")
    hashed = await desk.hasher.hash(new)
    async with desk.database.transaction(organization_id) as session:
        await throttling.forgive(session, desk, email, visit.address)
        await repository.credentials.set_password(
            session, organization_id, person_id, hashed, clock.now()
        )
        await repository.credentials.drop_links(session, organization_id, person_id)
        await end_all(session, actor, person_id, but=session_id)
        note(session, actor, "person.password_changed", actor.id)
