"""Put versions in force, go back, deprecate: each one row of the history, which nothing rewrites."""

from typing import Any, Final
from uuid import UUID

from hone import registry
from hone.core import ids
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.versions import rendering, repository, timeline
from hone.versions.errors import (
    GateNotPassed,
    NoArtifact,
    NothingBefore,
    NotLive,
    VersionDeprecated,
    VersionLive,
)
from hone.versions.models import History, ModelVersion
from hone.versions.rendering import PREFIX
from hone.versions.repository import CANARY
from hone.versions.schemas import (
    Deprecate,
    GateCheck,
    GateOverride,
    GateVerdict,
    Promote,
    ReleaseDone,
    Rollback,
)
from hone.versions.service import reading

_WRITE: Final = Permission.RELEASES_WRITE
_LONGEST_WAY_BACK: Final = 500
_LABELLING: Final = frozenset({"intent", "entity"})
"""Tasks whose models give labels, and cannot talk."""
_EVENTS: Final = {
    "promoted": "model_version.promoted",
    "rolled_back": "model_version.rolled_back",
    "retired": "model_version.retired",
    "deprecated": "model_version.deprecated",
}


async def promote(session: Session, actor: Actor, name: str | None, data: Promote) -> ReleaseDone:
    """Put a version in force; without passed gates, only with an override that says why."""
    row = await _open(session, actor, name, data.version)
    present = await repository.slot(session, actor.organization_id, row.name, data.environment, 1)
    if present and present[0].version_id == row.id:
        await _not_deprecated(session, row)
        return await _done(session, "deploy", row, None)
    verdict = await _passed(session, row, data.environment, data.override)
    await _make_callable(session, actor, row, data.environment)
    former = present[0].version_id if present else None
    override = None if verdict.passed or data.override is None else data.override.model_dump()
    made = _add(session, actor, row, "promoted", data.environment, former, data.reason)
    made.evidence, made.override = verdict.model_dump(by_alias=True), override
    _note(session, actor, row, made)
    return await _done(session, "deploy", row, made)


async def admit(session: Session, actor: Actor, name: str | None, data: Promote) -> ModelVersion:
    """Return the version that `promote` would put in force; raise what it would raise."""
    row = await _open(session, actor, name, data.version)
    await _passed(session, row, data.environment, data.override)
    if not row.files and not isinstance(row.configuration.get("model"), str):
        raise _nothing_serves(row)
    return row


async def stage(session: Session, actor: Actor, row: ModelVersion, reason: str) -> None:
    """Have predictors serve a candidate beside what is live, as `NAME@canary`."""
    await repository.lock(session, actor.organization_id, row.name)
    present = await repository.slot(session, actor.organization_id, row.name, CANARY, 1)
    if not present or present[0].version_id != row.id:
        former = present[0].version_id if present else None
        _add(session, actor, row, "promoted", CANARY, former, reason)


async def unstage(
    session: Session, actor: Actor, name: str, reason: str, only: UUID | None = None
) -> None:
    """Serve no candidate of a name any more; with `only`, where it is this one."""
    await repository.lock(session, actor.organization_id, name)
    present = await repository.slot(session, actor.organization_id, name, CANARY, 1)
    staged = present[0].version_id if present else None
    if staged is not None and only in {None, staged}:
        _add(session, actor, None, "retired", CANARY, staged, reason, name)


async def rollback(session: Session, actor: Actor, name: str, data: Rollback) -> ReleaseDone:
    """Go back to what was live before, or to a version that once was."""
    actor.require(_WRITE)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id, name)
    if await repository.newest(session, organization_id, name) is None:
        raise NotFound("There is no such trained model in this organization.")
    rows = await repository.slot(
        session, organization_id, name, data.environment, _LONGEST_WAY_BACK
    )
    if not rows:
        raise NotLive(f"Nothing was ever live as {name} in {data.environment}.")
    held = {each.version_id for each in rows if each.version_id}
    found = {row.id: row for row in await repository.by_ids(session, organization_id, held)}
    standing = await reading.standing(session, organization_id, list(found.values()))
    refused = {each.id for each in found.values() if standing.deprecation(each)}
    steps = [timeline.Step(row.action, row.version_id) for row in reversed(rows)]
    target = timeline.before(steps, rows[0].version_id, refused)
    if data.version is not None:
        wanted = await reading.access(session, actor, name, data.version, _WRITE)
        if wanted.id in refused:
            raise VersionDeprecated(f"{name} {wanted.version} is deprecated.")
        target = wanted.id if wanted.id in held else None
    if target is None or target == rows[0].version_id:
        raise NothingBefore
    row = found[target]
    await _make_callable(session, actor, row, data.environment)
    made = _add(
        session, actor, row, "rolled_back", data.environment, rows[0].version_id, data.reason
    )
    made.evidence = row.gate
    _note(session, actor, row, made)
    return await _done(session, "rollback", row, made)


async def deprecate(
    session: Session, actor: Actor, name: str | None, version: str, data: Deprecate
) -> ReleaseDone:
    """Say that a version is not to be released any more."""
    row = await _open(session, actor, name, version)
    standing = await reading.standing(session, row.organization_id, [row])
    if standing.deprecation(row):
        return await _done(session, "deprecate", row, None)
    live = standing.live_in(row)
    if live and not data.retire:
        raise VersionLive(
            f"{row.name} {row.version} is live in {', '.join(live)}: promote or roll back to"
            ' another version first, or send `"retire": true`; calls are refused from then on.',
            details={"liveIn": live},
        )
    for environment in live:
        gone = _add(session, actor, None, "retired", environment, row.id, data.reason, row.name)
        _note(session, actor, row, gone)
    made = _add(session, actor, row, "deprecated", None, None, data.reason)
    _note(session, actor, row, made)
    return await _done(session, "deprecate", row, made)


async def _open(session: Session, actor: Actor, name: str | None, version: str) -> ModelVersion:
    """Find a version and hold its name: what is live is said by one transaction at a time."""
    row = await reading.access(session, actor, name, version, _WRITE)
    await repository.lock(session, actor.organization_id, row.name)
    return row


async def _not_deprecated(session: Session, row: ModelVersion) -> None:
    if (await reading.standing(session, row.organization_id, [row])).deprecation(row):
        raise VersionDeprecated(f"{row.name} {row.version} is deprecated.")


async def _passed(
    session: Session, row: ModelVersion, environment: str, override: GateOverride | None
) -> GateVerdict:
    """Return what the gates say now; without an override they must have been passed."""
    await _not_deprecated(session, row)
    verdict = await _verdict(session, row, environment)
    if not verdict.passed and override is None:
        failed = [each.model_dump(by_alias=True) for each in verdict.checks if not each.passed]
        told = "; ".join(each.words for each in verdict.checks if not each.passed)
        raise GateNotPassed(
            f"{row.name} {row.version} has not passed its gates: {told}.",
            details={"checks": failed},
        )
    return verdict


async def _verdict(session: Session, row: ModelVersion, environment: str) -> GateVerdict:
    """Judge a version as of now: it must have been compared with what is live now."""
    kept = rendering.gate(row.gate)
    if environment == "staging":
        # Where one looks at a version before anything depends on it.
        return kept.model_copy(update={"passed": True})
    live = await reading.live(session, row.organization_id, row.name)
    if not row.files or live is None or live.id in {row.champion_id, row.id}:
        return kept
    than = (
        "was not compared with a live version"
        if kept.compared_with is None
        else (f"was compared with {kept.compared_with}")
    )
    words = f"it {than}, and {live.version} is live now: train again to compare with that"
    stale = GateCheck(name="champion", passed=False, value=None, bar=None, words=words)
    return kept.model_copy(update={"passed": False, "checks": [*kept.checks, stale]})


async def _make_callable(
    session: Session, actor: Actor, row: ModelVersion, environment: str
) -> None:
    """See that the name leads to the version: to the predictor, or to the model it is made of."""
    name = called(row.name, environment)
    if row.files:
        await registry.serve_trained(session, actor, name, talks=row.task not in _LABELLING)
    elif isinstance(model := row.configuration.get("model"), str):
        await registry.point(session, actor, name, model)
    else:
        raise _nothing_serves(row)


def _nothing_serves(row: ModelVersion) -> NoArtifact:
    return NoArtifact(
        f"{row.name} {row.version} has no files of a trained model, and its configuration names"
        " no `model` that would answer."
    )


def called(name: str, environment: str) -> str:
    """Say what clients send as `model` for what is live in an environment."""
    return name if environment == "production" else f"{name}@{environment}"


def _add(
    session: Session,
    actor: Actor,
    row: ModelVersion | None,
    action: str,
    environment: str | None,
    former: UUID | None,
    reason: str,
    name: str = "",
) -> History:
    made = History(
        id=ids.new(),
        organization_id=actor.organization_id,
        name=row.name if row else name,
        environment=environment,
        action=action,
        version_id=row.id if row else None,
        former_id=former,
        actor=actor.id,
        reason=reason,
    )
    session.add(made)
    return made


def _note(session: Session, actor: Actor, row: ModelVersion, made: History) -> None:
    data: dict[str, Any] = {
        "name": row.name,
        "version": row.version,
        "environment": made.environment,
        "reason": made.reason,
        "former": made.former_id and ids.public(PREFIX, made.former_id),
    }
    if made.override is not None:
        data["override"] = made.override["reason"]
    subject = ids.public(PREFIX, row.id)
    publish(session, actor.organization_id, actor.id, _EVENTS[made.action], subject, data)


async def _done(
    session: Session, action: str, row: ModelVersion, made: History | None
) -> ReleaseDone:
    await session.flush()
    told = None
    if made is not None:
        await session.refresh(made)
        numbers = await reading.numbered(session, row.organization_id, [made])
        told = rendering.history(made, numbers)
    return ReleaseDone(
        action=action,
        name=row.name,
        version=await reading.show(session, row),
        live=await reading.present(session, row.organization_id, row.name),
        history=told,
    )
