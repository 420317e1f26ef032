"""From rows to the routes of a Snapshot: credentials unsealed, the price in force, models as routes.

One broken row must not silence an organization: what cannot be called is left out and said so.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from hone.core.crypto import Unreadable
from hone.core.db import Session
from hone.core.keyring import Keyring, MasterKeyMissing
from hone.gateway import AUTO, EXPLORATION, Deadlines, Factors, Policy, Weighted
from hone.gateway import Route as Compiled
from hone.llm.providers import PROVIDERS
from hone.llm.types import Capability, Modality, Profile, Target
from hone.llm.types import Price as ModelPrice
from hone.registry import catalogue, repository
from hone.registry.errors import UnknownModel
from hone.registry.models import Model, Price, Provider, Route
from hone.registry.pricelist import priced
from hone.registry.schemas import RouteCreate
from hone.registry.service.providers import unseal
from hone.registry.service.trained import KIND

log = logging.getLogger(__name__)

_ANY = ("0.0.0.0/0", "::/0")
_MODALITIES = frozenset(each.value for each in Modality)
_CAPABILITIES = frozenset(each.value for each in Capability)
_SIDES = frozenset({"cost", "performance", "quality"})
_DEADLINES = frozenset({"connect", "first_token", "stall", "total"})


@dataclass(frozen=True, slots=True)
class House:
    """Where trained models are served, and the badge that calls of an organization carry."""

    url: str
    badge: Callable[[UUID], str]


async def compiled(
    session: Session,
    organization_id: UUID,
    keyring: Keyring,
    now: datetime,
    house: House | None = None,
) -> dict[str, Compiled]:
    """Compile everything that an organization's clients may send as `model`.

    Without a house, calls of trained models are told that no predictor runs.
    """
    credentials = _Credentials(session, keyring, house)
    providers = {row.id: row for row in await repository.every(session, Provider, organization_id)}
    prices = await repository.prices_in_force(session, organization_id, now)
    targets: dict[str, Target] = {}
    routes: dict[str, Compiled] = {}
    for model in await repository.every(session, Model, organization_id):
        target = await credentials.target(model, providers.get(model.provider_id), prices)
        if target is not None:
            targets[model.id.hex] = target
            routes[model.name] = Compiled(None, model.name, Policy.WEIGHTED, (Weighted(target),))
    for row in await repository.every(session, Route, organization_id):
        route = _route(row, targets)
        if route is not None:
            routes[row.name] = route
    return routes


@dataclass(slots=True)
class _Credentials:
    """Opens each provider's credential once."""

    session: Session
    keyring: Keyring
    house: House | None = None
    opened: dict[UUID, str | None] = field(default_factory=dict[UUID, str | None])

    async def target(
        self, model: Model, provider: Provider | None, prices: Mapping[UUID, Price]
    ) -> Target | None:
        """Compile one model; None, with a logged reason, when it cannot be called."""
        if provider is None or provider.kind not in PROVIDERS:
            kind = "unknown" if provider is None else provider.kind
            log.warning("model %s is left out: provider of kind %s", model.name, kind)
            return None
        if provider.kind == KIND:
            return self._trained(model, provider, prices.get(model.id))
        if provider.id not in self.opened:
            self.opened[provider.id] = await self._open(provider)
        credential = self.opened[provider.id]
        if credential is None:
            log.warning(
                "model %s is left out: the credential of provider %s cannot be opened",
                model.name,
                provider.name,
            )
            return None
        return _target(model, provider, credential, prices.get(model.id))

    def _trained(self, model: Model, provider: Provider, price: Price | None) -> Target:
        """Compile a model that was trained here; its row does not say where it is served."""
        house = self.house
        badge = "" if house is None else house.badge(model.organization_id)
        made = _target(model, provider, badge, price)
        return replace(made, base_url="" if house is None else f"{house.url}/v1", addresses=_ANY)

    async def _open(self, provider: Provider) -> str | None:
        if provider.credential is None:
            return ""
        try:
            return await unseal(self.session, self.keyring, provider)
        except (Unreadable, MasterKeyMissing):
            return None


def _target(model: Model, provider: Provider, credential: str, price: Price | None) -> Target:
    return Target(
        model_id=model.id,
        model=model.name,
        provider=provider.name,
        kind=provider.kind,
        upstream=model.upstream,
        base_url=provider.base_url,
        credential=credential,
        price=_price(price),
        addresses=tuple(provider.networks),
        profile=_profile(model),
    )


def _profile(model: Model) -> Profile:
    """Say what is known of a model; what its operator leaves open is as the catalogue says."""
    entry = None if model.catalogue_id is None else catalogue.by_id(model.catalogue_id)
    lacks = frozenset[str]() if entry is None else entry.lacks
    for given, every in ((model.modalities, _MODALITIES), (model.capabilities, _CAPABILITIES)):
        if given is not None:
            lacks = (lacks - every) | (every - frozenset(given))
    prefill = Capability.PREFILL.value in (model.capabilities or ())
    return Profile(
        model.context_tokens, model.output_tokens, lacks, model.region, model.quality, prefill
    )


def _price(row: Price | None) -> ModelPrice | None:
    return None if row is None else priced(row)


def _route(row: Route, targets: Mapping[str, Target]) -> Compiled | None:
    """Compile one route from those of its models that can be called."""
    weighted = tuple(
        Weighted(targets[str(each["model"])], float(str(each["weight"])))
        for each in row.targets
        if each["model"] in targets
    )
    fallbacks = tuple(targets[each] for each in row.fallbacks if each in targets)
    missing = len(row.targets) + len(row.fallbacks) - len(weighted) - len(fallbacks)
    if row.policy not in set(Policy) or not weighted:
        log.warning("route %s is left out: %s", row.name, _reason(row))
        return None
    if missing:
        log.warning("route %s goes on without %d of its models", row.name, missing)
    return _made(row.id, row.name, row.policy, weighted, fallbacks, row.deadlines, row.settings)


def _made(
    route_id: UUID | None,
    name: str,
    policy: str,
    weighted: tuple[Weighted, ...],
    fallbacks: tuple[Target, ...],
    deadlines: Mapping[str, float],
    settings: Mapping[str, object],
) -> Compiled:
    given = cast("dict[str, float]", settings.get("factors") or {})
    exploration = settings.get("exploration")
    return Compiled(
        route_id,
        name,
        Policy(policy),
        weighted,
        fallbacks,
        Deadlines(**{each: value for each, value in deadlines.items() if each in _DEADLINES}),
        factors=Factors(**{name: value for name, value in given.items() if name in _SIDES}),
        exploration=EXPLORATION if exploration is None else float(str(exploration)),
        regions=frozenset(cast("list[str]", settings.get("regions") or [])),
    )


async def drafted(
    session: Session, organization_id: UUID, data: RouteCreate, now: datetime
) -> Compiled:
    """Compile a route as it might be, to reckon with and not to call: it has no credentials."""
    targets = await _named(session, organization_id, now)

    def named(name: str, param: str) -> Target:
        if name not in targets:
            raise UnknownModel(f"There is no model {name!r}.", param=param)
        return targets[name]

    return _made(
        None,
        data.name,
        data.policy.value,
        tuple(Weighted(named(each.model, "targets"), each.weight) for each in data.targets),
        tuple(named(each, "fallbacks") for each in data.fallbacks),
        data.deadlines.model_dump(exclude_none=True),
        {
            "factors": data.factors and data.factors.model_dump(),
            "exploration": data.exploration,
            "regions": data.regions,
        },
    )


async def present(
    session: Session, organization_id: UUID, route_id: UUID
) -> tuple[str, Deadlines] | None:
    """Tell the name of a route and the deadlines that it holds its calls to."""
    row = await repository.by_id(session, Route, organization_id, route_id)
    if row is None:
        return None
    known = {name: value for name, value in row.deadlines.items() if name in _DEADLINES}
    return row.name, Deadlines(**known)


async def _named(session: Session, organization_id: UUID, now: datetime) -> dict[str, Target]:
    providers = {row.id: row for row in await repository.every(session, Provider, organization_id)}
    prices = await repository.prices_in_force(session, organization_id, now)
    return {
        row.name: _target(row, providers[row.provider_id], "", prices.get(row.id))
        for row in await repository.every(session, Model, organization_id)
    }


def automatic(routes: Mapping[str, Compiled]) -> Compiled | None:
    """Make the route of calls that leave the choice to Hone: every model that can be called."""
    models = tuple(route.targets[0] for route in routes.values() if route.id is None)
    return Compiled(None, AUTO, Policy.INTELLIGENT, models) if models else None


def _reason(row: Route) -> str:
    if row.policy not in set(Policy):
        return f"this version has no policy {row.policy!r}"
    return "none of its targets can be called"
