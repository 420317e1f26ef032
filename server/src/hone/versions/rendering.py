"""Trained models as the API shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from hone.core import ids
from hone.versions import evidence
from hone.versions.models import History, ModelVersion
from hone.versions.schemas import (
    ArtifactFile,
    Deprecation,
    Environment,
    GateOverride,
    GateVerdict,
    LiveVersions,
    ModelHistoryRead,
    ModelVersionRead,
    TrainedOn,
    VersionState,
    VersionSummary,
)

PREFIX: Final = "mv"
_EVENT: Final = "mh"


class Standing:
    """What the history says of some versions: which are live and where, which are deprecated."""

    def __init__(self, live: Iterable[History], told: Sequence[History]) -> None:
        self._live: dict[UUID, list[str]] = {}
        for row in live:
            if row.version_id is not None and row.environment is not None:
                self._live.setdefault(row.version_id, []).append(row.environment)
        self._deprecated = {
            row.version_id: row for row in told if row.action == "deprecated" and row.version_id
        }
        self._released = {row.version_id for row in told if row.environment is not None}

    def live_in(self, row: ModelVersion) -> list[Environment]:
        """Name the environments in which a version is live."""
        return cast("list[Environment]", sorted(self._live.get(row.id, [])))

    def deprecation(self, row: ModelVersion) -> History | None:
        """Return the row that deprecated a version."""
        return self._deprecated.get(row.id)

    def state(self, row: ModelVersion) -> VersionState:
        """Say in one word how a version stands."""
        live = self._live.get(row.id, [])
        if "production" in live:
            return "live"
        if live:
            return "staged"
        if row.id in self._deprecated:
            return "deprecated"
        return "retired" if row.id in self._released else "candidate"


def summary(row: ModelVersion, standing: Standing) -> VersionSummary:
    """Show one version in a list."""
    return VersionSummary(
        id=ids.public(PREFIX, row.id),
        version=row.version,
        state=standing.state(row),
        task=row.task,
        engine=row.engine,
        created_at=row.created_at,
        figures=evidence.test_figures(row.card),
        gate_passed=bool(row.gate.get("passed")),
        live_in=standing.live_in(row),
    )


def version(row: ModelVersion, standing: Standing) -> ModelVersionRead:
    """Show one version with all of its evidence."""
    deprecated = standing.deprecation(row)
    return ModelVersionRead(
        id=ids.public(PREFIX, row.id),
        name=row.name,
        version=row.version,
        state=standing.state(row),
        task=row.task,
        engine=row.engine,
        created_at=row.created_at,
        created_by=row.created_by,
        run=row.run_id and ids.public("trun", row.run_id),
        dataset=TrainedOn(
            id=row.dataset_id and ids.public("ds", row.dataset_id),
            version=row.dataset_version_id and ids.public("dv", row.dataset_version_id),
            digest=row.dataset_digest,
        ),
        labels=row.labels,
        configuration=row.configuration,
        card=row.card,
        evidence=evidence.parts(row.card),
        gate=gate(row.gate),
        comparison=row.comparison,
        files=[ArtifactFile(**each) for each in row.files],
        digest=row.digest,
        size=row.size,
        live_in=standing.live_in(row),
        deprecation=deprecated
        and Deprecation(at=deprecated.at, by=deprecated.actor, reason=deprecated.reason),
    )


def gate(stored: Mapping[str, Any]) -> GateVerdict:
    """Show what the gates said."""
    known = {"passed", "checks", "comparedWith"}
    return GateVerdict.model_validate({key: each for key, each in stored.items() if key in known})


def live(rows: Iterable[History], numbers: Mapping[UUID, str]) -> LiveVersions:
    """Say which version is live in each environment."""
    told = {
        row.environment: numbers.get(row.version_id)
        for row in rows
        if row.environment is not None and row.version_id is not None
    }
    return LiveVersions.model_validate(told)


def history(row: History, numbers: Mapping[UUID, str]) -> ModelHistoryRead:
    """Show one thing that happened."""
    return ModelHistoryRead(
        id=ids.public(_EVENT, row.id),
        at=row.at,
        action=cast("Any", row.action),
        environment=cast("Environment | None", row.environment),
        version=row.version_id and numbers.get(row.version_id),
        version_id=row.version_id and ids.public(PREFIX, row.version_id),
        former=row.former_id and numbers.get(row.former_id),
        actor=row.actor,
        reason=row.reason,
        gate=None if row.evidence is None else gate(row.evidence),
        override=None if row.override is None else GateOverride(**row.override),
    )
