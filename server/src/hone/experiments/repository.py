"""Every query of experiments. Each one names the organization."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert

from hone.core import ids
from hone.core.db import Session
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.experiments.models import Experiment, ExperimentLook, TrafficSplit
from hone.experiments.schemas.design import ExperimentRelease


async def by_id(
    session: Session, organization_id: UUID, experiment_id: UUID, *, lock: bool = False
) -> Experiment | None:
    """Find one experiment."""
    query = select(Experiment).where(
        Experiment.organization_id == organization_id, Experiment.id == experiment_id
    )
    query = query.execution_options(populate_existing=True)
    return await session.scalar(query.with_for_update() if lock else query)


async def page(
    session: Session, organization_id: UUID, query: PageQuery, state: str | None
) -> tuple[Sequence[Experiment], int, str | None]:
    """Return one page, newest first, the number of all and the next cursor."""
    mine = select(Experiment).where(Experiment.organization_id == organization_id)
    if state is not None:
        mine = mine.where(Experiment.state == state)
    total = await session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    after = query.after()
    if after is not None:
        try:
            mine = mine.where(Experiment.id < UUID(after[0]))
        except (ValueError, IndexError) as error:
            raise UnknownCursor(param="cursor") from error
    found = (
        await session.scalars(mine.order_by(Experiment.id.desc()).limit(query.limit + 1))
    ).all()
    rows = found[: query.limit]
    return rows, total, cursor(rows[-1].id.hex) if len(found) > len(rows) else None


async def splitting(session: Session, organization_id: UUID) -> Sequence[Experiment]:
    """List what splits calls now: experiments that run, and arms that stand in a name's place."""
    standing = Experiment.decided["standing"].as_boolean()
    query = select(Experiment).where(
        Experiment.organization_id == organization_id,
        or_(Experiment.state == "running", standing),
    )
    return (await session.scalars(query)).all()


async def standing(owner: Session) -> list[tuple[UUID, UUID]]:
    """Find every experiment whose winner stands in a name's place, in all organizations; as the owner."""
    stands = Experiment.decided["standing"].as_boolean()
    query = select(Experiment.organization_id, Experiment.id).where(stands)
    return [(row[0], row[1]) for row in await owner.execute(query.order_by(Experiment.id))]


async def under_way_as(
    session: Session, organization_id: UUID, name: str, target: str
) -> Experiment | None:
    """Find what is under way by its name and target."""
    query = select(Experiment).where(
        Experiment.organization_id == organization_id,
        Experiment.name == name,
        Experiment.target == target,
        Experiment.state.in_(("running", "paused")),
    )
    return await session.scalar(query)


async def under_way(owner: Session) -> list[tuple[UUID, UUID]]:
    """Find every experiment that runs, in all organizations; as the owner."""
    query = select(Experiment.organization_id, Experiment.id).where(Experiment.state == "running")
    return [(row[0], row[1]) for row in await owner.execute(query.order_by(Experiment.id))]


async def claim(
    session: Session, organization_id: UUID, name: str, kind: str, subject_id: UUID
) -> TrafficSplit:
    """Take a name, and return who has it."""
    values = {
        "organization_id": organization_id,
        "name": name,
        "kind": kind,
        "subject_id": subject_id,
    }
    await session.execute(insert(TrafficSplit).values(values).on_conflict_do_nothing())
    query = select(TrafficSplit).where(
        TrafficSplit.organization_id == organization_id, TrafficSplit.name == name
    )
    return (await session.scalars(query.with_for_update())).one()


async def release_claim(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID
) -> None:
    """Let go of a name."""
    await session.execute(
        text(
            "DELETE FROM traffic_splits WHERE organization_id = :organization AND kind = :kind"
            " AND subject_id = :subject"
        ),
        {"organization": organization_id, "kind": kind, "subject": subject_id},
    )


_HAND: Final = """
UPDATE traffic_splits SET kind = :to_kind, subject_id = :to, claimed_at = now()
WHERE organization_id = :organization AND kind = :from_kind AND subject_id = :from
"""


async def hand_claim(
    session: Session, organization_id: UUID, giver: tuple[str, UUID], taker: tuple[str, UUID]
) -> None:
    """Pass a name on from what holds it; nothing happens where that holds none."""
    values = {"organization": organization_id, "from_kind": giver[0], "from": giver[1]}
    values |= {"to_kind": taker[0], "to": taker[1]}
    await session.execute(text(_HAND), values)


async def holder(session: Session, organization_id: UUID, name: str) -> TrafficSplit | None:
    """Find what splits the calls of a name."""
    query = select(TrafficSplit).where(
        TrafficSplit.organization_id == organization_id, TrafficSplit.name == name
    )
    return await session.scalar(query)


_RELEASES: Final = """
SELECT DISTINCT ON (r.experiment_id) r.experiment_id, r.id, r.state,
    format('%s.%s.%s', v.major, v.minor, v.patch) AS version
FROM releases r JOIN model_versions v ON v.organization_id = r.organization_id AND v.id = r.version_id
WHERE r.organization_id = :organization AND r.experiment_id = ANY(CAST(:experiments AS uuid[]))
ORDER BY r.experiment_id, r.id DESC
"""


async def releases(
    session: Session, organization_id: UUID, experiment_ids: Sequence[UUID]
) -> dict[UUID, ExperimentRelease]:
    """Find the newest release that names each experiment."""
    values = {"organization": organization_id, "experiments": list(experiment_ids)}
    return {
        row.experiment_id: ExperimentRelease(
            id=ids.public("rel", row.id), version=row.version, state=row.state
        )
        for row in await session.execute(text(_RELEASES), values)
    }


async def callable_names(session: Session, organization_id: UUID) -> set[str]:
    """Name everything that clients may send as `model`."""
    found = await session.execute(
        text(
            "SELECT name FROM models WHERE organization_id = :organization"
            " UNION SELECT name FROM routes WHERE organization_id = :organization"
        ),
        {"organization": organization_id},
    )
    return set(found.scalars())


async def looks(
    session: Session, organization_id: UUID, experiment_id: UUID, most: int
) -> Sequence[ExperimentLook]:
    """List the newest analyses, oldest first."""
    query = select(ExperimentLook).where(
        ExperimentLook.organization_id == organization_id,
        ExperimentLook.experiment_id == experiment_id,
    )
    found = await session.scalars(query.order_by(ExperimentLook.number.desc()).limit(most))
    return list(found)[::-1]


async def last_looks(
    session: Session, organization_id: UUID, experiment_ids: Sequence[UUID]
) -> dict[UUID, ExperimentLook]:
    """Find the newest analysis of each experiment that has one."""
    query = (
        select(ExperimentLook)
        .where(
            ExperimentLook.organization_id == organization_id,
            ExperimentLook.experiment_id.in_(experiment_ids),
        )
        .ext(distinct_on(ExperimentLook.experiment_id))
        .order_by(ExperimentLook.experiment_id, ExperimentLook.number.desc())
    )
    return {look.experiment_id: look for look in await session.scalars(query)}


_TRAFFIC: Final = """
SELECT count(DISTINCT coalesce({who}, o.id::text)) AS units, count(*) AS calls,
    min(o.created_at) AS since
FROM operations o
WHERE o.organization_id = :organization AND o.route = :name AND o.created_at >= :since
"""


async def traffic(
    session: Session, organization_id: UUID, name: str, unit: str, since: datetime
) -> Any:  # noqa: ANN401
    """Count the units and calls of a name since a moment."""
    other = "conversation_id" if unit == "user" else "user_id"
    mine = "user_id" if unit == "user" else "conversation_id"
    who = f"coalesce(o.{mine}, o.{other})"
    values = {"organization": organization_id, "name": name, "since": since}
    return (await session.execute(text(_TRAFFIC.format(who=who)), values)).one()
