"""What the provider remembers from one request to the next."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic, TypeVar

from hone.simulator.asks import Mark

T = TypeVar("T")

MOST = 10_000
"""How many things are remembered; the oldest is forgotten first."""


class Shelf(Generic[T]):
    """Things by their names."""

    def __init__(self) -> None:
        self._things: OrderedDict[str, T] = OrderedDict()

    def put(self, name: str, thing: T) -> None:
        """Keep a thing."""
        self._things[name] = thing
        if len(self._things) > MOST:
            self._things.popitem(last=False)

    def get(self, name: str) -> T | None:
        """Return a thing, if it is kept."""
        return self._things.get(name)

    def names(self) -> list[str]:
        """Return the names of what is kept, newest last."""
        return list(self._things)

    def take(self, name: str) -> T | None:
        """Return a thing and keep it no longer."""
        return self._things.pop(name, None)


class PromptCache:
    """Prompts that were read up to a mark, by model."""

    def __init__(self) -> None:
        self._until: OrderedDict[tuple[str, bytes], float] = OrderedDict()

    def use(self, model: str, marks: Sequence[Mark], now: float) -> tuple[int, int]:
        """Return the tokens read from the cache and those written to it, and keep the prompt."""
        read = max(
            (mark.tokens for mark in marks if self._until.get((model, mark.digest), 0.0) > now),
            default=0,
        )
        for mark in marks:
            self._until[model, mark.digest] = now + mark.seconds
            self._until.move_to_end((model, mark.digest))
        while len(self._until) > MOST:
            self._until.popitem(last=False)
        return read, max((mark.tokens for mark in marks), default=0) - read
