"""From rows to the routes of a Snapshot: credentials unsealed, the price in force, models as routes.

One broken row must not silence an organization: what cannot be called is left out and said so.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hone.core.crypto import Unreadable
from hone.core.db import Session
from hone.core.keyring import Keyring, MasterKeyMissing
from hone.gateway import Deadlines, Policy, Weighted
from hone.gateway import Route as Compiled
from hone.llm.providers import PROVIDERS
from hone.llm.types import Price as ModelPrice
from hone.llm.types import Target
from hone.registry import repository
from hone.registry.models import Model, Price, Provider, Route
from hone.registry.service.providers import unseal

log = logging.getLogger(__name__)

_DEADLINES = frozenset({"connect", "first_token", "stall", "total"})


async def compiled(
    session: Session, organization_id: UUID, keyring: Keyring, now: datetime
) -> dict[str, Compiled]:
    """Compile everything that an organization's clients may send as `model`."""
    credentials = _Credentials(session, keyring)
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
    opened: dict[UUID, str | None] = field(default_factory=dict[UUID, str | None])

    async def target(
        self, model: Model, provider: Provider | None, prices: Mapping[UUID, Price]
    ) -> Target | None:
        """Compile one model; None, with a logged reason, when it cannot be called."""
        if provider is None or provider.kind not in PROVIDERS:
            kind = "unknown" if provider is None else provider.kind
            log.warning("model %s is left out: provider of kind %s", model.name, kind)
            return None
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
        return Target(
            model_id=model.id,
            model=model.name,
            provider=provider.name,
            kind=provider.kind,
            upstream=model.upstream,
            base_url=provider.base_url,
            credential=credential,
            price=_price(prices.get(model.id)),
            addresses=tuple(provider.networks),
            output_tokens=model.output_tokens,
        )

    async def _open(self, provider: Provider) -> str | None:
        if provider.credential is None:
            return ""
        try:
            return await unseal(self.session, self.keyring, provider)
        except (Unreadable, MasterKeyMissing):
            return None


def _price(row: Price | None) -> ModelPrice | None:
    return None if row is None else ModelPrice(row.id, row.input, row.output, row.cached_input)


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
    deadlines = {name: value for name, value in row.deadlines.items() if name in _DEADLINES}
    return Compiled(
        row.id, row.name, Policy(row.policy), weighted, fallbacks, Deadlines(**deadlines)
    )


def _reason(row: Route) -> str:
    if row.policy not in set(Policy):
        return f"this version has no policy {row.policy!r}"
    return "none of its targets can be called"
