"""The rules of versions: each is written with the change that made it, and outlives its subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from pydantic.alias_generators import to_camel

from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery, cursor
from hone.identity import Actor, Permission
from hone.registry import repository
from hone.registry.changes import Change, difference
from hone.registry.models import Model, Provider, Route, Version
from hone.registry.schemas import ActorRead, ChangeRead, Reason, VersionRead

Kind = Literal["provider", "model", "route"]
State = Mapping[str, object]
Row = Provider | Model | Route

_READ = {
    "provider": Permission.PROVIDERS_READ,
    "model": Permission.MODELS_READ,
    "route": Permission.ROUTES_READ,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why there is a new version."""

    reason: Reason
    restored: int | None = None


async def keep(
    session: Session, actor: Actor, kind: Kind, row: Row, state: State, cause: Cause
) -> None:
    """Write a row's present version down."""
    made = _version(kind, row, state)
    made.reason, made.restored, made.actor = cause.reason, cause.restored, actor.id
    await repository.keep_version(session, made)


async def keep_found(session: Session, kind: Kind, row: Row, state: State) -> None:
    """Write down what a row was before this change, where nobody has."""
    await repository.keep_version(session, _version(kind, row, state))


def _version(kind: Kind, row: Row, state: State) -> Version:
    return Version(
        organization_id=row.organization_id,
        kind=kind,
        subject_id=row.id,
        version=row.version,
        reason="found",
        restored=None,
        actor=None,
        state=dict(state),
        created_at=row.updated_at,
    )


async def page(
    session: Session, actor: Actor, kind: Kind, public_id: str, query: PageQuery
) -> Page[VersionRead]:
    """List the versions of something, newest first; also of what was deleted."""
    actor.require(_READ[kind])
    subject_id = ids.parse(kind, public_id)
    known = subject_id and await repository.version_count(
        session, actor.organization_id, kind, subject_id
    )
    if not subject_id or not known:
        raise NotFound(f"There is no such {kind} in this organization.")
    found = await repository.versions(session, actor.organization_id, kind, subject_id, query)
    rows = found[: query.limit]
    names = await repository.names(session, Model, actor.organization_id)
    who = await repository.actors(session, actor.organization_id, {row.actor for row in rows})
    present = await repository.newest_version(session, actor.organization_id, kind, subject_id)
    items: list[VersionRead] = []
    for place, row in enumerate(rows):
        before = found[place + 1] if place + 1 < len(found) else None
        is_present = present is not None and present.version == row.version
        items.append(_read(row, before, names, who, present=is_present))
    following = cursor(rows[-1].version) if len(found) > len(rows) else None
    return Page[VersionRead](items=items, total=known, next=following)


def _read(
    row: Version,
    before: Version | None,
    names: Mapping[UUID, str],
    who: Mapping[str, str],
    *,
    present: bool,
) -> VersionRead:
    state = resolved(row.state, names)
    return VersionRead(
        version=row.version,
        reason=cast("Reason", row.reason),
        restored=row.restored,
        by=None if row.actor is None else ActorRead(id=row.actor, name=who.get(row.actor)),
        at=row.created_at,
        present=present,
        state=cast("dict[str, object]", camel(state)),
        changes=shown(difference(before and resolved(before.state, names), state)),
    )


def shown(changes: Sequence[Change]) -> list[ChangeRead]:
    """Show what differs."""
    return [
        ChangeRead(field=to_camel(each.field), before=camel(each.before), after=camel(each.after))
        for each in changes
    ]


def camel(value: object) -> object:
    """Write keys as the API does; the keys are ours, never a client's."""
    if isinstance(value, dict):
        found = cast("dict[str, object]", value)
        return {to_camel(key): camel(each) for key, each in found.items()}
    if isinstance(value, list):
        return [camel(each) for each in cast("list[object]", value)]
    return value


def resolved(state: State, names: Mapping[UUID, str]) -> dict[str, object]:
    """Name a version's models as they are called now, or were last."""
    made = {key: value for key, value in state.items() if key != "models"}
    given = cast("dict[str, str]", state.get("models") or {})
    if not given:
        return made
    now = {old: names.get(UUID(model_id), old) for old, model_id in given.items()}
    targets = cast("list[dict[str, object]]", state["targets"])
    fallbacks = cast("list[str]", state["fallbacks"])
    made["targets"] = [{**each, "model": now[str(each["model"])]} for each in targets]
    made["fallbacks"] = [now[each] for each in fallbacks]
    return made


def gone(state: State, names: Mapping[UUID, str]) -> list[str]:
    """List the models that a version names and that are no more."""
    given = cast("dict[str, str]", state.get("models") or {})
    return sorted(name for name, model_id in given.items() if UUID(model_id) not in names)


async def last_change(session: Session, kind: Kind, row: Row) -> dict[str, object]:
    """Tell who made the present version and when, for a conflict."""
    found = await repository.newest_version(session, row.organization_id, kind, row.id)
    by = found.actor if found is not None and found.version == row.version else None
    who = await repository.actors(session, row.organization_id, {by})
    return {
        "changedBy": None if by is None else {"id": by, "name": who.get(by)},
        "changedAt": row.updated_at.isoformat(),
    }
