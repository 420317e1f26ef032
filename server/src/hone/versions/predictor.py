"""What the predictor says of itself: whether it answers, and what it has in memory of what is live."""

from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from hone.llm.errors import ProviderError
from hone.llm.transport import Transport
from hone.llm.types import Call, Deadlines
from hone.registry import House

T = TypeVar("T")

_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
"""An operator says where it is."""
_LARGEST: Final = 8 << 20
_PATIENCE: Final = 3.0
"""Seconds that an answer may take: a version that is asked for the first time is loaded."""
_ANSWERS: Final = frozenset({200, 503})
"""It says of itself that it is not ready, with 503."""


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


class Serving(msgspec.Struct, frozen=True):
    """What a predictor says of one name; `id` is None where it serves nothing, or cannot read its files."""

    id: UUID | None


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
        told = await self._of(organization_id, "", _States)
        return None if told is None else told.models

    async def serving(self, organization_id: UUID, called: str) -> Serving | None:
        """Ask which version answers to a name, once it is in memory; None where no predictor answers."""
        return await self._of(organization_id, f"?{urlencode({'model': called})}", Serving)

    async def _of(self, organization_id: UUID, query: str, kind: type[T]) -> T | None:
        if self.house is None:
            return None
        badge = ("authorization", f"Bearer {self.house.badge(organization_id)}")
        return await self._ask(f"/v1/served{query}", (badge,), kind, _PATIENCE)

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
                if upstream.status not in _ANSWERS:
                    return None
                return msgspec.json.decode(await upstream.body(_LARGEST), type=kind)
        except (ProviderError, msgspec.MsgspecError):
            return None
