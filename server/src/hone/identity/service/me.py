"""Who is asking, and what they may change of themselves."""

from datetime import UTC, datetime
from typing import Literal

from hone.core import ids
from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.identity import repository
from hone.identity.permissions import Actor
from hone.identity.schemas import Me, MeUpdate, MySession, OrganizationName
from hone.identity.service.organizations import organization
from hone.identity.service.people import rename
from hone.identity.service.sessions import require_signed_in


async def me(session: Session, actor: Actor) -> Me:
    """Tell who is asking."""
    kind: Literal["key", "person", "system"] = "system"
    person_id = None
    if (key_id := ids.parse("key", actor.id)) is not None:
        kind = "key"
        key = await repository.keys.find(session, actor.organization_id, key_id)
        person_id = key and key.person_id
    elif (person_id := ids.parse("person", actor.id)) is not None:
        kind = "person"
    person = person_id and await repository.people.find(session, actor.organization_id, person_id)
    return Me(
        id=actor.id,
        kind=kind,
        name=person.name if person and kind == "person" else actor.name,
        email=person.email if person else None,
        organization=OrganizationName.model_validate(
            await organization(session, actor.organization_id)
        ),
        role=person.role if person else None,
        permissions=sorted(actor.permissions),
        session=_session(actor),
    )


async def update_me(session: Session, actor: Actor, keyring: Keyring, data: MeUpdate) -> Me:
    """Change one's own name."""
    person_id, _ = require_signed_in(actor)
    row = await repository.people.find(session, actor.organization_id, person_id, lock=True)
    if row is not None and data.name is not None:
        await rename(session, actor, keyring, row, data.name)
    return await me(session, actor)


def _session(actor: Actor) -> MySession | None:
    if actor.session_id is None or actor.expires_at is None:
        return None
    return MySession(id=actor.session_id, expires_at=datetime.fromtimestamp(actor.expires_at, UTC))
