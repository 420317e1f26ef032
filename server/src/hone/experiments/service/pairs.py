"""Tests of two models or versions, in the words of documents 3, 4 and 5."""

import re
from typing import Final, cast

from hone import versions
from hone.core import ids
from hone.core.db import Session
from hone.core.paging import Page, PageQuery
from hone.experiments import metrics, repository
from hone.experiments.errors import ExperimentState
from hone.experiments.models import Experiment
from hone.experiments.rendering import PREFIX
from hone.experiments.schemas.design import (
    ExperimentArm,
    ExperimentMetric,
    ExperimentWrite,
    Role,
    State,
)
from hone.experiments.schemas.pairs import (
    ABTestRead,
    ABTestWrite,
)
from hone.experiments.service import editing, running
from hone.experiments.service.editing import READ, WRITE
from hone.identity import Actor

CONTROL: Final = "control"
TREATMENT: Final = "treatment"
_SHORT: Final = re.compile(r"v?\d+(\.\d+)?")
_VERSION: Final = re.compile(r"v?\d+\.\d+\.\d+")


async def create(session: Session, actor: Actor, data: ABTestWrite) -> ABTestRead:
    """Start a test of two; one of this name that compares the same two already is answered again."""
    actor.require(WRITE)
    one, other, share = _pair(data)
    callables = await repository.callable_names(session, actor.organization_id)
    target, arms = await _arms(session, actor, data, (one, other), callables)
    shares = [1 - share, share]
    wanted = ExperimentWrite(
        name=data.name,
        hypothesis=data.hypothesis,
        target=target,
        arms=[
            each.model_copy(update={"share": part}) for each, part in zip(arms, shares, strict=True)
        ],
        metrics=_metrics(data.success_metrics),
        max_days=data.max_duration_days,
    )
    present = await repository.under_way_as(session, actor.organization_id, data.name, target)
    if present is not None and _refs(present) == [each.ref for each in arms]:
        return read(present)
    row = await editing.draw_up(session, actor, wanted)
    await running.begin(session, actor, row)
    if data.minimum_sample_size is not None and row.plan is not None:
        row.plan = row.plan | {"unitsPerArm": data.minimum_sample_size}
        await session.flush()
    return read(row)


async def page(session: Session, actor: Actor, query: PageQuery) -> Page[ABTestRead]:
    """List tests, newest first."""
    actor.require(READ)
    rows, total, following = await repository.page(session, actor.organization_id, query, None)
    return Page[ABTestRead](items=[read(row) for row in rows], total=total, next=following)


def read(row: Experiment) -> ABTestRead:
    """Show an experiment as a test of two."""
    refs = [str(each["ref"] or row.target) for each in row.arms]
    return ABTestRead(
        id=ids.public(PREFIX, row.id),
        name=row.name,
        hypothesis=row.hypothesis,
        model_name=row.target,
        model_a=refs[0],
        model_b=refs[1],
        traffic_split=float(row.arms[1]["share"]),
        success_metrics=[str(each["key"]) for each in row.metrics],
        status=cast("State", row.state),
        winner=None if row.decided is None else str(row.decided["arm"]),
        started_at=row.started_at,
        ended_at=row.ended_at,
        created_at=row.created_at,
    )


def _pair(data: ABTestWrite) -> tuple[str, str, float]:
    if data.variants is None:
        assert data.model_a is not None
        assert data.model_b is not None
        return data.model_a, data.model_b, data.traffic_split
    both = data.variants
    share = both.treatment.traffic_allocation or data.traffic_split
    return both.control.model_version, both.treatment.model_version, share


async def _arms(
    session: Session, actor: Actor, data: ABTestWrite, pair: tuple[str, str], callables: set[str]
) -> tuple[str, list[ExperimentArm]]:
    """Find what clients call, and what the two sides are."""
    target = data.model_name
    if target is None and not callables.intersection(pair):
        target = await _named(session, actor, pair)
    arms: list[ExperimentArm] = []
    for name, given in zip((CONTROL, TREATMENT), pair, strict=True):
        if given in callables:
            arms.append(ExperimentArm(name=name, kind="model", ref=given))
            target = target or given
            continue
        version = await versions.access(session, actor, target, _whole(given))
        target = target or version.name
        arms.append(ExperimentArm(name=name, kind="version", ref=version.version))
    assert target is not None
    if arms[0].kind != arms[1].kind:
        raise ExperimentState("Compare two models or two versions, not one of each.")
    return target, arms


async def _named(session: Session, actor: Actor, pair: tuple[str, str]) -> str | None:
    """Find the one model that has both versions; None where there is none or several."""
    found = [
        await versions.names_with(session, actor.organization_id, _whole(each)) for each in pair
    ]
    names = found[0] & found[1]
    return names.pop() if len(names) == 1 else None


def _whole(given: str) -> str:
    """Read `v1.0` as `v1.0.0`."""
    return given if _VERSION.fullmatch(given) or not _SHORT.fullmatch(given) else f"{given}.0"


def _metrics(keys: list[str]) -> list[ExperimentMetric]:
    names = list(dict.fromkeys(metrics.named(each) for each in keys))
    roles: list[Role] = ["primary", *("secondary" for _ in names[1:])]
    made = [ExperimentMetric(key=each, role=role) for each, role in zip(names, roles, strict=True)]
    if "error_rate" not in names:
        made.append(ExperimentMetric(key="error_rate", role="guardrail"))
    return made


def _refs(row: Experiment) -> list[str | None]:
    return [each["ref"] for each in row.arms]
