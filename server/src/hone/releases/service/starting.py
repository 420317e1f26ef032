"""Start a release, or say what it would do."""

from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from hone import experiments, versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.experiments import Proof
from hone.identity import Actor, Permission
from hone.releases import measuring, planning, repository, standing
from hone.releases.errors import LiveAlready, PlanWrong, ReleaseUnderWay
from hone.releases.machine import Facts, decide
from hone.releases.models import Release
from hone.releases.schemas import ReleasePlan, ReleasePreview, ReleaseRead, ReleaseStart
from hone.releases.service import moving, reading
from hone.versions import ModelVersion, Promote

_WRITE: Final = Permission.RELEASES_WRITE


async def start(session: Session, actor: Actor, data: ReleaseStart) -> ReleaseRead:
    """Bring a version to traffic by a plan; it must have passed its gates, or say why not."""
    return await reading.show(session, await begin(session, actor, data))


async def begin(session: Session, actor: Actor, data: ReleaseStart) -> Release:
    """Start a release and return its row; an immediate one has promoted the version already."""
    version, former, plan = await _admit(session, actor, data)
    proof = await _proof(session, actor, data, version)
    await _free(session, actor.organization_id, version.name)
    release_id = ids.new()
    row = Release(
        id=release_id,
        organization_id=actor.organization_id,
        name=version.name,
        environment=data.environment,
        version_id=version.id,
        former_id=former and former.id,
        strategy=data.strategy,
        plan=plan.model_dump(by_alias=True),
        override=data.override and data.override.model_dump(),
        state="pending",
        step=0,
        shadow=False,
        promoted=False,
        moves=0,
        reason=data.reason,
        words="It has been asked for.",
        approvals=[],
        experiment_id=proof and proof.experiment_id,
        splits=[release_id, *(ids.new() for _ in plan.steps[1:])],
        created_by=actor.id,
        step_at=clock.now(),
    )
    await _keep(session, row)
    if proof is not None and proof.standing and data.environment == "production":
        await experiments.hand_over(
            session, row.organization_id, proof.experiment_id, moving.KIND, row.id
        )
    await experiments.claim(session, row.organization_id, moving.claimed(row), moving.KIND, row.id)
    moving.begun(session, row)
    move = decide(standing.course_of(row), standing.read(row), Facts())
    assert move is not None
    await moving.make(session, row, move, actor.id)
    await session.flush()
    await session.refresh(row)
    return row


async def preview(session: Session, actor: Actor, data: ReleaseStart) -> ReleasePreview:
    """Tell a plan in words, and how long it takes with the traffic of the last week."""
    version, former, plan = await _admit(session, actor, data)
    await _proof(session, actor, data, version)
    called = versions.called(version.name, data.environment)
    units = await measuring.units_per_day(session, actor.organization_id, called, plan.unit)
    expected = None if not units else planning.expected(plan, units)
    return ReleasePreview(
        plan=plan,
        words=planning.words(plan, data.strategy, version.version, former and former.version),
        seconds=planning.shortest(plan),
        units_per_day=units or None,
        expected_seconds=expected,
        warnings=_warnings(plan, units, expected),
    )


async def _admit(
    session: Session, actor: Actor, data: ReleaseStart
) -> tuple[ModelVersion, ModelVersion | None, ReleasePlan]:
    """Find what is released, what is live, and by which plan; raise where it cannot be."""
    actor.require(_WRITE)
    plan = planning.plan(data.strategy, data.share, data.plan)
    wanted = Promote(
        version=data.version,
        environment=data.environment,
        reason=data.reason,
        override=data.override,
    )
    version = await versions.admit(session, actor, data.name, wanted)
    former = await versions.live(session, actor.organization_id, version.name, data.environment)
    if former is not None and former.id == version.id:
        raise LiveAlready(
            f"{version.name} {version.version} is live in {data.environment} already.",
            param="version",
        )
    if former is not None and bool(former.files) != bool(version.files):
        raise PlanWrong(
            f"{version.name} {former.version} was trained here and {version.version} was not, or the"
            " other way round: one name cannot lead to both. Register it under another name.",
            param="version",
        )
    return version, former, plan


async def _proof(
    session: Session, actor: Actor, data: ReleaseStart, version: ModelVersion
) -> Proof | None:
    """Find the experiment that is named; while its winner stands, nobody is to lose it on the way."""
    if data.experiment is None:
        return None
    proof = await experiments.prove(session, actor, data.experiment, version)
    if proof.standing and data.environment == "production" and data.strategy != "immediate":
        raise PlanWrong(
            f"{version.version} won its experiment and answers every call of {version.name} already:"
            " release it at once (`immediate`), or take it back from there first.",
            param="strategy",
        )
    return proof


async def _free(session: Session, organization_id: UUID, name: str) -> None:
    before = await repository.unfinished(session, organization_id, name)
    if before is not None:
        release_id = ids.public(moving.PREFIX, before.id)
        raise ReleaseUnderWay(
            f"Release {release_id} of {name} is under way ({before.state}): roll it back, or let it"
            " end, before another one.",
            details={"release": release_id, "state": before.state},
        )


async def _keep(session: Session, row: Release) -> None:
    session.add(row)
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        raise ReleaseUnderWay from error


def _warnings(plan: ReleasePlan, units: float, expected: float | None) -> list[str]:
    told: list[str] = []
    wanted = any(each.hold.units for each in plan.steps)
    if wanted and not units:
        told.append(
            "There were no calls in the last week: steps that wait for users or conversations wait"
            " until some come."
        )
    if wanted and units and expected is None:
        told.append("With the traffic of the last week these steps would never end.")
    if expected is not None and expected > 14 * 86_400:
        told.append(
            f"With the traffic of the last week it would take {planning.span(expected)}: a larger"
            " share, or fewer units, ends sooner."
        )
    if plan.steps and not plan.guardrails:
        told.append("Nothing is guarded: it goes on whatever the candidate does.")
    return told
