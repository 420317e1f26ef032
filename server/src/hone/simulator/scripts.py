"""Which behaviour a request gets: by its model's name, by script, or the default."""

import math
from collections import OrderedDict
from dataclasses import dataclass

from hone.simulator import errors, grammar
from hone.simulator.behaviours import DEFAULT, PRESETS, Behaviour

ALL = "*"
"""The script of every model that has none of its own."""

MAX_NAMES = 10_000
"""How many scripts written in names are remembered; the longest unused is forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate limit."""

    limit: int
    remaining: int
    reset: float
    """Seconds until all of it is there again."""


@dataclass(slots=True)
class Script:
    """A behaviour and how much of it is used up."""

    behaviour: Behaviour
    taken: int = 0
    window_start: float = -math.inf
    window_used: int = 0
    first: float | None = None
    """When the first request came that it was given to."""

    @property
    def spent(self) -> bool:
        """Tell whether the behaviour applied to as many requests as it was meant for."""
        return self.behaviour.times is not None and self.taken >= self.behaviour.times

    def current(self, now: float) -> Behaviour:
        """Return what holds now."""
        flap = self.behaviour.flap
        if flap is None:
            return self.behaviour
        if self.first is None:
            self.first = now
        phase = (now - self.first) % (flap.fail_seconds + flap.well_seconds)
        return self.behaviour if phase < flap.fail_seconds else self.behaviour.well()

    def admit(self, now: float) -> Allowance | None:
        """Count a request; return what the rate limit leaves, or refuse it."""
        self.taken += 1
        limit = self.behaviour.rate
        if limit is None:
            return None
        if now - self.window_start >= limit.per_seconds:
            self.window_start, self.window_used = now, 0
        reset = limit.per_seconds - (now - self.window_start)
        if self.window_used >= limit.requests:
            raise errors.Refused(
                "The rate limit is reached.",
                status=429,
                reason=errors.Reason.RATE,
                retry_after=reset,
                facts={
                    "limit": limit.requests,
                    "used": self.window_used,
                    "wait": duration(reset),
                    "allowance": Allowance(limit.requests, 0, reset),
                },
            )
        self.window_used += 1
        return Allowance(limit.requests, limit.requests - self.window_used, reset)


class Scripts:
    """Every script, by model; one written in the name wins over the model's, that over `*`."""

    def __init__(self) -> None:
        self._by_model: dict[str, Script] = {}
        self._by_name: OrderedDict[str, Script] = OrderedDict()

    def put(self, model: str, behaviour: Behaviour) -> None:
        """Give a model a behaviour, in place of the one it had."""
        self._by_model[model] = Script(behaviour)

    def delete(self, model: str) -> bool:
        """Take a model's behaviour away; tell whether it had one."""
        return self._by_model.pop(model, None) is not None

    def clear(self) -> None:
        """Forget every behaviour, and what the ones in names have counted."""
        self._by_model.clear()
        self._by_name.clear()

    def items(self) -> dict[str, Script]:
        """Return the scripts that still apply."""
        return {model: script for model, script in self._by_model.items() if not script.spent}

    def find(self, name: str) -> tuple[str, Script]:
        """Return the model that `name` means and the script for its next request."""
        model, settings = grammar.split(name)
        if settings or "#" in name:
            script = self._named(name)
            if not script.spent:
                return model, script
        for key in (model, ALL):
            script = self._by_model.get(key)
            if script is not None and not script.spent:
                return model, script
        return model, Script(PRESETS.get(model, DEFAULT))

    def _named(self, name: str) -> Script:
        script = self._by_name.get(name)
        if script is None:
            model, _ = grammar.split(name)
            _, behaviour = grammar.parse(name, PRESETS.get(model, DEFAULT))
            script = self._by_name[name] = Script(behaviour)
            if len(self._by_name) > MAX_NAMES:
                self._by_name.popitem(last=False)
        else:
            self._by_name.move_to_end(name)
        return script


def duration(seconds: float) -> str:
    """Write a time span as OpenAI's rate limit headers do: `120ms`, `1s`, `6m0s`."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    whole = math.ceil(seconds)
    return f"{whole}s" if whole < 60 else f"{whole // 60}m{whole % 60}s"
