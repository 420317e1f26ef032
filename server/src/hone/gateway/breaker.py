"""Circuit breakers: a target that fails is left alone for a while, then tried by one request."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from hone.gateway.pace import Pace
from hone.llm.errors import Limited, ProviderError, QuotaSpent

FAILURES: Final = 5
"""So many in a row open a breaker."""
SHORTEST: Final = 2.0
LONGEST: Final = 60.0
"""Seconds that a breaker stays open: doubled each time that the trial fails."""
LIMITED: Final = 1.0
"""Seconds after a 429 that does not say for how long."""
SPENT: Final = 60.0
TRIAL: Final = 30.0
"""A trial that has not come back after so many seconds does not keep others from trying."""


def _nobody() -> None:
    """Tell no one."""


@dataclass(slots=True)
class Breaker:
    """What is known of one target's health in this process."""

    failures: int = 0
    open_until: float = 0.0
    """Loop time; 0 while closed."""
    pause: float = 0.0
    limited: bool = False
    """It is open because the provider asked for it."""
    trial_until: float = 0.0
    spared_until: float = 0.0
    """Until then it is not asked to go on with an answer: it has refused to."""
    pace: Pace = field(default_factory=Pace)
    opened: float = 0.0
    """When it left the closed state."""
    reason: str = ""
    """The code of the error that opened it last."""
    asked: float | None = None
    """Seconds that the provider asked for."""
    changed: Callable[[], None] = _nobody
    """Called when it opens, stays open for longer, or closes."""

    def available(self, now: float) -> bool:
        """Tell whether a request may go to the target."""
        return not self.open_until or (now >= self.open_until and now >= self.trial_until)

    def waits(self, now: float) -> float:
        """Tell for how many seconds it should be left alone."""
        return max(self.open_until - now, 0.0)

    def begin(self, now: float) -> None:
        """Note that a request leaves; while the breaker is open it is the one trial."""
        if self.open_until:
            self.trial_until = now + TRIAL

    def succeed(self) -> None:
        """Close the breaker."""
        was_open = self.open_until > 0
        self.failures = 0
        self.open_until = self.pause = self.trial_until = 0.0
        self.limited = False
        if was_open:
            self.changed()

    def leave(self) -> None:
        """Note that a request ended without telling anything of the target's health."""
        self.trial_until = 0.0

    def fail(self, error: ProviderError, now: float) -> None:
        """Count a failure and open the breaker where it is one too many."""
        if not error.counts:
            self.leave()
            return
        self.failures += 1
        was_open = self.open_until > 0
        self.trial_until = 0.0
        asked = self.asked = error.retry_after
        if asked is None and isinstance(error, Limited):
            asked = LIMITED
        if asked is None and isinstance(error, QuotaSpent):
            asked = SPENT
        if asked is not None:
            self.limited = isinstance(error, Limited)
            self.open_until = now + asked
        elif was_open or self.failures >= FAILURES:
            self.limited = False
            self.pause = min(max(self.pause * 2, SHORTEST), LONGEST)
            self.open_until = now + self.pause
        if self.open_until:
            self.opened = self.opened if was_open else now
            self.reason = error.code
            self.changed()


class Breakers:
    """The breakers of a process, by model."""

    def __init__(self) -> None:
        self._breakers: dict[UUID, Breaker] = {}
        self._opened: dict[UUID, bytes] = {}
        """The organizations of the models whose breakers are not closed."""
        self.wake: Callable[[], None] = _nobody
        """Called when a breaker changes."""

    def of(self, model_id: UUID, organization_id: bytes | None = None) -> Breaker:
        """Return a model's breaker; it is told of to the organization, where one is given."""
        found = self._breakers.get(model_id)
        if found is None:
            changed = _nobody
            if organization_id is not None:
                changed = partial(self._note, model_id, organization_id)
            found = self._breakers[model_id] = Breaker(changed=changed)
        return found

    def opened(self) -> Iterator[tuple[UUID, UUID, Breaker]]:
        """List the breakers that are not closed, with their organizations and models."""
        for model_id, organization_id in self._opened.items():
            yield UUID(bytes=organization_id), model_id, self._breakers[model_id]

    def _note(self, model_id: UUID, organization_id: bytes) -> None:
        if self._breakers[model_id].open_until:
            self._opened[model_id] = organization_id
        else:
            self._opened.pop(model_id, None)
        self.wake()
