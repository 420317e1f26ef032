"""What the gateway is told of releases: the live version and the candidate share the calls of a name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from hone import versions
from hone.core.db import Session
from hone.gateway import Arm, Policy, Route, Split, Unit, Weighted
from hone.releases import repository, standing
from hone.releases.models import Release
from hone.versions import ModelVersion

LIVE: Final = "live"
CANDIDATE: Final = "candidate"


async def splits(
    session: Session, organization_id: UUID, routes: Mapping[str, Route]
) -> dict[str, Split]:
    """Compile the splits of an organization's releases, by the names that clients call."""
    rows = await repository.split(session, organization_id)
    if not rows:
        return {}
    found = await versions.by_ids(session, organization_id, [row.version_id for row in rows])
    made = {row.id: row for row in found}
    told: dict[str, Split] = {}
    for row in rows:
        called = versions.called(row.name, row.environment)
        live = routes.get(called)
        candidate = live and _candidate(made[row.version_id], live, routes)
        if live is not None and candidate is not None:
            told[called] = _split(row, live, candidate)
    return told


def _split(row: Release, live: Route, candidate: Route) -> Split:
    share = row.share or 0.0
    arms = [Arm(LIVE, live, 1.0 - share), Arm(CANDIDATE, candidate, share)]
    return Split(
        id=standing.split_of(row),
        kind="release",
        salt=row.id.hex,
        unit=Unit(standing.plan_of(row).unit),
        arms=(arms[0],) if row.shadow else tuple(arms),
        shadow=candidate if row.shadow else None,
    )


def _candidate(version: ModelVersion, live: Route, routes: Mapping[str, Route]) -> Route | None:
    """Lead to the candidate; should it fail a call, the live version answers it, and that is counted."""
    name = versions.called(version.name, versions.CANARY)
    spares = tuple(each.target for each in live.targets) + live.fallbacks
    if not version.files:
        other = routes.get(str(version.configuration.get("model")))
        if other is None:
            return None
        return replace(other, name=name, fallbacks=(*other.fallbacks, *spares))
    if not live.targets:
        return None
    target = replace(live.targets[0].target, model_id=version.id, model=name, upstream=name)
    return Route(None, name, Policy.WEIGHTED, (Weighted(target),), spares, live.deadlines)
