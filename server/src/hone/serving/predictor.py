"""Whether trained models are served, and which version of each is in memory, as an organization is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from hone import versions
from hone.core.db import Session
from hone.core.schemas import Schema
from hone.identity import Actor, Permission
from hone.serving import words
from hone.versions import Predictor, State


class ServedModel(Schema):
    """One trained model that is live, and what the predictor has of it."""

    name: str
    environment: str
    called_as: str = Field(description="What clients send as `model`.")
    version: str = Field(description="What is live.")
    loaded: str | None = Field(description="What answers; null: nothing is in memory.")
    state: Literal["loaded", "waiting", "failed", "unknown"] = Field(
        description="`waiting` is loaded when somebody calls it; `unknown`: no predictor answers."
    )
    why: str | None = Field(description="Why the live version cannot be loaded.")


class PredictorRead(Schema):
    """Whether trained models are served, and which version of each is in memory."""

    status: Literal["ready", "degraded", "unavailable", "idle"]
    detail: str
    models: list[ServedModel]


async def read(session: Session, actor: Actor, predictor: Predictor) -> PredictorRead:
    """Tell an organization whether its trained models are served, and which versions are in memory."""
    actor.require(Permission.MODELS_READ)
    rows = await versions.served_of(session, actor.organization_id)
    if not rows:
        return PredictorRead(status="idle", detail=words.IDLE, models=[])
    states = await predictor.states(actor.organization_id)
    models = served_models(rows, states)
    failed = sum(each.state == "failed" for each in models)
    if states is None:
        why = words.MISSING if predictor.house is None else words.SILENT
        return PredictorRead(status="unavailable", detail=why, models=models)
    status = "degraded" if failed else "ready"
    return PredictorRead(status=status, detail=words.summed(len(models), failed), models=models)


def served_models(rows: Sequence[Any], states: Sequence[State] | None) -> list[ServedModel]:
    """Set what is live beside what a predictor says, if one answers."""
    told = {each.name: each for each in states or ()}
    return [_served(row, told, known=states is not None) for row in rows]


def _served(row: Any, told: Mapping[str, State], *, known: bool) -> ServedModel:  # noqa: ANN401
    name = versions.called(row.name, row.environment)
    state = told.get(name, State(name, row.version))
    # What it was told last may be another version than what is live by now.
    why = state.why if state.version == row.version else None
    if not known:
        standing = "unknown"
    elif state.loaded == row.version:
        standing = "loaded"
    else:
        standing = "failed" if why else "waiting"
    return ServedModel(
        name=row.name,
        environment=row.environment,
        called_as=name,
        version=row.version,
        loaded=state.loaded,
        state=standing,
        why=why,
    )


def address_file(data_dir: Path) -> Path:
    """Return where a predictor of this machine writes down its address, for `hone doctor`."""
    return data_dir / "predictor.address"
