"""What a tracker of experiments is to the reporter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

from hone.training.models import TrainingMetric, TrainingRun

Name = Literal["mlflow", "wandb"]


@dataclass(frozen=True, slots=True)
class Begun:
    """A run there."""

    id: str
    url: str | None
    fresh: bool = False
    """What was told of it before is to be told again: a value that comes twice counts once there."""


class Tracker(Protocol):
    """One place that is told of runs; each call raises `Unavailable` where it does not take what is told."""

    @property
    def name(self) -> Name:
        """Return what reports call it."""
        ...

    def knows(self, remote_id: str) -> bool:
        """Tell whether it can be told of a run without beginning it again."""
        ...

    async def begin(self, organization: str, row: TrainingRun) -> Begun:
        """Find or make the run there."""
        ...

    async def tell(self, remote_id: str, measured: Sequence[TrainingMetric]) -> None:
        """Tell what was measured."""
        ...

    async def end(self, remote_id: str, row: TrainingRun) -> None:
        """Tell how it ended, what it was worth, and what a search found."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


def asked(row: TrainingRun) -> dict[str, Any]:
    """Return what was asked for, as trackers show it: parameters by their paths."""
    return {
        "engine": row.engine,
        "task": row.task,
        "seed": row.spec.get("seed"),
        "dataset": row.dataset_name,
        "datasetVersion": row.dataset_version,
        "datasetDigest": row.dataset_hash,
        **dict(flat(row.spec.get("params", {}))),
    }


def best(row: TrainingRun) -> dict[str, Any]:
    """Return what a search found."""
    if not row.spec.get("search"):
        return {}
    return {f"best.{name}": value for name, value in flat(row.hyperparameters)}


def flat(params: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """List parameters by their paths, as `regularization.l2`."""
    for name, value in params.items():
        if isinstance(value, dict):
            yield from flat(cast("Mapping[str, Any]", value), f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def key(metric: TrainingMetric) -> str:
    """Name a measured value, as `train/loss`."""
    return f"{metric.split}/{metric.name}" if metric.split else metric.name
