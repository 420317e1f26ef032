"""Which target answers: the policy's first choice, then the others, then the fallbacks.

The policies themselves are in `hone.gateway.policies`. What they read is kept here, for each route
and target: weights and balances, what `adaptive` has learnt, where a conversation is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd, lcm
from random import Random
from typing import Final
from uuid import UUID

from hone.gateway import demand as demands
from hone.gateway.breaker import Breaker, Breakers
from hone.gateway.demand import Demand
from hone.gateway.errors import (
    ModelNotFound,
    NoTarget,
    NoTargetFits,
    RouteNotAllowed,
    TargetsLimited,
)
from hone.gateway.parsing import AUTO, Ask
from hone.gateway.policies import (
    Candidate,
    Choice,
    adaptive,
    beliefs,
    eligibility,
    intelligent,
    learned,
    least_connections,
    response_time,
    round_robin,
    smooth,
    weighted,
)
from hone.gateway.reasons import reason
from hone.gateway.record import Reason
from hone.gateway.snapshot import Learned, Organization, Policy, Principal, Route
from hone.llm.types import Target

ANY: Final = "*"
"""A model of this name answers for every name that nothing else has."""
MOST_ROUTES: Final = 100_000
MOST_CONVERSATIONS: Final = 10_000
"""So many are remembered; one that is forgotten is drawn for again, by the same lot."""

MOST_TRIED: Final = 5
"""Of all the models of an organization, so many of the best are tried one after the other."""

SELECTIVE: Final = frozenset({Policy.INTELLIGENT, Policy.ADAPTIVE})
"""Policies that leave out what cannot take a call."""

Planned = tuple[Target, Breaker]
_Choose = Callable[["_Course", list[Candidate], float, Ask], Choice]


@dataclass(frozen=True, slots=True)
class Plan:
    """The targets to try in order, and how likely each was to be first."""

    targets: list[Planned]
    candidates: list[tuple[str, float]]
    lesson: beliefs.Lesson | None = None
    """What the first attempt is to teach."""
    reason: Reason | None = None
    """Why the first is the first."""


@dataclass(slots=True)
class _Stay:
    """Where a conversation is, and how likely that was when it was drawn for."""

    model_id: UUID
    candidates: list[tuple[str, float]]


@dataclass(slots=True)
class _Course:
    """One route as this process runs it."""

    route: Route
    candidates: list[Candidate]
    spares: list[Candidate]
    choose: _Choose
    selective: bool
    only: Plan | None
    """The plan of a route that has but one target and nothing to check."""
    memory: beliefs.Memory | None
    plans: dict[int, Plan] = field(default_factory=dict[int, Plan])
    """While every target is available and it is a matter of turn: the plan for each first one."""


class Router:
    """Chooses targets for one process."""

    def __init__(
        self,
        breakers: Breakers,
        quality: intelligent.Quality = intelligent.prior,
        random: Callable[[], float] | None = None,
    ) -> None:
        self._breakers = breakers
        self._quality = quality
        self._random = random or Random().random
        self._courses: dict[tuple[bytes, str], _Course] = {}
        self._stays: dict[tuple[UUID, str], _Stay] = {}
        self._choose: dict[Policy, _Choose] = {
            Policy.WEIGHTED: lambda course, among, now, ask: weighted.choose(among),
            Policy.ROUND_ROBIN: lambda course, among, now, ask: round_robin.choose(among),
            Policy.LEAST_CONNECTIONS: lambda course, among, now, ask: least_connections.choose(
                among
            ),
            Policy.RESPONSE_TIME: lambda course, among, now, ask: response_time.choose(
                among, now, self._random, stream=ask.stream
            ),
        }

    def plan(
        self,
        organization_id: bytes,
        route: Route,
        now: float,
        ask: Ask,
        allowed: frozenset[str] | None = None,
        known: Learned | None = None,
    ) -> Plan:
        """Order a route's available targets; raise where none is.

        Of the automatic route only models that the key is `allowed` to call are left. What is `known`
        of quality is what the organization has learned.
        """
        course = self._courses.get((organization_id, route.name))
        if course is None or course.route is not route:
            course = self._begin(organization_id, route)
        if course.selective:
            return self._selected(course, now, demands.read(ask), allowed, known)
        if course.only is not None and course.candidates[0].breaker.available(now):
            return course.only
        among = _available(course.candidates, now)
        spares = course.spares and _available(course.spares, now)
        if not among:
            return _spare(course.candidates, course.spares, spares, now)
        choice = course.choose(course, among, now, ask)
        taken = among[choice.first]
        if choice.turned:
            smooth.charge(choice.turned, taken)
        whole = len(among) == len(course.candidates) and len(spares) == len(course.spares)
        if not whole or choice.order is not None:
            return _plan(choice, among, spares)
        plan = course.plans.get(choice.first)
        if plan is None:
            plan = course.plans[choice.first] = _plan(choice, among, spares)
        return plan

    def memories(self) -> list[beliefs.Memory]:
        """Return what `adaptive` has learnt of each route in this process."""
        return [each.memory for each in self._courses.values() if each.memory is not None]

    def _selected(
        self,
        course: _Course,
        now: float,
        demand: Demand,
        allowed: frozenset[str] | None,
        known: Learned | None,
    ) -> Plan:
        """Choose among those that can take the call."""
        route, given = course.route, course.candidates
        if allowed is not None and route.id is None:
            given = [each for each in given if each.target.model in allowed]
        fitting = eligibility.eligible(given, demand, route.regions)
        spares = course.spares and eligibility.eligible(course.spares, demand, route.regions)
        if not fitting and not spares:
            raise _unfit([*given, *course.spares], demand, route.regions)
        among = _available(fitting, now)
        left = spares and _available(spares, now)
        if not among:
            return _spare(fitting, spares, left, now)
        if course.memory is not None:
            return self._learning(course, course.memory, among, left, now, demand, known)
        expected = learned.expect(known, demand, [each.target for each in among], self._quality)
        choice = intelligent.choose(among, demand, now, route.factors, expected.qualities)
        if choice.turned:
            smooth.charge(choice.turned, among[choice.first])
        plan = replace(_plan(choice, among, left), reason=reason(expected, among, choice))
        return _shortened(plan) if route.id is None else plan

    def _learning(
        self,
        course: _Course,
        memory: beliefs.Memory,
        among: list[Candidate],
        spares: list[Candidate],
        now: float,
        demand: Demand,
        known: Learned | None,
    ) -> Plan:
        """Let a conversation stay where it is, or draw, and take the lesson along."""
        route, kind = course.route, beliefs.kind_of(demand)
        chances = memory.of(kind).chances_at(now)
        place = None if demand.conversation is None else (_identity(route), demand.conversation)
        stay = None if place is None else self._stays.get(place)
        drawn = self._random() if place is None else adaptive.lot(*place)
        choice = adaptive.choose(among, chances, route.exploration, drawn)
        if stay is not None and _stays(choice, among, stay):
            plan = _plan(choice, among, spares, stay.candidates)
        else:
            plan = _plan(choice, among, spares)
            if place is not None:
                self._remember(place, among[choice.first], plan)
        first = among[choice.first]
        (quality,) = learned.expect(known, demand, [first.target], self._quality).qualities
        lesson = beliefs.Lesson(memory, first.place, kind, quality)
        return Plan(plan.targets, plan.candidates, lesson)

    def _remember(self, place: tuple[UUID, str], taken: Candidate, plan: Plan) -> None:
        if len(self._stays) >= MOST_CONVERSATIONS:
            del self._stays[next(iter(self._stays))]
        self._stays[place] = _Stay(taken.target.model_id, plan.candidates)

    def _begin(self, organization_id: bytes, route: Route) -> _Course:
        if len(self._courses) >= MOST_ROUTES:
            self._courses.clear()
        before = self._courses.get((organization_id, route.name))
        given = [each.weight for each in route.targets]
        even = route.policy is Policy.ROUND_ROBIN
        weights = [1] * len(given) if even else _whole(given)
        candidates = [
            Candidate(each.target, self._of(each.target, organization_id), weight, place=place)
            for place, (each, weight) in enumerate(zip(route.targets, weights, strict=True))
        ]
        spares = [
            Candidate(target, self._of(target, organization_id)) for target in route.fallbacks
        ]
        if before is not None and _same(before.candidates, candidates):
            # A snapshot made anew does not set the wheel back.
            for each, old in zip(candidates, before.candidates, strict=True):
                each.balance = old.balance
        selective = route.policy in SELECTIVE
        alone = len(candidates) == 1 and not spares and not selective
        course = _Course(
            route=route,
            candidates=candidates,
            spares=spares,
            choose=self._choose.get(route.policy, _by_turn),
            selective=selective,
            only=_plan(Choice(0), candidates, spares) if alone else None,
            memory=self._memory(route, candidates, before)
            if route.policy is Policy.ADAPTIVE
            else None,
        )
        self._courses[organization_id, route.name] = course
        return course

    def _of(self, target: Target, organization_id: bytes) -> Breaker:
        return self._breakers.of(target.model_id, organization_id)

    def _memory(
        self, route: Route, candidates: list[Candidate], before: _Course | None
    ) -> beliefs.Memory:
        """Begin to learn, or go on: what was learnt by other factors says nothing."""
        old = None if before is None else before.memory
        targets = [each.target for each in candidates]
        made = beliefs.begin(route.factors, self._quality(Demand(), targets))
        if before is None or old is None or old.factors != route.factors:
            return made
        known = {each.target.model_id: each.place for each in before.candidates}
        if [known.get(each.model_id) for each in targets] == list(range(len(known))):
            return old
        for place, each in enumerate(targets):
            if each.model_id in known:
                made.overall.each[place] = old.overall.each[known[each.model_id]]
        return made


def find(organization: Organization, principal: Principal, model: str) -> Route:
    """Return the route that a key means by `model`."""
    route = organization.routes.get(model)
    if route is None and model == AUTO and organization.automatic is not None:
        return _automatic(organization.automatic, principal)
    if route is None and model in organization.unreleased:
        if principal.routes is not None and model not in principal.routes:
            raise RouteNotAllowed(param="model")
        raise ModelNotFound(organization.unreleased[model], param="model")
    if route is None:
        # The model named `*` stands for whatever its provider has.
        route, model = organization.routes.get(ANY), ANY
    if principal.routes is not None and model not in principal.routes:
        raise RouteNotAllowed(param="model")
    if route is None or not (route.targets or route.fallbacks):
        raise ModelNotFound(param="model")
    return route


def _automatic(route: Route, principal: Principal) -> Route:
    allowed = principal.routes
    if allowed is not None and not any(each.target.model in allowed for each in route.targets):
        raise RouteNotAllowed(param="model")
    return route


def _by_turn(course: _Course, among: list[Candidate], now: float, ask: Ask) -> Choice:
    return weighted.choose(among)


def _available(candidates: list[Candidate], now: float) -> list[Candidate]:
    return [
        each for each in candidates if not each.breaker.open_until or each.breaker.available(now)
    ]


def _plan(
    choice: Choice,
    among: list[Candidate],
    spares: list[Candidate],
    told: list[tuple[str, float]] | None = None,
) -> Plan:
    """Put the chosen first, then the others, then the fallbacks."""
    order = choice.order
    if order is None:
        others = sorted(
            (i for i in range(len(among)) if i != choice.first), key=lambda i: -among[i].weight
        )
        order = [choice.first, *others]
    targets = [(each.target, each.breaker) for each in (*(among[i] for i in order), *spares)]
    if told is None:
        chances = choice.chances or smooth.shares(among)
        told = [(each.target.model, chance) for each, chance in zip(among, chances, strict=True)]
    return Plan(targets, told)


def _shortened(plan: Plan) -> Plan:
    """Keep of a choice among very many what can come of it."""
    tried, told = plan.targets[:MOST_TRIED], [each for each in plan.candidates if each[1] > 0]
    return replace(plan, targets=tried, candidates=told)


def _spare(
    candidates: list[Candidate], fallbacks: list[Candidate], spares: list[Candidate], now: float
) -> Plan:
    """Go on with the fallbacks, as no target is available; raise where none of these is."""
    if not spares:
        raise _closed([each.breaker for each in (*candidates, *fallbacks)], now)
    targets = [(each.target, each.breaker) for each in spares]
    return Plan(targets, [(spares[0].target.model, 1.0)])


def _stays(choice: Choice, among: list[Candidate], stay: _Stay) -> bool:
    """Turn a choice to where a conversation is; tell whether that can be."""
    for index, each in enumerate(among):
        if each.target.model_id == stay.model_id:
            assert choice.order is not None
            choice.order.remove(index)
            choice.order.insert(0, index)
            choice.first = index
            return True
    return False


def _identity(route: Route) -> UUID:
    return route.id or route.targets[0].target.model_id


def _same(one: list[Candidate], other: list[Candidate]) -> bool:
    """Tell whether two lists are the same models with the same weights."""
    return [(each.target.model, each.weight) for each in one] == [
        (each.target.model, each.weight) for each in other
    ]


def _whole(weights: list[float]) -> list[int]:
    """Scale weights to the smallest whole numbers of the same proportions."""
    exact = [max(Fraction(str(weight)), Fraction(0)) for weight in weights]
    if not any(exact):
        return [1] * len(exact)
    scale = lcm(*(each.denominator for each in exact))
    whole = [int(each * scale) for each in exact]
    divisor = gcd(*whole)
    return [each // divisor for each in whole]


def _unfit(candidates: list[Candidate], demand: Demand, regions: frozenset[str]) -> NoTargetFits:
    lacks, here = eligibility.lacking(candidates, demand, regions)
    if not here:
        return NoTargetFits("No model of this route computes where it may.", param="model")
    return NoTargetFits(
        f"No model of this route can take this request; it needs: {', '.join(lacks)}.",
        param="model",
    )


def _closed(breakers: list[Breaker], now: float) -> NoTarget | TargetsLimited:
    seconds = min(breaker.waits(now) for breaker in breakers)
    if all(breaker.limited for breaker in breakers):
        return TargetsLimited(seconds)
    return NoTarget(seconds)
