"""The rules of health: what is told of each provider."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.health import repository, states
from hone.health.repository import Failure, Figures
from hone.health.schemas import (
    CircuitRead,
    FailureRead,
    HealthRead,
    HealthWindow,
    ModelHealth,
    ProviderHealth,
)
from hone.health.states import Circuit
from hone.identity import Actor, Permission
from hone.registry import Model, Provider

_LENGTHS: Final[dict[HealthWindow, timedelta]] = {
    "15m": timedelta(minutes=15),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
}
_NONE: Final = Figures()


async def read(session: Session, actor: Actor, window: HealthWindow) -> HealthRead:
    """Tell of every provider how it is."""
    actor.require(Permission.PROVIDERS_READ)
    actor.require(Permission.OPERATIONS_READ)
    organization_id, now = actor.organization_id, clock.now()
    models = await repository.models(session, organization_id)
    homes = {each.id: each.provider_id for each in models}
    circuits = await repository.circuits(session, organization_id, list(homes))
    since = now - _LENGTHS[window]
    figures = await repository.figures(session, organization_id, since, homes)
    failures: defaultdict[UUID, list[Failure]] = defaultdict(list)
    for each in await repository.failures(session, organization_id, since, homes):
        failures[each.provider_id].append(each)
    return HealthRead(
        as_of=now,
        window=window,
        processes=await repository.processes(session),
        items=[
            _provider(
                provider,
                [
                    _model(each, figures.get(each.id, _NONE), circuits[each.id])
                    for each in models
                    if each.provider_id == provider.id
                ],
                figures.get(provider.id, _NONE),
                failures[provider.id],
            )
            for provider in await repository.providers(session, organization_id)
        ],
    )


def _provider(
    row: Provider, models: list[ModelHealth], figures: Figures, failures: list[Failure]
) -> ProviderHealth:
    found = [each.circuit.state for each in models]
    return ProviderHealth(
        **_figures(figures),
        id=ids.public("provider", row.id),
        name=row.name,
        kind=row.kind,
        status=states.status(figures.attempts, figures.failed, found),
        models=models,
        last_errors=[
            FailureRead(
                operation_id=ids.public("op", each.operation_id),
                at=each.at,
                model=each.model,
                code=each.error,
                status=each.status or None,
            )
            for each in failures
        ],
    )


def _model(row: Model, figures: Figures, circuit: Circuit) -> ModelHealth:
    return ModelHealth(
        **_figures(figures),
        id=ids.public("model", row.id),
        name=row.name,
        circuit=shown(circuit),
    )


def shown(circuit: Circuit) -> CircuitRead:
    """Show a circuit."""
    return CircuitRead(
        state=circuit.state,
        processes=circuit.processes,
        open_in=circuit.open,
        half_open_in=circuit.half_open,
        since=circuit.since,
        until=circuit.until,
        reason=circuit.reason,
        retry_after=circuit.asked,
    )


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "attempts": found.attempts,
        "failed": found.failed,
        "error_rate": found.failed / found.attempts if found.attempts else 0.0,
        "p50_ms": found.p50_ms,
        "p95_ms": found.p95_ms,
        "ttft_p50_ms": found.ttft_p50_ms,
        "ttft_p95_ms": found.ttft_p95_ms,
        "answered_at": found.answered_at,
    }
