"""How the domain's facts are published."""

from collections.abc import Mapping

from hone.core.db import Session
from hone.core.events import Personal, publish
from hone.identity.permissions import Actor


def note(
    session: Session,
    actor: Actor,
    name: str,
    subject: str,
    *,
    personal: Personal | None = None,
    **data: Mapping[str, object],
) -> None:
    """Publish a fact of the actor's organization."""
    publish(session, actor.organization_id, actor.id, name, subject, data, personal=personal)
