"""An experiment as the API shows it."""

from hone.core import ids
from hone.experiments.models import Experiment, ExperimentLook
from hone.experiments.schemas.design import (
    ExperimentArmRead,
    ExperimentDecision,
    ExperimentMetricRead,
    ExperimentPlan,
    ExperimentRead,
    ExperimentRelease,
    VerdictRead,
)

PREFIX = "exp"


def experiment(
    row: Experiment, look: ExperimentLook | None, release: ExperimentRelease | None = None
) -> ExperimentRead:
    """Show one, with what its last analysis said and the release that it led to."""
    fields = {name: getattr(row, name) for name in _SAME}
    return ExperimentRead(
        id=ids.public(PREFIX, row.id),
        arms=[_arm(each) for each in row.arms],
        metrics=[ExperimentMetricRead.model_validate(each) for each in row.metrics],
        plan=None if row.plan is None else ExperimentPlan.model_validate(row.plan),
        decided=_decision(row),
        release=release,
        units=None if look is None else look.units,
        verdict=None if look is None else _verdict(look),
        **fields,
    )


def _decision(row: Experiment) -> ExperimentDecision | None:
    if row.decided is None:
        return None
    return ExperimentDecision.model_validate(
        {name: row.decided[name] for name in ExperimentDecision.model_fields}
    )


def _verdict(look: ExperimentLook) -> VerdictRead:
    return VerdictRead.model_validate(
        {name: look.verdict.get(name) for name in VerdictRead.model_fields}
    )


def _arm(stored: dict[str, object]) -> ExperimentArmRead:
    shown = {name: stored.get(name) for name in ("name", "kind", "ref", "share", "prompt")}
    return ExperimentArmRead.model_validate(shown)


_SAME = (
    "version", "name", "hypothesis", "target", "unit", "coverage", "state", "method", "alpha", "power",
    "minimum_effect", "mode", "max_days", "created_by", "created_at", "updated_at", "started_at", "paused_at",
    "ended_at", "ended_reason",
)  # fmt: skip
