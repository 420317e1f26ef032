"""The calls that moved an alert become examples that somebody looks through."""

from typing import Any, Final

from hone import datasets, operations
from hone.core import ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.keyring import Keyring
from hone.datasets import DatasetCreate, ExampleCreate, Kind
from hone.identity import Actor, Permission
from hone.monitoring import rendering
from hone.monitoring.errors import NothingToReview
from hone.monitoring.schemas.alerts import AlertReview, AlertReviewed
from hone.monitoring.service.alerts import access
from hone.operations import Said

_KINDS: Final[dict[str, Kind]] = {"classification": "intent", "sentiment": "intent"}


async def review(
    session: Session, actor: Actor, keyring: Keyring, alert_id: str, data: AlertReview
) -> AlertReviewed:
    """Put the calls of an alert into a dataset, to be reviewed there; what it has stays as it is."""
    row = await access(session, actor, alert_id, Permission.MONITORS_WRITE)
    actor.require(Permission.DATASETS_WRITE)
    named: list[Any] = row.evidence.get("operations") or []
    parsed = [each for each in (ids.parse("op", str(one)) for one in named) if each]
    found = await operations.said(session, keyring, actor.organization_id, parsed)
    known = [each for each in found.values() if each.asked and each.answered]
    if not known:
        raise NothingToReview
    kind: Kind = _KINDS.get(known[0].kind, "response")
    name = data.dataset or f"{row.model or known[0].model} to review"
    some = [each for each in known if _KINDS.get(each.kind, "response") == kind]
    wanted = DatasetCreate(name=name, kind=kind, description=f"Calls of the alert “{row.title}”.")
    dataset, added = await datasets.collect(
        session, keyring, actor, wanted, [_example(each) for each in some]
    )
    subject = ids.public(rendering.ALERT, row.id)
    facts = {"dataset": ids.public("ds", dataset.id), "examples": added}
    publish(session, actor.organization_id, actor.id, "alert.reviewed", subject, facts)
    return AlertReviewed(
        dataset=ids.public("ds", dataset.id), name=dataset.name, calls=len(some), added=added
    )


def _example(call: Said) -> ExampleCreate:
    return ExampleCreate(
        input=call.asked or "",
        output=call.answered or "",
        source="automated",
        status="pending",
        operation=ids.public("op", call.id),
        user=call.user,
    )
