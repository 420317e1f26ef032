"""Recorded calls sent again, one after the other as they came, through the gateway's own Router.

Time is simulated: calls begin when they began, and attempts end when they would have ended, so that the
policies see what they would have seen: calls in flight, late answers, failures, open breakers. Where a
call was in fact sent to the model that is chosen, it goes as it went; else as that model's pool says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from random import Random
from typing import Final
from uuid import UUID

from hone.core.errors import AppError
from hone.gateway import Breakers, Plan, Policy, Route, Router
from hone.llm import pricing
from hone.llm.errors import ContentRefused, ContextTooLong, ProviderError, TimedOut
from hone.llm.types import Deadlines, Target, Usage
from hone.replay.history import Past, Try, recalled
from hone.replay.pools import Pool

LEARNING: Final = frozenset({Policy.RESPONSE_TIME, Policy.INTELLIGENT, Policy.ADAPTIVE})
"""Policies that go by what they saw: they see some calls before those that count."""
WARM: Final = 100
"""So many calls."""
PACE: Final = 40
"""Steps between two pauses; about a millisecond."""
_ORGANIZATION: Final = bytes(16)
_DRAWS: Final = 8
"""Numbers drawn for each call: four attempts each have their own, whatever route is tried."""
_NOTHING: Final = Pool()
_SLACK: Final = 0.25
"""Seconds by which a deadline may be told late."""
_ITS_OWN: Final = frozenset({ContextTooLong.code, ContentRefused.code})
"""Refusals of a request that another model might not have made."""


@dataclass(slots=True)
class Outcome:
    """How a call went, or would have gone."""

    asked: str | None = None
    """The model that was asked first."""
    answered: str | None = None
    failed: str | None = None
    """Why nobody answered."""
    seconds: float | None = None
    first: float | None = None
    cost: int = 0
    tries: int = 0
    cut: int = 0
    """Attempts that a deadline ended."""
    timed: bool = True
    """False where nobody can know how long it would have taken."""
    sure: bool = True
    """False where nobody can know whether it would have been answered."""
    priced: bool = True
    repriced: bool = False
    """It was called at this model, at another price than the present one."""


@dataclass(slots=True)
class _End:
    """How an attempt ends."""

    seconds: float
    first: float | None
    usage: Usage
    cost: int
    error: ProviderError | None
    deadline: bool = False


@dataclass(slots=True)
class _Running:
    """A call on its way."""

    past: Past
    came: float
    draws: int
    plan: Plan
    outcome: Outcome
    place: int = -1
    began: float = 0.0
    end: _End | None = None


class Simulation:
    """One run of calls, in the order of time, through one route."""

    def __init__(
        self,
        calls: Sequence[Past],
        route: Route,
        pools: Mapping[UUID, Pool],
        luck: Random,
        held: Deadlines,
        usual: Usage,
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._calls = calls
        self._route = route
        self._pools = pools
        self._router = Router(Breakers(), random=luck.random)
        self._draws = [luck.random() for _ in range(_DRAWS * len(calls))]
        self._held_to = held
        """The deadlines that the calls were held to in fact."""
        self._usual = usual
        self._ends: list[tuple[float, int, _Running]] = []
        self._count = 0

    def run(self) -> Iterator[None]:
        """Let everything happen; pauses now and then, for whoever has other things to do."""
        if self._route.policy in LEARNING:
            yield from self._send(self._calls[:WARM], back=True)
            self.outcomes.clear()
        yield from self._send(self._calls, back=False)

    def _send(self, calls: Sequence[Past], *, back: bool) -> Iterator[None]:
        """Begin calls when they come; `back`: as long before the first one as they took."""
        shift = calls[-1].at - calls[0].at + 1.0 if back and calls else 0.0
        for place, past in enumerate(calls):
            at = past.at - shift
            self._until(at)
            self._begin(past, place, at)
            if place % PACE == 0:
                yield
        self._until(float("inf"))

    def _until(self, now: float) -> None:
        while self._ends and self._ends[0][0] <= now:
            at, _, running = heappop(self._ends)
            self._finish(running, at)

    def _begin(self, past: Past, place: int, at: float) -> None:
        outcome = Outcome()
        self.outcomes.append(outcome)
        try:
            plan = self._router.plan(_ORGANIZATION, self._route, at, past.ask)
        except AppError as refused:
            outcome.failed = refused.code
            return
        outcome.asked = plan.targets[0][0].model
        self._attempt(_Running(past, at, _DRAWS * place, plan, outcome), at)

    def _attempt(self, running: _Running, at: float) -> None:
        running.place += 1
        running.outcome.tries += 1
        target, breaker = running.plan.targets[running.place]
        breaker.begin(at)
        breaker.pace.begin()
        running.began = at
        running.end = end = self._held(running.past, self._end(running, target))
        self._count += 1
        heappush(self._ends, (at + end.seconds, self._count, running))

    def _finish(self, running: _Running, at: float) -> None:
        end, outcome, past = running.end, running.outcome, running.past
        assert end is not None
        target, breaker = running.plan.targets[running.place]
        if end.error is None:
            breaker.succeed()
        else:
            breaker.fail(end.error, at)
        answered = end.error is None
        breaker.pace.end(
            at, end.seconds, end.first, answered=answered, output_tokens=end.usage.output_tokens
        )
        if running.place == 0 and running.plan.lesson is not None:
            running.plan.lesson.end(end.cost, end.seconds, end.first, answered=answered)
        outcome.cost += end.cost
        outcome.cut += end.deadline
        if end.error is None:
            outcome.answered = target.model
            outcome.seconds = at - running.came + past.overhead
            if past.stream and end.first is not None:
                outcome.first = running.began + end.first - running.came + past.overhead
        elif end.error.reroute and not _begun(past, end) and self._more(running):
            self._attempt(running, at)
        else:
            outcome.failed = end.error.code

    @staticmethod
    def _more(running: _Running) -> bool:
        return running.place + 1 < len(running.plan.targets)

    def _end(self, running: _Running, target: Target) -> _End:
        """Say how an attempt goes: as it went, or as it might have gone."""
        past, outcome = running.past, running.outcome
        fact = past.tried(target)
        if fact is not None:
            return self._again(fact, target, running)
        fault = past.fault
        if fault is not None:
            outcome.sure = outcome.sure and fault.error not in _ITS_OWN
            error = recalled(fault.error or "", fault.status)
            return _End(fault.seconds, None, Usage(), 0, error)
        told = past.answered
        usage = self._usual if told is None else told.usage
        turn = running.draws + 2 * (running.place % (_DRAWS // 2))
        drawn = self._pools.get(target.model_id, _NOTHING).draw(
            self._draws[turn], self._draws[turn + 1], usage.output_tokens, stream=past.stream
        )
        if drawn.failed is not None:
            failed = drawn.failed
            error = recalled(failed.error or "", failed.status)
            return _End(failed.seconds, failed.first, Usage(), 0, error)
        if drawn.seconds is None:
            outcome.timed = False
        outcome.priced = outcome.priced and target.price is not None
        # Something must pass meanwhile: as long as the call took in fact, which is told to nobody.
        seconds = past.tries[-1].seconds if drawn.seconds is None else drawn.seconds
        return _End(seconds, drawn.first, usage, pricing.cost(usage, target.price), None)

    def _again(self, fact: Try, target: Target, running: _Running) -> _End:
        """Let an attempt go as it went, at the present price."""
        outcome, cost = running.outcome, fact.cost
        price_id = None if target.price is None else target.price.id
        if fact.price_id != price_id:
            cost, outcome.repriced = pricing.cost(fact.usage, target.price), True
        outcome.priced = outcome.priced and target.price is not None
        error = None if fact.error is None else recalled(fact.error, fact.status)
        if isinstance(error, TimedOut) and self._longer(fact, stream=running.past.stream):
            outcome.sure = False
        return _End(fact.seconds, fact.first, fact.usage, cost, error)

    def _longer(self, fact: Try, *, stream: bool) -> bool:
        """Tell whether an attempt was cut where this route would have waited."""
        first = stream and fact.first is None
        before, now = (
            each.first_token if first else each.total
            for each in (self._held_to, self._route.deadlines)
        )
        return now > before and abs(fact.seconds - before) < _SLACK

    def _held(self, past: Past, end: _End) -> _End:
        """Hold an attempt to the route's deadlines."""
        given = self._route.deadlines
        if past.stream and end.first is not None and end.first > given.first_token:
            return replace(_cut(given.first_token), cost=0)
        if end.seconds > given.total:
            return replace(_cut(given.total), first=end.first, cost=end.cost, usage=end.usage)
        if isinstance(end.error, TimedOut):
            return replace(end, deadline=True)
        return end


def _cut(seconds: float) -> _End:
    return _End(seconds, None, Usage(), 0, TimedOut(), deadline=True)


def _begun(past: Past, end: _End) -> bool:
    """Tell whether the client had something of the answer."""
    return past.stream and end.first is not None


def as_it_was(past: Past) -> Outcome:
    """Tell how a call went in fact."""
    answer = past.answered
    waited = sum(each.seconds for each in past.tries[:-1])
    first = None
    if answer is not None and past.stream and answer.first is not None:
        first = waited + answer.first + past.overhead
    return Outcome(
        asked=past.tries[0].model,
        answered=None if answer is None else answer.model,
        failed=past.tries[-1].error,
        seconds=None if answer is None else waited + answer.seconds + past.overhead,
        first=first,
        cost=sum(each.cost for each in past.tries),
        tries=len(past.tries),
        cut=sum(each.error == TimedOut.code for each in past.tries),
    )
