"""From rows to the splits of a Snapshot."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from hone.core.db import Session
from hone.experiments import repository
from hone.experiments.models import Experiment
from hone.gateway import Arm, Policy, Route, Split, Unit

log = logging.getLogger(__name__)

KIND = "experiment"


async def splits(
    session: Session, organization_id: UUID, routes: Mapping[str, Route]
) -> dict[str, Split]:
    """Compile what experiments make of an organization's calls, by the name that clients send.

    An arm that cannot be called any longer stays, with nothing to answer: its units go where they
    would without a split, and the log says so. Else the other arms would inherit them.
    """
    found: dict[str, Split] = {}
    for row in await repository.splitting(session, organization_id):
        if row.target not in routes:
            log.warning("experiment %s waits: nothing is called %s", row.name, row.target)
        elif row.state == "running":
            found[row.target] = _split(row, routes)
        else:
            found.setdefault(row.target, _standing(row, routes))
    return found


def split_of(row: Experiment) -> Split:
    """Compile an experiment to reckon with, and not to call."""
    return _split(row, {})


def _split(row: Experiment, routes: Mapping[str, Route]) -> Split:
    arms = tuple(_arm(row, each, routes) for each in row.arms)
    return Split(row.id, KIND, salt(row.id), Unit(row.unit), arms, row.coverage)


def salt(split_id: UUID) -> str:
    """Tell under what units are hashed."""
    return split_id.hex


def _standing(row: Experiment, routes: Mapping[str, Route]) -> Split:
    assert row.decided is not None
    winner = next(each for each in row.arms if each["name"] == row.decided["arm"])
    arm = replace(_arm(row, winner, routes), share=1.0)
    return Split(row.id, KIND, salt(row.id), Unit(row.unit), (arm,), told=False)


def _arm(row: Experiment, stored: Mapping[str, Any], routes: Mapping[str, Route]) -> Arm:
    name = str(stored.get("calls") or stored.get("ref") or row.target)
    route = routes.get(name) or Route(None, name, Policy.WEIGHTED, ())
    if stored["kind"] == "policy" and route.targets:
        # Under a name of its own, or two arms would share one wheel.
        chosen = Policy(stored["ref"])
        route = replace(route, name=f"{route.name}#{stored['name']}", policy=chosen)
    return Arm(str(stored["name"]), route, float(stored["share"]), stored.get("prompt"))
