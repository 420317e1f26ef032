"""What is done with a version at once, in the words of the requirements; `hone.releases` does the rest."""

from collections.abc import Awaitable, Callable
from typing import Final

from hone.core.db import Session
from hone.core.errors import Invalid
from hone.identity import Actor, Permission
from hone.versions.errors import NameUnclear
from hone.versions.schemas import Deprecate, ModelAct, Promote, ReleaseDone, Rollback
from hone.versions.service import reading, registering, releasing


class VersionMissing(Invalid):
    """Say which version."""

    code = "version_missing"


async def act(session: Session, actor: Actor, data: ModelAct) -> ReleaseDone:
    """Register, deploy to all of the traffic, deprecate or roll back."""
    actor.require(Permission.MODELS_WRITE)
    return await _ACTS[data.action](session, actor, data)


async def _register(session: Session, actor: Actor, data: ModelAct) -> ReleaseDone:
    if data.name is None:
        raise NameUnclear("Say which model: `name`.", param="name")
    row = await registering.configure(
        session, actor, data.name, _version(data), data.task, data.config or {}
    )
    live = await reading.present(session, actor.organization_id, row.name)
    shown = await reading.show(session, row)
    return ReleaseDone(action=data.action, name=row.name, version=shown, live=live, history=None)


async def _deploy(session: Session, actor: Actor, data: ModelAct) -> ReleaseDone:
    wanted = Promote(
        version=_version(data),
        environment=data.environment,
        reason=data.reason or "deployed",
        override=data.override,
    )
    return await releasing.promote(session, actor, data.name, wanted)


async def _deprecate(session: Session, actor: Actor, data: ModelAct) -> ReleaseDone:
    wanted = Deprecate(reason=data.reason or "deprecated", retire=data.retire)
    return await releasing.deprecate(session, actor, data.name, _version(data), wanted)


async def _rollback(session: Session, actor: Actor, data: ModelAct) -> ReleaseDone:
    name = data.name
    if name is None:
        # The version to go back to says whose it is; without one, only a name does.
        name = (await reading.access(session, actor, None, _version(data))).name
    wanted = Rollback(
        environment=data.environment, version=data.version, reason=data.reason or "rolled back"
    )
    return await releasing.rollback(session, actor, name, wanted)


def _version(data: ModelAct) -> str:
    if data.version is None:
        raise VersionMissing(param="version")
    return data.version


_ACTS: Final[dict[str, Callable[[Session, Actor, ModelAct], Awaitable[ReleaseDone]]]] = {
    "register": _register,
    "deploy": _deploy,
    "deprecate": _deprecate,
    "rollback": _rollback,
}
