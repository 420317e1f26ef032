"""HTTP routes of metrics, with and without the prefix `/api`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hone.identity import ActorDep, SessionDep
from hone.monitoring.schemas.metrics import (
    MetricsAction,
    MetricsPeriod,
    MetricsQuery,
    MetricsReport,
    ModelReport,
    StatisticsReport,
)
from hone.monitoring.service import metrics

router = APIRouter(tags=["monitoring"])

PeriodParam = Annotated[MetricsPeriod, Query(description="The running hour is its last.")]


@router.get("/ai/metrics", include_in_schema=False)
@router.get("/api/ai/metrics")
async def get_metrics(
    session: SessionDep, actor: ActorDep, query: Annotated[MetricsQuery, Query()]
) -> MetricsReport:
    """Tell how good answers are, what they cost, and how everything is; at most five minutes old."""
    return await metrics.report(session, actor, query)


@router.post("/ai/metrics", include_in_schema=False, response_model=MetricsReport)
@router.post(
    "/api/ai/metrics",
    response_model=MetricsReport,
    responses={200: {"content": {"text/csv": {}}, "description": "CSV where it is asked for."}},
)
async def act_on_metrics(
    session: SessionDep, actor: ActorDep, body: MetricsAction
) -> MetricsReport | Response:
    """Reckon metrics anew, or export them."""
    made = await metrics.act(session, actor, body)
    if body.action == "export" and body.format == "csv":
        return Response(metrics.table(made), media_type="text/csv; charset=utf-8")
    return made


@router.get("/ai/metrics/{model_id}", include_in_schema=False)
@router.get("/api/ai/metrics/{model_id}")
async def get_model_metrics(
    session: SessionDep, actor: ActorDep, model_id: str, period: PeriodParam = "week"
) -> ModelReport:
    """Tell how one model is, with intervals, and where that goes."""
    return await metrics.of_model(session, actor, model_id, period)


@router.get("/ai/statistics", include_in_schema=False)
@router.get("/api/ai/statistics")
async def get_statistics(
    session: SessionDep, actor: ActorDep, period: PeriodParam = "week"
) -> StatisticsReport:
    """Tell all models side by side, with intervals, and where the whole goes."""
    return await metrics.statistics(session, actor, period)
