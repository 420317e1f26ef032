"""Which target answers: the policy's first choice, then the others, then the fallbacks.

Smooth weighted round robin, as nginx does it (commit 52327e0627f4, "Upstream: smooth weighted
round-robin balancing"): each process gives every target its exact share, spread evenly.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final
from uuid import UUID

from hone.gateway.breaker import Breaker, Breakers
from hone.gateway.errors import ModelNotFound, NoTarget, RouteNotAllowed, TargetsLimited
from hone.gateway.snapshot import Organization, Principal, Route
from hone.llm.types import Target

MOST_ROUTES: Final = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The targets to try in order, and how likely each was to be first."""

    targets: list[tuple[Target, Breaker]]
    candidates: list[tuple[str, float]]


@dataclass(slots=True)
class _Turns:
    """One route's wheel: whose turn it is, by whole weights."""

    route: Route
    breakers: list[Breaker]
    spares: list[tuple[Target, Breaker]]
    weights: list[int]
    shares: list[tuple[str, float]]
    """Propensities while every target is available."""
    balance: list[int]
    only: Plan | None
    """The plan of a route that has but one target."""

    def turn(self, open_to: list[int]) -> int:
        """Give the next turn to one of these targets."""
        best, total = open_to[0], 0
        for index in open_to:
            weight = self.weights[index]
            total += weight
            self.balance[index] += weight
            if self.balance[index] > self.balance[best]:
                best = index
        self.balance[best] -= total
        return best


class Router:
    """Chooses targets for one process."""

    def __init__(self, breakers: Breakers) -> None:
        self._breakers = breakers
        self._turns: dict[tuple[UUID, str], _Turns] = {}

    def plan(self, organization_id: UUID, route: Route, now: float) -> Plan:
        """Order a route's available targets; raise where none is."""
        turns = self._turns.get((organization_id, route.name))
        if turns is None or turns.route is not route:
            turns = self._begin(organization_id, route)
        breakers = turns.breakers
        if turns.only is not None and breakers[0].available(now):
            return turns.only
        open_to = [i for i, breaker in enumerate(breakers) if breaker.available(now)]
        spares = [spare for spare in turns.spares if spare[1].available(now)]
        if not open_to:
            if not spares:
                raise _closed([*breakers, *(breaker for _, breaker in turns.spares)], now)
            return Plan(spares, [(spares[0][0].model, 1.0)])
        first = turns.turn(open_to)
        others = sorted((i for i in open_to if i != first), key=lambda i: -turns.weights[i])
        order = [(route.targets[i].target, breakers[i]) for i in (first, *others)]
        return Plan([*order, *spares], self._candidates(turns, open_to))

    def _begin(self, organization_id: UUID, route: Route) -> _Turns:
        if len(self._turns) >= MOST_ROUTES:
            self._turns.clear()
        before = self._turns.get((organization_id, route.name))
        weights = _whole([each.weight for each in route.targets])
        shares = _shares(route, weights, range(len(weights)))
        breakers = [self._breakers.of(each.target.model_id) for each in route.targets]
        alone = len(breakers) == 1 and not route.fallbacks
        turns = _Turns(
            route=route,
            breakers=breakers,
            spares=[(target, self._breakers.of(target.model_id)) for target in route.fallbacks],
            weights=weights,
            shares=shares,
            balance=[0] * len(weights),
            only=Plan([(route.targets[0].target, breakers[0])], shares) if alone else None,
        )
        # A snapshot made anew does not set the wheel back.
        if before is not None and before.weights == weights and before.shares == shares:
            turns.balance = before.balance
        self._turns[organization_id, route.name] = turns
        return turns

    def _candidates(self, turns: _Turns, open_to: list[int]) -> list[tuple[str, float]]:
        if len(open_to) == len(turns.weights):
            return turns.shares
        return _shares(turns.route, turns.weights, open_to)


def find(organization: Organization, principal: Principal, model: str) -> Route:
    """Return the route that a key means by `model`."""
    if principal.routes is not None and model not in principal.routes:
        raise RouteNotAllowed(param="model")
    route = organization.routes.get(model)
    if route is None or not (route.targets or route.fallbacks):
        raise ModelNotFound(param="model")
    return route


def _whole(weights: list[float]) -> list[int]:
    """Scale weights to the smallest whole numbers of the same proportions."""
    exact = [max(Fraction(str(weight)), Fraction(0)) for weight in weights]
    if not any(exact):
        return [1] * len(exact)
    scale = lcm(*(each.denominator for each in exact))
    whole = [int(each * scale) for each in exact]
    divisor = gcd(*whole)
    return [each // divisor for each in whole]


def _shares(
    route: Route, weights: list[int], indexes: "range | list[int]"
) -> list[tuple[str, float]]:
    total = sum(weights[i] for i in indexes)
    if not total:
        return [(route.targets[i].target.model, 1 / len(indexes)) for i in indexes]
    return [(route.targets[i].target.model, weights[i] / total) for i in indexes]


def _closed(breakers: list[Breaker], now: float) -> NoTarget | TargetsLimited:
    seconds = min(breaker.waits(now) for breaker in breakers)
    if all(breaker.limited for breaker in breakers):
        return TargetsLimited(seconds)
    return NoTarget(seconds)
