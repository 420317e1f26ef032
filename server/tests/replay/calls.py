"""Calls as they might have been recorded, and the models that answered them."""

from collections.abc import Sequence
from random import Random

from hone.core import ids
from hone.gateway import Deadlines, Policy, Route, Weighted
from hone.llm.types import Price, Profile, Target, Usage
from hone.replay import Outcome, Past, Pool, Simulation, Try, pool

NOON = 1_780_000_000.0
USUAL = Usage(100, 50)


def model(name: str, dollars: int | None = 1, quality: float | None = None) -> Target:
    """Make a model that costs so many dollars for a million tokens."""
    price = None if dollars is None else Price(ids.new(), dollars * 10**6, dollars * 10**6)
    profile = Profile(quality=quality)
    return Target(ids.new(), name, "somebody", "compatible", name, "", "", price, profile=profile)


def route(
    *targets: Target,
    policy: Policy = Policy.WEIGHTED,
    weights: Sequence[float] = (),
    fallbacks: Sequence[Target] = (),
    deadlines: Deadlines | None = None,
) -> Route:
    """Make a route among models."""
    shares = weights or [1.0] * len(targets)
    return Route(
        ids.new(),
        "assistant",
        policy,
        tuple(Weighted(each, share) for each, share in zip(targets, shares, strict=True)),
        tuple(fallbacks),
        deadlines or Deadlines(),
    )


def attempt(
    target: Target,
    seconds: float = 1.0,
    tokens: int = 50,
    *,
    first: float | None = None,
    error: str | None = None,
    status: int | None = None,
) -> Try:
    """Make an attempt at a model."""
    usage = Usage() if error else Usage(100, tokens)
    price = target.price
    cost = 0 if price is None or error else price.input * 100 + price.output * tokens
    code = (0 if error else 200) if status is None else status
    price_id = None if price is None else price.id
    return Try(
        target.model_id,
        target.model,
        target.upstream,
        seconds,
        first,
        error,
        code,
        usage,
        cost,
        price_id,
    )


def past(
    *tries: Try, at: float = 0.0, stream: bool = False, conversation: str | None = None
) -> Past:
    """Make a call that came so many seconds after noon."""
    return Past(NOON + at, tries, stream=stream, conversation=conversation)


def answers(target: Target, luck: Random, count: int = 50, failing: float = 0.0) -> Pool:
    """Make up what is known of a model."""
    return pool(
        [
            attempt(target, luck.uniform(0.1, 1), error="upstream_error", status=500)
            if luck.random() < failing
            else attempt(target, luck.uniform(0.5, 3), luck.randint(5, 400))
            for _ in range(count)
        ]
    )


def replayed(
    calls: Sequence[Past],
    through: Route,
    pools: Sequence[tuple[Target, Pool]] = (),
    *,
    seed: int = 1,
    held: Deadlines | None = None,
) -> list[Outcome]:
    """Replay calls to the end."""
    known = {target.model_id: each for target, each in pools}
    run = Simulation(calls, through, known, Random(seed), held or through.deadlines, USUAL)
    for _ in run.run():
        pass
    return run.outcomes
