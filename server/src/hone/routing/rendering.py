"""A routing model as the API shows it: its evidence in figures, and in words what to doubt."""

from collections.abc import Mapping
from typing import Any, Final, cast
from uuid import UUID

from hone.core import ids
from hone.routing.doubts import doubts
from hone.routing.models import RoutingFit, RoutingModel
from hone.routing.schemas import (
    Basis,
    CoveredModel,
    Evidence,
    FitRead,
    Problem,
    RoutingModelRead,
    Traffic,
)

PREFIX: Final = "rm"
FIT_PREFIX: Final = "fit"


def model(row: RoutingModel, names: Mapping[UUID, str]) -> RoutingModelRead:
    """Show one routing model."""
    shown = evidence(row, names)
    return RoutingModelRead(
        id=ids.public(PREFIX, row.id),
        version=row.version,
        state=cast("Any", row.state),
        basis=cast("Basis", row.basis),
        evidence=shown,
        doubts=doubts(row, shown, names),
        size=row.size,
        digest=row.digest,
        created_by=row.created_by,
        created_at=row.created_at,
        activated_by=row.activated_by,
        activated_at=row.activated_at,
        retired_at=row.retired_at,
        former=None if row.former_id is None else ids.public(PREFIX, row.former_id),
    )


def fit(row: RoutingFit) -> FitRead:
    """Show one fit."""
    return FitRead(
        id=ids.public(FIT_PREFIX, row.id),
        state=cast("Any", row.state),
        basis=cast("Basis", row.basis),
        stage=row.stage,
        progress=round(row.progress, 3),
        problem=None if row.problem is None else Problem(**row.problem),
        routing_model=None if row.model_id is None else ids.public(PREFIX, row.model_id),
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def evidence(row: RoutingModel, names: Mapping[UUID, str]) -> Evidence:
    """Show what a routing model is worth."""
    card = row.card
    return Evidence(
        prompts=int(card.get("prompts", 0)),
        compared=int(card.get("compared", 0)),
        models=[
            CoveredModel(
                model=names.get(each),
                outcomes=int(card.get(f"outcomes.{each.hex}", 0)),
                mean=round(card.get(f"prior.{each.hex}", 0.0), 4),
                calibration_error=_rounded(card, f"calibrationError.{each.hex}"),
            )
            for each in row.models
        ],
        apgr=_rounded(card, "apgr"),
        saved=_rounded(card, "saved"),
        kept=_rounded(card, "kept"),
        quality_share=_rounded(card, "qualityShare"),
        traffic=None if row.traffic is None else Traffic(**row.traffic),
    )


def _rounded(card: Mapping[str, float], name: str) -> float | None:
    value = card.get(name)
    return None if value is None else round(value, 4)
