"""The registry: providers, models, versioned prices and routes, and the file that declares them.

A provider's credential is sealed and never shown. A model belongs to a provider and has prices, of
which the newest in force counts; a route chooses among models, and a model's own name is a route
too. `read_document`, `plan` and `apply` bring an organization to what a file says; `compiled` is
what the gateway is told.
"""

from hone.registry.addresses import Reach
from hone.registry.addresses import guard as guard_address
from hone.registry.addresses import parse as parse_base_url
from hone.registry.catalogue import by_id as catalogued
from hone.registry.compile import House, automatic, compiled, drafted, present
from hone.registry.declare import Plan, Step, apply, plan
from hone.registry.document import Document, read_document
from hone.registry.errors import DocumentInvalid
from hone.registry.models import Model, Provider, Route
from hone.registry.pricelist import PriceList, price_list
from hone.registry.repository import next_price_at
from hone.registry.schemas import (
    ModelCreate,
    PriceRead,
    PriceWrite,
    ProviderCreate,
    RouteCreate,
    RouteTarget,
)
from hone.registry.service.corrections import correct, model_id, require_provider
from hone.registry.service.trained import point, serve_trained, taken

__all__ = [
    "Document",
    "DocumentInvalid",
    "House",
    "Model",
    "ModelCreate",
    "Plan",
    "PriceList",
    "PriceRead",
    "PriceWrite",
    "Provider",
    "ProviderCreate",
    "Reach",
    "Route",
    "RouteCreate",
    "RouteTarget",
    "Step",
    "apply",
    "automatic",
    "catalogued",
    "compiled",
    "correct",
    "drafted",
    "guard_address",
    "model_id",
    "next_price_at",
    "parse_base_url",
    "plan",
    "point",
    "present",
    "price_list",
    "read_document",
    "require_provider",
    "serve_trained",
    "taken",
]
