"""What the registry's API takes and gives, and what a declared file says."""

from hone.registry.schemas.catalogue import (
    CatalogueFigures,
    CatalogueModel,
    CatalogueRead,
    CatalogueSource,
)
from hone.registry.schemas.models import ModelCreate, ModelRead, ModelReplace, PriceRead, PriceWrite
from hone.registry.schemas.previews import Finding, RoutePreview, RoutePreviewQuery, TargetShare
from hone.registry.schemas.providers import (
    ProviderCreate,
    ProviderKind,
    ProviderKinds,
    ProviderRead,
    ProviderReplace,
)
from hone.registry.schemas.routes import (
    SELECTIVE,
    RouteCreate,
    RouteDeadlines,
    RouteFactors,
    RouteRead,
    RouteReplace,
    RouteTarget,
    RouteUndo,
)
from hone.registry.schemas.tests import ProviderProbe, ProviderTest, StepName, TestStep
from hone.registry.schemas.versions import ActorRead, ChangeRead, Reason, VersionRead

__all__ = [
    "SELECTIVE",
    "ActorRead",
    "CatalogueFigures",
    "CatalogueModel",
    "CatalogueRead",
    "CatalogueSource",
    "ChangeRead",
    "Finding",
    "ModelCreate",
    "ModelRead",
    "ModelReplace",
    "PriceRead",
    "PriceWrite",
    "ProviderCreate",
    "ProviderKind",
    "ProviderKinds",
    "ProviderProbe",
    "ProviderRead",
    "ProviderReplace",
    "ProviderTest",
    "Reason",
    "RouteCreate",
    "RouteDeadlines",
    "RouteFactors",
    "RoutePreview",
    "RoutePreviewQuery",
    "RouteRead",
    "RouteReplace",
    "RouteTarget",
    "RouteUndo",
    "StepName",
    "TargetShare",
    "TestStep",
    "VersionRead",
]
