"""What the predictor says of itself: whether it answers, and what it has in memory of what is live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec
from pydantic import Field

from hone import versions
from hone.core.db import Session
from hone.core.schemas import Schema
from hone.identity import Actor, Permission
from hone.llm.errors import ProviderError
from hone.llm.transport import Transport
from hone.llm.types import Call, Deadlines
from hone.registry import House
from hone.serving import words

T = TypeVar("T")

_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
"""An operator says where it is."""
_LARGEST: Final = 8 << 20
_PATIENCE: Final = 1.5


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


class Holding(msgspec.Struct, frozen=True):
    """What a predictor says to probes."""

    status: str
    models: int = 0
    loaded: int = 0
    failed: dict[str, str] = {}
    """Versions that it cannot load, and why."""


class State(msgspec.Struct, frozen=True):
    """What a predictor says of a name."""

    name: str
    version: str
    loaded: str | None = None
    why: str | None = None


class _States(msgspec.Struct, frozen=True):
    models: list[State]


@dataclass(frozen=True, slots=True)
class Predictor:
    """Where trained models are served; without a house, nowhere."""

    house: House | None
    transport: Transport

    async def holding(self, seconds: float = _PATIENCE) -> Holding | None:
        """Ask how it is; None where none answers."""
        return await self._ask("/readyz", (), Holding, seconds)

    async def states(self, organization_id: UUID) -> list[State] | None:
        """Ask how the models of an organization are; None where no predictor answers."""
        if self.house is None:
            return None
        badge = ("authorization", f"Bearer {self.house.badge(organization_id)}")
        told = await self._ask("/v1/served", (badge,), _States, _PATIENCE)
        return None if told is None else told.models

    async def _ask(
        self, path: str, headers: tuple[tuple[str, str], ...], kind: type[T], seconds: float
    ) -> T | None:
        if self.house is None:
            return None
        call = Call(f"{self.house.url}{path}", headers, b"", _ANYWHERE, method="GET")
        deadlines = Deadlines(connect=seconds, total=seconds)
        try:
            async with self.transport.request(call, deadlines, "health") as upstream:
                await upstream.head()
                return msgspec.json.decode(await upstream.body(_LARGEST), type=kind)
        except (ProviderError, msgspec.MsgspecError):
            return None


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
