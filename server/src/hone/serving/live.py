"""Live channels over one WebSocket: who listens, and what is pushed when operations land.

A pulse is computed once for an organization and sent to everyone who listens there, at most four
times a second while there is traffic and at least every five seconds otherwise. A breaker opens or
closes with an attempt, so that it is looked for when operations land.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hone import operations
from hone.core import clock
from hone.core.db import Database

log = logging.getLogger(__name__)

MODEL_METRICS = "model_metrics"
MODEL_STATUS = "model_status"
CHANNELS = frozenset({MODEL_METRICS, MODEL_STATUS})
STATUS_CHANGE = "modelStatusChange"
MIN_INTERVAL = 0.25
MAX_INTERVAL = 5.0
_QUEUE = 16


@dataclass(slots=True, eq=False)
class Subscriber:
    """One open WebSocket that listens to an organization."""

    messages: asyncio.Queue[dict[str, object]] = field(
        default_factory=lambda: asyncio.Queue(maxsize=_QUEUE)
    )

    channels: set[str] = field(default_factory=set[str])

    def offer(self, message: dict[str, object]) -> None:
        """Hand over a message; a reader that is too slow loses the oldest."""
        if self.messages.full():
            self.messages.get_nowait()
        self.messages.put_nowait(message)


@dataclass(slots=True)
class _Topic:
    subscribers: set[Subscriber] = field(default_factory=set[Subscriber])
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    state: operations.PulseState = field(default_factory=operations.PulseState)
    available: dict[str, bool] = field(default_factory=dict[str, bool])
    """What was last told of each model."""
    task: asyncio.Task[None] | None = None

    def end(self) -> None:
        if self.task is not None:
            self.task.cancel()


@dataclass(slots=True)
class Hub:
    """The live channels of one process."""

    database: Database
    group: asyncio.TaskGroup
    """The hub's tasks end with the server."""
    availability: Callable[[UUID], dict[str, bool]]
    """Tells which models of an organization can be called."""
    _topics: dict[UUID, _Topic] = field(default_factory=dict[UUID, _Topic])

    def notify(self, organizations: set[UUID]) -> None:
        """Note that operations of these organizations have landed."""
        for organization_id in organizations & self._topics.keys():
            self._topics[organization_id].landed.set()

    def join(self, organization_id: UUID) -> Subscriber:
        """Start listening to an organization."""
        topic = self._topics.get(organization_id)
        if topic is None:
            topic = _Topic(available=self.availability(organization_id))
            self._topics[organization_id] = topic
        subscriber = Subscriber()
        topic.subscribers.add(subscriber)
        topic.landed.set()
        if topic.task is None:
            topic.task = self.group.create_task(self._push(organization_id, topic))
        return subscriber

    def subscribe(self, organization_id: UUID, subscriber: Subscriber, channel: str) -> None:
        """Add a channel to what somebody hears; of models, first how each of them is."""
        subscriber.channels.add(channel)
        if channel == MODEL_STATUS:
            subscriber.offer(_status(self.availability(organization_id)))

    def leave(self, organization_id: UUID, subscriber: Subscriber) -> None:
        """Stop listening; the last one to leave ends the topic."""
        topic = self._topics.get(organization_id)
        if topic is None:
            return
        topic.subscribers.discard(subscriber)
        if not topic.subscribers:
            del self._topics[organization_id]
            topic.end()

    def close(self) -> None:
        """End every topic."""
        while self._topics:
            _, topic = self._topics.popitem()
            topic.end()

    async def _push(self, organization_id: UUID, topic: _Topic) -> None:
        while True:
            try:
                async with asyncio.timeout(MAX_INTERVAL):
                    await topic.landed.wait()
            except TimeoutError:
                pass
            topic.landed.clear()
            _tell(topic.subscribers, MODEL_STATUS, self._changes(organization_id, topic))
            if any(MODEL_METRICS in each.channels for each in topic.subscribers):
                pulse = await self._pulse(organization_id, topic)
                _tell(topic.subscribers, MODEL_METRICS, pulse)
            await asyncio.sleep(MIN_INTERVAL)

    def _changes(self, organization_id: UUID, topic: _Topic) -> dict[str, object] | None:
        try:
            before, now = topic.available, self.availability(organization_id)
        except Exception:
            # As below.
            log.exception("not known which models are available")
            return None
        topic.available = now
        changed = {name: yes for name, yes in now.items() if before.get(name, True) != yes}
        return _status(changed) if changed else None

    async def _pulse(self, organization_id: UUID, topic: _Topic) -> dict[str, object] | None:
        try:
            async with self.database.transaction(organization_id) as session:
                data = await operations.pulse(session, organization_id, topic.state)
        except (SQLAlchemyError, OSError) as error:
            log.warning("no live figures: %s", error)
            return None
        except Exception:
            # Figures that cannot be computed are no reason to end the server.
            log.exception("no live figures")
            return None
        return {"type": MODEL_METRICS, "timestamp": clock.now().isoformat(), "data": data}


def _status(models: Mapping[str, bool]) -> dict[str, object]:
    told = [{"model": name, "available": yes} for name, yes in sorted(models.items())]
    return {
        "type": STATUS_CHANGE,
        "timestamp": clock.now().isoformat(),
        "data": {"models": told},
    }


def _tell(
    subscribers: Iterable[Subscriber], channel: str, message: dict[str, object] | None
) -> None:
    if message is not None:
        for subscriber in subscribers:
            if channel in subscriber.channels:
                subscriber.offer(message)
