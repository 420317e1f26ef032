"""HTTP routes of alerts, with and without the prefix `/api`."""

from typing import Annotated

from fastapi import APIRouter, Query

from hone.identity import ActorDep, KeyringDep, SessionDep
from hone.monitoring.schemas.alerts import (
    AlertPage,
    AlertRead,
    AlertResolve,
    AlertReview,
    AlertReviewed,
    AlertSilenceWrite,
    AlertsQuery,
)
from hone.monitoring.service import alerts, reviewing

router = APIRouter(tags=["monitoring"])


@router.get("/ai/alerts", include_in_schema=False)
@router.get("/api/ai/alerts")
async def list_alerts(
    session: SessionDep, actor: ActorDep, query: Annotated[AlertsQuery, Query()]
) -> AlertPage:
    """List alerts, newest first."""
    return await alerts.page(session, actor, query)


@router.get("/ai/alerts/{alert_id}", include_in_schema=False)
@router.get("/api/ai/alerts/{alert_id}")
async def get_alert(session: SessionDep, actor: ActorDep, alert_id: str) -> AlertRead:
    """Get an alert: what shows it, what can be done, whom it was told."""
    return await alerts.get(session, actor, alert_id)


@router.post("/ai/alerts/{alert_id}/resolve", include_in_schema=False)
@router.post("/api/ai/alerts/{alert_id}/resolve")
async def resolve_alert(
    session: SessionDep, actor: ActorDep, alert_id: str, body: AlertResolve | None = None
) -> AlertRead:
    """Say that an alert is over."""
    return await alerts.resolve(session, actor, alert_id, body)


@router.post("/api/ai/alerts/{alert_id}/acknowledge")
async def acknowledge_alert(session: SessionDep, actor: ActorDep, alert_id: str) -> AlertRead:
    """Say that somebody is at it."""
    return await alerts.acknowledge(session, actor, alert_id)


@router.post("/api/ai/alerts/{alert_id}/silence")
async def silence_alert(
    session: SessionDep, actor: ActorDep, alert_id: str, body: AlertSilenceWrite
) -> AlertRead:
    """Let a cause ring nobody until a moment."""
    return await alerts.silence(session, actor, alert_id, body)


@router.post("/api/ai/alerts/{alert_id}/review")
async def review_alert(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    alert_id: str,
    body: AlertReview | None = None,
) -> AlertReviewed:
    """Put the calls that moved an alert into a dataset, to be reviewed."""
    return await reviewing.review(session, actor, keyring, alert_id, body or AlertReview())
