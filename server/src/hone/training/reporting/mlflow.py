"""Runs told to an MLflow tracking server, by its REST API (https://mlflow.org/docs/latest/api_reference/rest-api.html)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from hone.core import ids
from hone.core.errors import Unavailable
from hone.training import rendering
from hone.training.models import TrainingMetric, TrainingRun
from hone.training.outside import Json, Outside
from hone.training.reporting.tracker import Begun, Name, asked, best, key

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

    @property
    def name(self) -> Name:
        """Return what reports call it."""
        return "mlflow"

    def knows(self, remote_id: str) -> bool:
        """Tell that it always can be told."""
        return True

    async def close(self) -> None:
        """Drop every connection."""
        await self.outside.close()

    async def begin(self, organization: str, row: TrainingRun) -> Begun:
        """Find or make the run there, told apart by its tag."""
        experiment = await self._experiment(f"{organization}/{row.model}")
        name = ids.public(rendering.RUN, row.id)
        wanted = {"experiment_ids": [experiment], "filter": f"tags.`{_TAG}` = '{name}'"}
        found = (await self._ask("POST", "/runs/search", wanted)).get("runs") or ()
        if found:
            return self._begun(experiment, str(found[0]["info"]["run_id"]))
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
        await self._params(run_id, asked(row))
        return self._begun(experiment, run_id)

    def _begun(self, experiment: str, run_id: str) -> Begun:
        page = f"{self.outside.address}/#/experiments/{quote(experiment)}/runs/{quote(run_id)}"
        return Begun(run_id, page)

    async def tell(self, remote_id: str, measured: Sequence[TrainingMetric]) -> None:
        """Tell what was measured."""
        metrics = [
            {
                "key": key(each),
                "value": each.value,
                "timestamp": _milliseconds(each.at),
                "step": each.step,
            }
            for each in measured
        ]
        await self._ask("POST", "/runs/log-batch", {"run_id": remote_id, "metrics": metrics})

    async def end(self, remote_id: str, row: TrainingRun) -> None:
        """Tell how it ended, what it was worth, and what a search found."""
        at = _milliseconds(row.finished_at or row.updated_at)
        figures = [
            {"key": f"final/{name}", "value": float(value), "timestamp": at, "step": 0}
            for name, value in row.figures.items()
        ]
        if figures:
            await self._ask("POST", "/runs/log-batch", {"run_id": remote_id, "metrics": figures})
        await self._params(remote_id, best(row))
        status = _STATUS[row.state]
        await self._ask(
            "POST", "/runs/update", {"run_id": remote_id, "status": status, "end_time": at}
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


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
