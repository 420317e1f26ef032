"""Runs told to an MLflow tracking server, by its REST API (https://mlflow.org/docs/latest/api_reference/rest-api.html)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import quote

from hone.core import ids
from hone.core.errors import Unavailable
from hone.training import rendering
from hone.training.models import TrainingMetric, TrainingRun
from hone.training.outside import Json, Outside

_API: Final = "/api/2.0/mlflow"
_TAG: Final = "hone.run"
_LONGEST: Final = 500
"""Characters of a parameter's value, which every version of MLflow takes."""
_MOST: Final = 100
_STATUS: Final = {"succeeded": "FINISHED", "failed": "FAILED", "cancelled": "KILLED"}


class MlflowRefused(Unavailable):
    """The MLflow server does not take what is told."""

    code = "mlflow_refused"


@dataclass(frozen=True, slots=True)
class Mlflow:
    """One tracking server."""

    outside: Outside

    async def begin(self, organization: str, row: TrainingRun) -> str:
        """Find or make the run there, told apart by its tag, and return its id."""
        experiment = await self._experiment(f"{organization}/{row.model}")
        name = ids.public(rendering.RUN, row.id)
        wanted = {"experiment_ids": [experiment], "filter": f"tags.`{_TAG}` = '{name}'"}
        found = (await self._ask("POST", "/runs/search", wanted)).get("runs") or ()
        if found:
            return str(found[0]["info"]["run_id"])
        tags = {_TAG: name, "hone.kind": row.kind, "hone.specification": row.spec_hash}
        made = await self._ask(
            "POST",
            "/runs/create",
            {
                "experiment_id": experiment,
                "run_name": name,
                "start_time": _milliseconds(row.started_at or row.created_at),
                "tags": [{"key": key, "value": value} for key, value in tags.items()],
            },
        )
        run_id = str(made["run"]["info"]["run_id"])
        asked = {
            "engine": row.engine,
            "task": row.task,
            "seed": row.spec.get("seed"),
            "dataset": row.dataset_name,
            "datasetVersion": row.dataset_version,
            "datasetDigest": row.dataset_hash,
            **dict(flat(row.spec.get("params", {}))),
        }
        await self._params(run_id, asked)
        return run_id

    async def tell(self, run_id: str, measured: Sequence[TrainingMetric]) -> None:
        """Tell what was measured."""
        metrics = [
            {
                "key": f"{each.split}/{each.name}" if each.split else each.name,
                "value": each.value,
                "timestamp": _milliseconds(each.at),
                "step": each.step,
            }
            for each in measured
        ]
        await self._ask("POST", "/runs/log-batch", {"run_id": run_id, "metrics": metrics})

    async def end(self, run_id: str, row: TrainingRun) -> None:
        """Tell how it ended, what it was worth, and what a search found."""
        at = _milliseconds(row.finished_at or row.updated_at)
        figures = [
            {"key": f"final/{name}", "value": float(value), "timestamp": at, "step": 0}
            for name, value in row.figures.items()
        ]
        if figures:
            await self._ask("POST", "/runs/log-batch", {"run_id": run_id, "metrics": figures})
        if row.spec.get("search"):
            best = dict(flat(row.hyperparameters))
            await self._params(run_id, {f"best.{name}": value for name, value in best.items()})
        status = _STATUS[row.state]
        await self._ask(
            "POST", "/runs/update", {"run_id": run_id, "status": status, "end_time": at}
        )

    async def _params(self, run_id: str, params: Mapping[str, Any]) -> None:
        listed = [
            {"key": name, "value": str(value)[:_LONGEST]}
            for name, value in params.items()
            if value is not None
        ]
        if listed:
            body = {"run_id": run_id, "params": listed[:_MOST]}
            await self._ask("POST", "/runs/log-batch", body)

    async def _experiment(self, name: str) -> str:
        path = f"/experiments/get-by-name?experiment_name={quote(name, safe='')}"
        status, said = await self.outside.ask("GET", f"{_API}{path}")
        if status == 200:
            return str(said["experiment"]["experiment_id"])
        made = await self._ask("POST", "/experiments/create", {"name": name})
        return str(made["experiment_id"])

    async def _ask(self, method: str, path: str, body: Json) -> Json:
        status, said = await self.outside.ask(method, f"{_API}{path}", body)
        if status != 200:
            words = str(said.get("message") or said.get("text") or said)[:300]
            raise MlflowRefused(f"MLflow answers {status} to {path}: {words}")
        return said


def flat(params: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """List parameters by their paths, as `regularization.l2`."""
    for name, value in params.items():
        if isinstance(value, dict):
            yield from flat(cast("Mapping[str, Any]", value), f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
