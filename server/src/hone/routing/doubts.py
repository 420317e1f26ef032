"""What a routing model may not be trusted on, in words."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from hone.routing.examples import LEAST_PROMPTS
from hone.routing.models import RoutingModel
from hone.routing.schemas import Evidence

_POOR_CALIBRATION: Final = 0.1
_MUCH: Final = 0.2
_LEAST_APGR: Final = 0.55
_NAMED: Final = 5


def doubts(row: RoutingModel, shown: Evidence, names: Mapping[UUID, str]) -> list[str]:
    """Say what speaks against a routing model, the gravest first."""
    found: list[str] = []
    if row.basis == "observed":
        found.append("It predicts failures that a record shows, and not how good an answer is.")
    return [*found, *_of_rule(row, shown), *_of_numbers(shown), *_of_reach(row, shown, names)]


def _of_rule(row: RoutingModel, shown: Evidence) -> list[str]:
    if row.card.get("differenceError", 0) >= row.card.get("differenceErrorOfPrior", 1):
        return ["Its outcomes follow no rule that it found: it says the same of every prompt."]
    if shown.apgr is not None and shown.apgr < _LEAST_APGR:
        return ["It hardly tells which prompts need the better model."]
    return []


def _of_numbers(shown: Evidence) -> list[str]:
    found: list[str] = []
    if shown.prompts < 2 * LEAST_PROMPTS:
        found.append(f"It knows {shown.prompts} prompts, which is few: its figures are rough.")
    if not shown.compared:
        found.append("No prompt was answered by all its models: what sets them apart is a guess.")
    elif shown.saved is None:
        found.append(
            "What it saves is not known: too few prompts were answered by all its models, or a model has no price."
        )
    found += [
        f"Chances of {each.model or 'a deleted model'} are {each.calibration_error:.0%} off."
        for each in shown.models
        if each.calibration_error is not None and each.calibration_error > _POOR_CALIBRATION
    ]
    return found


def _of_reach(row: RoutingModel, shown: Evidence, names: Mapping[UUID, str]) -> list[str]:
    found: list[str] = []
    left = sorted(name for key, name in names.items() if key not in set(row.models))
    if left:
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        listed = ", ".join(left[:_NAMED]) + more
        found.append(f"It does not know {listed}: there your own number counts.")
    if shown.traffic is not None and shown.traffic.strange > _MUCH:
        found.append(
            f"{shown.traffic.strange:.0%} of the latest prompts are unlike all it learned from."
        )
    return found
