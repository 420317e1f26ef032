"""Read trained models: lists, one version, what was live when, two side by side."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import Page, PageQuery
from hone.identity import Actor, Permission
from hone.versions import beside, rendering, repository, semver
from hone.versions.errors import NameUnclear
from hone.versions.models import History, ModelVersion
from hone.versions.rendering import PREFIX, Standing
from hone.versions.schemas import (
    LiveAt,
    LiveVersions,
    ModelHistoryPage,
    ModelVersionRead,
    TrainedModel,
    VersionComparison,
)

_READ: Final = Permission.MODELS_READ
_SHOWN: Final = 50
"""Versions of one model in a list."""


async def access(
    session: Session,
    actor: Actor,
    name: str | None,
    version: str,
    permission: Permission = _READ,
) -> ModelVersion:
    """Open the one door to a version, by its number or its id; the name only where it is needed."""
    actor.require(permission)
    organization_id = actor.organization_id
    number = semver.parse(version)
    if number is not None:
        found = await repository.by_number(session, organization_id, number, name)
        if len(found) > 1:
            names = sorted(each.name for each in found)
            raise NameUnclear(
                f"Several models have a version {number}: {', '.join(names)}. Say which, by `name`.",
                param="name",
                details={"names": names},
            )
        if found:
            return found[0]
    elif parsed := ids.parse(PREFIX, version):
        row = await repository.by_id(session, organization_id, parsed)
        if row is not None and name in {None, row.name}:
            return row
    of = "" if name is None else f" of {name}"
    raise NotFound(f"There is no version {version}{of} in this organization.")


async def names_with(session: Session, organization_id: UUID, version: str) -> set[str]:
    """Name the models that have a version of this number."""
    number = semver.parse(version)
    if number is None:
        return set()
    return {each.name for each in await repository.by_number(session, organization_id, number)}


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[TrainedModel]:
    """List trained models by name."""
    actor.require(_READ)
    names, total, following = await repository.names(session, actor.organization_id, query)
    items = await _models(session, actor.organization_id, names)
    return Page[TrainedModel](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, name: str) -> TrainedModel:
    """Show one trained model."""
    actor.require(_READ)
    found = await _models(session, actor.organization_id, [name])
    if not found:
        raise NotFound("There is no such trained model in this organization.")
    return found[0]


async def get_version(session: Session, actor: Actor, name: str, version: str) -> ModelVersionRead:
    """Show one version."""
    return await show(session, await access(session, actor, name, version))


async def show(session: Session, row: ModelVersion) -> ModelVersionRead:
    """Show a version as it stands now."""
    return rendering.version(row, await standing(session, row.organization_id, [row]))


async def compare(
    session: Session, actor: Actor, a: str, b: str, name: str | None
) -> VersionComparison:
    """Show two versions side by side."""
    rows = [await access(session, actor, name, each) for each in (a, b)]
    held = await standing(session, actor.organization_id, rows)
    return beside.compare(rows[0], rows[1], held)


async def history(session: Session, actor: Actor, name: str, query: PageQuery) -> ModelHistoryPage:
    """List what happened to what serves a name, newest first."""
    await _known(session, actor, name)
    rows, total, following = await repository.history(session, actor.organization_id, name, query)
    numbers = await numbered(session, actor.organization_id, rows)
    items = [rendering.history(row, numbers) for row in rows]
    return ModelHistoryPage(items=items, total=total, next=following)


async def live_at(session: Session, actor: Actor, name: str, at: datetime) -> LiveAt:
    """Say what served a name at a moment, and why."""
    await _known(session, actor, name)
    rows = await repository.live_rows(session, actor.organization_id, [name], at)
    numbers = await numbered(session, actor.organization_id, rows)
    because = [rendering.history(row, numbers) for row in rows]
    return LiveAt(at=at, name=name, live=rendering.live(rows, numbers), because=because)


async def present(session: Session, organization_id: UUID, name: str) -> LiveVersions:
    """Say what serves a name now."""
    rows = await repository.live_rows(session, organization_id, [name])
    return rendering.live(rows, await numbered(session, organization_id, rows))


async def deprecated(session: Session, organization_id: UUID, version_id: UUID) -> bool:
    """Tell whether a version is not to be released any more."""
    told = await repository.told_of(session, organization_id, [version_id])
    return any(row.action == "deprecated" for row in told)


async def unreleased(session: Session, organization_id: UUID) -> dict[str, str]:
    """Tell callers of each name of which no version is live what there is, and what to do."""
    return {
        row.name: f"No version of {row.name} is live; the newest is {row.version}. Promote it"
        f" (`hone models promote {row.name} {row.version}`), or release it step by step."
        for row in await repository.unreleased(session, organization_id)
    }


async def live(
    session: Session, organization_id: UUID, name: str, environment: str = "production"
) -> ModelVersion | None:
    """Return the version that is live in an environment."""
    rows = await repository.live_rows(session, organization_id, [name])
    found = next((row.version_id for row in rows if row.environment == environment), None)
    return found and await repository.by_id(session, organization_id, found)


async def live_since(
    session: Session, organization_id: UUID, name: str, environment: str = "production"
) -> datetime | None:
    """Tell since when what is live in an environment is."""
    rows = await repository.live_rows(session, organization_id, [name])
    return next((row.at for row in rows if row.environment == environment and row.version_id), None)


async def gone_back_from(session: Session, organization_id: UUID, version_id: UUID) -> bool:
    """Tell whether somebody went back from a version to another."""
    return await repository.left(session, organization_id, version_id)


async def standing(
    session: Session, organization_id: UUID, rows: Sequence[ModelVersion]
) -> Standing:
    """Look up what the history says of some versions."""
    names = {row.name for row in rows}
    live = await repository.live_rows(session, organization_id, names)
    return Standing(live, await repository.told_of(session, organization_id, [r.id for r in rows]))


async def numbered(
    session: Session, organization_id: UUID, rows: Iterable[History]
) -> dict[UUID, str]:
    """Number the versions that rows of the history name."""
    wanted = {each for row in rows for each in (row.version_id, row.former_id) if each}
    found = await repository.by_ids(session, organization_id, wanted)
    return {row.id: row.version for row in found}


async def _known(session: Session, actor: Actor, name: str) -> None:
    actor.require(_READ)
    if await repository.newest(session, actor.organization_id, name) is None:
        raise NotFound("There is no such trained model in this organization.")


async def _models(
    session: Session, organization_id: UUID, names: Sequence[str]
) -> list[TrainedModel]:
    rows = await repository.of_names(session, organization_id, names, _SHOWN)
    held = await standing(session, organization_id, rows)
    live = await repository.live_rows(session, organization_id, names)
    numbers = await numbered(session, organization_id, live)
    made: list[TrainedModel] = []
    for name in names:
        mine = [row for row in rows if row.name == name]
        if not mine:
            continue
        released = [row for row in live if row.name == name]
        serves = any(row.environment == "production" and row.version_id for row in released)
        made.append(
            TrainedModel(
                name=name,
                task=mine[0].task,
                versions=[rendering.summary(row, held) for row in mine],
                live=rendering.live(released, numbers),
                callable_as=name if serves else None,
            )
        )
    return made


async def returnable(
    session: Session, organization_id: UUID, names: Sequence[str]
) -> frozenset[str]:
    """Tell which of some models have a version that was live before the present one."""
    rows = await repository.live_rows(session, organization_id, names)
    return frozenset(
        row.name
        for row in rows
        if row.environment == "production" and row.version_id and row.former_id
    )
