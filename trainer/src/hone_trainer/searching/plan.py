"""What a search is to do: the object `search` of a run's specification."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from hone_trainer.engines import Engine
from hone_trainer.errors import Refused
from hone_trainer.searching import space as spaces
from hone_trainer.searching.space import Space

SAMPLERS: Final = ("tpe", "random", "grid")
PRUNERS: Final = ("none", "median", "asha")
LESS_IS_MORE: Final = frozenset({"loss", "perplexity", "calibrationError", "wrong"})
"""Figures that are better when they are smaller."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A search."""

    sampler: str
    trials: int
    objective: str
    prune: str
    timeout: float | None
    """Seconds of all trials together, divided by how many run at once."""
    concurrency: int
    space: Space

    @property
    def direction(self) -> Literal["minimize", "maximize"]:
        """Say whether more of the objective is better."""
        return "minimize" if self.objective in LESS_IS_MORE else "maximize"

    def better(self, one: float, other: float) -> bool:
        """Tell whether one value is better than another; the same is not."""
        return one < other if self.direction == "minimize" else one > other


def read(given: Mapping[str, Any], engine: Engine) -> Plan:
    """Read it, with what the engine proposes where nothing is said."""
    space = spaces.read(given.get("space") or engine.search)
    if not space:
        told = f"Say in `search.space` what to search: the engine {engine.name} proposes nothing."
        raise Refused("SEARCH_INVALID", told, param="search.space")
    plan = Plan(
        str(given.get("sampler", "tpe")),
        int(given.get("trials", 20)),
        str(given.get("objective") or engine.objective),
        str(given.get("prune", "none")),
        given.get("timeout"),
        max(int(given.get("concurrency", 1)), 1),
        space,
    )
    if plan.sampler not in SAMPLERS or plan.prune not in PRUNERS or plan.trials < 1:
        told = f"`search` takes a sampler of {SAMPLERS}, prunes by one of {PRUNERS}, and has a trial at least."
        raise Refused("SEARCH_INVALID", told, param="search")
    return plan
