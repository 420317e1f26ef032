"""Register versions: what a training run made, or what somebody configured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone.core import ids
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.events import publish
from hone.identity import Actor, Permission
from hone.versions import gates, repository, semver, storage
from hone.versions.errors import VersionTaken, VersionWrong
from hone.versions.models import ModelVersion
from hone.versions.rendering import PREFIX
from hone.versions.service import reading


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What a training run made."""

    organization_id: UUID
    name: str
    task: str
    engine: str
    run_id: UUID
    dataset_id: UUID | None
    dataset_version_id: UUID | None
    dataset_digest: str | None
    files: Mapping[str, Path]
    """The files of the folder `model/`, by their names below it."""
    card: Mapping[str, Any]
    comparison: Mapping[str, Any] | None
    """Beside the version that was live, on the same test examples; None where there was none."""
    gates: list[dict[str, Any]]
    """The rules of the job."""
    actor: str
    """Who wanted it: `person_…`, `key_…` or `system`."""
    configuration: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Such as the parameters of the run."""
    champion_id: UUID | None = None
    """What `comparison` compares with; absent: what is live now."""
    warm: bool = False
    """Whether it went on from the version before."""


async def register(session: Session, blobs: Blobs, new: NewVersion) -> ModelVersion:
    """Keep what a training run made as the next version of its name; a run makes one, however often told."""
    files, manifest = await storage.keep(blobs, new.organization_id, new.files)
    await repository.lock(session, new.organization_id, new.name)
    known = await repository.by_run(session, new.organization_id, new.run_id)
    if known is not None:
        return known
    labels = [str(each) for each in cast("list[object]", manifest.get("labels") or [])]
    newest = await repository.newest(session, new.organization_id, new.name)
    before = None if newest is None else semver.Number(newest.major, newest.minor, newest.patch)
    number = semver.following(before, newest.labels if newest else [], labels, warm=new.warm)
    champion = await _champion(session, new)
    rules = gates.read(new.gates)
    size = sum(int(each["size"]) for each in files)
    card = {**new.card, "size": new.card.get("size") or size}
    compared = new.comparison if champion is not None else None
    verdict = gates.judge(new.task, card, compared, rules, champion=champion and champion.version)
    row = ModelVersion(
        id=ids.new(),
        organization_id=new.organization_id,
        name=new.name,
        major=number.major,
        minor=number.minor,
        patch=number.patch,
        task=new.task,
        engine=new.engine,
        run_id=new.run_id,
        dataset_id=new.dataset_id,
        dataset_version_id=new.dataset_version_id,
        dataset_digest=new.dataset_digest,
        digest=next(str(each["sha256"]) for each in files if each["name"] == storage.MANIFEST),
        size=size,
        files=files,
        labels=labels,
        configuration=dict(new.configuration),
        card=card,
        comparison=None if compared is None else dict(compared),
        gate=verdict.model_dump(by_alias=True) | {"rules": rules.model_dump(by_alias=True)},
        champion_id=champion and champion.id,
        created_by=new.actor,
    )
    await _keep(session, row)
    return row


async def configure(
    session: Session, actor: Actor, name: str, version: str, task: str, config: Mapping[str, Any]
) -> ModelVersion:
    """Register a version that is a configuration, such as another model under this name."""
    actor.require(Permission.MODELS_WRITE)
    organization_id = actor.organization_id
    await repository.lock(session, organization_id, name)
    number = semver.parse(version)
    if number is None:
        raise VersionWrong(param="version")
    same = await repository.by_number(session, organization_id, number, name)
    if same:
        if same[0].configuration == dict(config) and not same[0].files:
            return same[0]
        raise VersionTaken(f"{name} has a version {number} already.", param="version")
    row = ModelVersion(
        id=ids.new(),
        organization_id=organization_id,
        name=name,
        major=number.major,
        minor=number.minor,
        patch=number.patch,
        task=task,
        engine="configuration",
        digest="",
        size=0,
        files=[],
        labels=[],
        configuration=dict(config),
        card={},
        gate={"passed": True, "checks": [], "comparedWith": None},
        created_by=actor.id,
    )
    await _keep(session, row)
    return row


async def _champion(session: Session, new: NewVersion) -> ModelVersion | None:
    if new.comparison is None:
        return None
    if new.champion_id is not None:
        return await repository.by_id(session, new.organization_id, new.champion_id)
    return await reading.live(session, new.organization_id, new.name)


async def _keep(session: Session, row: ModelVersion) -> None:
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise VersionTaken from error
    await session.refresh(row)
    subject = ids.public(PREFIX, row.id)
    data = {
        "name": row.name,
        "version": row.version,
        "engine": row.engine,
        "digest": row.digest,
        "gatePassed": bool(row.gate.get("passed")),
    }
    publish(session, row.organization_id, row.created_by, "model_version.registered", subject, data)
