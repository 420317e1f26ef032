"""How an event is shown: who, before and after, and what it says of a person."""

from collections.abc import Mapping
from typing import Any, Literal, cast
from uuid import UUID

from hone.audit.schemas import EventActor, EventRead
from hone.core import crypto, events
from hone.core.db import Session
from hone.core.events import Details, Event
from hone.core.keyring import PERSON, Key, Keyring
from hone.identity import Actor, Permission

Withheld = Literal["erased", "not_permitted", "not_kept"]
Facts = dict[str, Any]
Kind = Literal["person", "key", "system"]
_KINDS: Mapping[str, Kind] = {"person": "person", "key": "key"}


class Reader:
    """Shows events to one actor; a person's key is looked up once."""

    def __init__(self, session: Session, actor: Actor, keyring: Keyring) -> None:
        self._session = session
        self._actor = actor
        self._keyring = keyring
        self._keys: dict[UUID, Key | None] = {}

    async def show(
        self, event: Event, details: Details | None, names: Mapping[str, str]
    ) -> EventRead:
        """Show one event."""
        data = dict(details.data) if details else {}
        personal, withheld = await self._personal(details)
        return EventRead(
            id=event.id,
            position=event.position,
            at=event.at,
            name=event.name,
            subject=event.subject,
            actor=actor(event.actor, names),
            before=_object(data.pop("before", None)),
            after=_object(data.pop("after", None)),
            details=data,
            personal=personal,
            withheld=withheld,
            hash=event.hash.hex(),
        )

    async def _personal(self, details: Details | None) -> tuple[Facts | None, Withheld | None]:
        if details is None:
            return None, "not_kept"
        if details.person_id is None or details.personal is None:
            return None, None
        if Permission.PEOPLE_READ not in self._actor.permissions:
            return None, "not_permitted"
        key = await self._key(details.person_id)
        if key is None:
            return None, "erased"
        try:
            return events.open_personal(key, details.person_id, details.personal), None
        except crypto.Unreadable:
            return None, "erased"

    async def _key(self, person_id: UUID) -> Key | None:
        if person_id not in self._keys:
            self._keys[person_id] = await self._keyring.find(
                self._session, self._actor.organization_id, PERSON, person_id.hex
            )
        return self._keys[person_id]


def actor(actor_id: str, names: Mapping[str, str]) -> EventActor:
    """Name who did something."""
    kind: Kind = _KINDS.get(actor_id.partition("_")[0], "system")
    name = "Hone" if kind == "system" else names.get(actor_id)
    return EventActor(id=actor_id, kind=kind, name=name)


def _object(value: object) -> Facts | None:
    return cast("Facts", value) if isinstance(value, dict) else None
