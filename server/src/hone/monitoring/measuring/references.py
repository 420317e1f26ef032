"""What drift is compared with: what the live version was trained on, and what it was asked at first.

Who goes live in traffic that is strange already sees nothing new in its first days: only its training set
tells. The training set says nothing of what changes later in traffic that never looked like it: there the
first days do. So both are compared, each with bets of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hone import datasets, operations, versions
from hone.core.db import Session
from hone.core.errors import AppError
from hone.monitoring.estimates import NOTHING, Estimate, share
from hone.monitoring.models import Monitor
from hone.monitoring.place import Place
from hone.monitoring.repository import samples
from hone.operations import Said
from hone.versions import ModelVersion

MOST: Final = 500
TRAFFIC: Final = ""
TRAINING: Final = "training"
LONGEST_LABEL: Final = 200
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reference:
    """A lot of texts that what is asked now is compared with."""

    name: str
    """The slice that is told of it."""
    version: str | None
    """Which version it belongs to: bets begin anew with the next."""
    words: str
    """What it is: `asked before`, as a sentence ends."""
    asked: Sequence[str]
    labels: Sequence[str]
    said: Sequence[Said] = ()
    tested: Estimate = NOTHING
    """How many answers were right when the version was tested."""


async def traffic(
    session: Session, place: Place, monitor: Monitor, since: datetime, live: ModelVersion | None
) -> Reference:
    """Draw calls of the first days of the version that is live, or of the days before."""
    days = int(monitor.rule["reference_days"])
    begins, ends = since - timedelta(days=days), since
    words = f"asked in the {days} days before"
    went = await versions.live_since(session, monitor.organization_id, str(monitor.model))
    if live is not None and went is not None and went + _DAY < since:
        begins, ends = went, min(went + timedelta(days=days), since)
        words = f"asked in the first days of {live.version}"
    found = await drawn(session, place, monitor, begins, ends)
    named = None if live is None else live.version
    return Reference(
        TRAFFIC, named, words, [each.asked or "" for each in found], labels(found), found
    )


async def training(
    session: Session, place: Place, monitor: Monitor, live: ModelVersion | None
) -> Reference | None:
    """Draw from what the live version was trained on; None where that is not known or not kept."""
    if live is None or live.dataset_version_id is None:
        return None
    mine = monitor.organization_id
    try:
        row = await datasets.version(session, mine, live.dataset_version_id)
        found = await datasets.trained_on(session, place.blobs, place.keyring, row, MOST)
    except AppError:
        return None
    said = [label for _, label in found if label is not None and len(label) <= LONGEST_LABEL]
    return Reference(
        TRAINING,
        live.version,
        f"trained on ({live.version})",
        [asked for asked, _ in found],
        said,
        tested=_tested(live),
    )


def _tested(live: ModelVersion) -> Estimate:
    figures = live.card.get("figures", {}).get("test", {})
    accuracy, examples = figures.get("accuracy"), figures.get("examples")
    if not isinstance(accuracy, int | float) or not isinstance(examples, int | float):
        return NOTHING
    return share(round(accuracy * examples), round(examples))


async def drawn(
    session: Session, place: Place, monitor: Monitor, since: datetime, until: datetime
) -> list[Said]:
    """Draw calls of the model in a stretch of time of which it is kept what was asked."""
    ids = await samples.drawn(
        session, monitor.organization_id, str(monitor.model), since, until, MOST
    )
    found = await operations.said(session, place.keyring, monitor.organization_id, ids)
    return [found[each] for each in ids if each in found and found[each].asked]


def labels(lot: Sequence[Said]) -> list[str]:
    """List what was answered, where that is a label."""
    return [
        each.answered
        for each in lot
        if each.kind == "classification" and each.answered and len(each.answered) <= LONGEST_LABEL
    ]
