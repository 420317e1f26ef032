"""Live channels over one WebSocket: who listens, and what is pushed when operations land.

A pulse is computed once for an organization and sent to everyone who listens there, at most four
times a second while there is traffic and at least every five seconds otherwise.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hone import operations
from hone.core import clock
from hone.core.db import Database

log = logging.getLogger(__name__)

MODEL_METRICS = "model_metrics"
MIN_INTERVAL = 0.25
MAX_INTERVAL = 5.0
_QUEUE = 16


@dataclass(slots=True, eq=False)
class Subscriber:
    """One open WebSocket that listens to an organization."""

    messages: asyncio.Queue[dict[str, object]] = field(
        default_factory=lambda: asyncio.Queue(maxsize=_QUEUE)
    )

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
    _topics: dict[UUID, _Topic] = field(default_factory=dict[UUID, _Topic])

    def notify(self, organizations: set[UUID]) -> None:
        """Note that operations of these organizations have landed."""
        for organization_id in organizations & self._topics.keys():
            self._topics[organization_id].landed.set()

    def join(self, organization_id: UUID) -> Subscriber:
        """Start listening to an organization."""
        topic = self._topics.setdefault(organization_id, _Topic())
        subscriber = Subscriber()
        topic.subscribers.add(subscriber)
        topic.landed.set()
        if topic.task is None:
            topic.task = self.group.create_task(self._push(organization_id, topic))
        return subscriber

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
            message = await self._pulse(organization_id, topic)
            if message is not None:
                for subscriber in topic.subscribers:
                    subscriber.offer(message)
            await asyncio.sleep(MIN_INTERVAL)

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
