"""One call for what is done with a model, in the words of the requirements."""

from typing import Final

from hone import versions
from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.releases import repository
from hone.releases.errors import PlanWrong
from hone.releases.schemas import ModelActed, ReleaseStart, ReleaseStrategy
from hone.releases.service import asking, reading, starting, testing
from hone.versions import ModelAct, ReleaseDone, VersionMissing

_WHOLE: Final = frozenset({None, "full", "immediate", "all-at-once"})
_STRATEGIES: Final[dict[str, ReleaseStrategy]] = {
    "gradual": "gradual",
    "rolling": "gradual",
    "percentage": "gradual",
    "canary": "canary",
    "blue-green": "blue_green",
    "blue_green": "blue_green",
    "shadow": "shadow",
}


async def act(session: Session, actor: Actor, data: ModelAct) -> ModelActed:
    """Register, deploy, deprecate or roll back a version, or set two against each other."""
    actor.require(Permission.MODELS_WRITE)
    if data.action == "ab-test":
        return await testing.start(session, actor, data)
    if data.action == "deploy":
        part = data.rollout_percentage
        if data.strategy not in _WHOLE or (part is not None and part < 100):
            return await _deploy(session, actor, data)
    if data.action == "rollback" and data.version is None and data.name is not None:
        back = await _release_back(session, actor, data, data.name)
        if back is not None:
            return back
    return told(await versions.act(session, actor, data))


def told(done: ReleaseDone) -> ModelActed:
    """Show what came of an action that started no release."""
    return ModelActed(**{name: getattr(done, name) for name in ReleaseDone.model_fields})


async def _deploy(session: Session, actor: Actor, data: ModelAct) -> ModelActed:
    """Start a release: a canary where only a part of the traffic is named."""
    if data.version is None:
        raise VersionMissing(param="version")
    named = data.strategy if data.strategy not in _WHOLE else "canary"
    strategy = _STRATEGIES.get(str(named))
    if strategy is None:
        known = ", ".join(["immediate", *_STRATEGIES])
        raise PlanWrong(f"There is no strategy {named!r}: choose of {known}.", param="strategy")
    part = data.rollout_percentage
    share = None if not part or strategy in {"blue_green", "shadow"} else part / 100
    wanted = ReleaseStart(
        name=data.name,
        version=data.version,
        environment=data.environment,
        strategy=strategy,
        share=share,
        reason=data.reason or "deployed",
        override=data.override,
    )
    row = await starting.begin(session, actor, wanted)
    live = await versions.present(session, row.organization_id, row.name)
    return ModelActed(
        action=data.action,
        name=row.name,
        version=await versions.get_version(session, actor, row.name, data.version),
        live=live,
        history=None,
        release=await reading.summary(session, row),
    )


async def _release_back(
    session: Session, actor: Actor, data: ModelAct, name: str
) -> ModelActed | None:
    """Roll back the release that is under way there, which is what brought something new."""
    found = await repository.unfinished(session, actor.organization_id, name)
    if found is None or found.environment != data.environment:
        return None
    row = await repository.by_id(session, actor.organization_id, found.id, lock=True)
    if row is None or row.ended_at is not None or row.state == "rolling_back":
        return None
    actor.require(Permission.RELEASES_WRITE)
    await asking.press(session, actor, row, "rollback", data.reason)
    await session.flush()
    return ModelActed(
        action=data.action,
        name=name,
        version=None,
        live=await versions.present(session, row.organization_id, name),
        history=None,
        release=await reading.summary(session, row),
    )
