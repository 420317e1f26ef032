"""Live channels over one WebSocket: who listens, and what is pushed when operations land.

A pulse is computed once for an organization and sent to everyone who listens there, at most four
times a second while there is traffic and at least every five seconds otherwise. How models are is told
when a process says that a circuit changed; time alone makes an open one half open. Alerts are told when
one opens, changes or ends.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hone import monitoring, operations
from hone.core import clock
from hone.core.db import Database
from hone.health import Circuit, CircuitState

log = logging.getLogger(__name__)

MODEL_METRICS = "model_metrics"
MODEL_STATUS = "model_status"
ALERTS = "alerts"
CHANNELS = frozenset({MODEL_METRICS, MODEL_STATUS, ALERTS})
STATUS_CHANGE = "modelStatusChange"
HEARTBEAT = "heartbeat"
MIN_INTERVAL = 0.25
MAX_INTERVAL = 5.0
_QUEUE = 16

Circuits = Callable[[UUID], Awaitable[Mapping[str, Circuit]]]
"""Tells how the circuit of each model of an organization is, by the model's name."""


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
    circuits: Mapping[str, Circuit] = field(default_factory=dict[str, Circuit])
    """What was last told of each model."""
    alerts: Mapping[str, object] = field(default_factory=dict[str, object])
    """What was last told of each alert."""
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
    circuits: Circuits
    _topics: dict[UUID, _Topic] = field(default_factory=dict[UUID, _Topic])

    def notify(self, organizations: set[UUID]) -> None:
        """Note that operations of these organizations have landed, or circuits changed."""
        for organization_id in organizations & self._topics.keys():
            self._topics[organization_id].landed.set()

    def join(self, organization_id: UUID) -> Subscriber:
        """Start listening to an organization."""
        topic = self._topics.get(organization_id)
        if topic is None:
            topic = self._topics[organization_id] = _Topic()
        subscriber = Subscriber()
        topic.subscribers.add(subscriber)
        topic.landed.set()
        if topic.task is None:
            topic.task = self.group.create_task(self._push(organization_id, topic))
        return subscriber

    async def subscribe(self, organization_id: UUID, subscriber: Subscriber, channel: str) -> None:
        """Add a channel to what somebody hears; of models, first how each of them is."""
        if channel == MODEL_STATUS:
            topic = self._topics[organization_id]
            known = await self._known(organization_id)
            if known is not None:
                # Whoever listened before is told what changed since.
                _tell(topic.subscribers, MODEL_STATUS, _changes(topic, known))
                subscriber.offer(_status(known))
        if channel == ALERTS:
            # Heard by all who listen, as far as it is news to them; whoever joins hears everything.
            await self._tell_alerts(organization_id, self._topics[organization_id], subscriber)
        subscriber.channels.add(channel)

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
            quiet = False
            try:
                async with asyncio.timeout(MAX_INTERVAL):
                    await topic.landed.wait()
            except TimeoutError:
                quiet = True
            topic.landed.clear()
            _tell(topic.subscribers, MODEL_STATUS, {"type": HEARTBEAT} if quiet else None)
            if any(MODEL_STATUS in each.channels for each in topic.subscribers):
                known = await self._known(organization_id)
                changes = None if known is None else _changes(topic, known)
                _tell(topic.subscribers, MODEL_STATUS, changes)
            if any(MODEL_METRICS in each.channels for each in topic.subscribers):
                pulse = await self._pulse(organization_id, topic)
                _tell(topic.subscribers, MODEL_METRICS, pulse)
            if any(ALERTS in each.channels for each in topic.subscribers):
                await self._tell_alerts(organization_id, topic)
            await asyncio.sleep(MIN_INTERVAL)

    async def _known(self, organization_id: UUID) -> Mapping[str, Circuit] | None:
        try:
            return await self.circuits(organization_id)
        except (SQLAlchemyError, OSError) as error:
            log.warning("not known how models are: %s", error)
            return None
        except Exception:
            # As below.
            log.exception("not known how models are")
            return None

    async def _tell_alerts(
        self, organization_id: UUID, topic: _Topic, joins: Subscriber | None = None
    ) -> None:
        try:
            async with self.database.transaction(organization_id) as session:
                found = await monitoring.live_alerts(session, organization_id)
        except (SQLAlchemyError, OSError) as error:
            log.warning("alerts are not told: %s", error)
            return
        except Exception:
            # As below.
            log.exception("alerts are not told")
            return
        fresh = [each for each in found if topic.alerts.get(str(each["id"])) != _stands(each)]
        topic.alerts = {str(each["id"]): _stands(each) for each in found}
        if joins is not None:
            joins.offer(_alerts([each for each in found if each["state"] != "resolved"]))
        if fresh:
            _tell(topic.subscribers, ALERTS, _alerts(fresh))

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


def _changes(topic: _Topic, known: Mapping[str, Circuit]) -> dict[str, object] | None:
    """Say what changed since it was last told; a model that is new is taken to have been well."""
    before, topic.circuits = topic.circuits, known
    changed = {
        name: circuit
        for name, circuit in known.items()
        if _told(circuit) != _told(before.get(name, Circuit(circuit.processes)))
    }
    return _status(changed) if changed else None


def _told(circuit: Circuit) -> tuple[object, ...]:
    return circuit.state, circuit.open, circuit.processes, circuit.until


def _status(models: Mapping[str, Circuit]) -> dict[str, object]:
    told = [
        {
            "model": name,
            "available": circuit.state is CircuitState.CLOSED,
            "state": circuit.state.value,
            "openIn": circuit.open,
            "processes": circuit.processes,
            "until": circuit.until and circuit.until.isoformat(),
        }
        for name, circuit in sorted(models.items())
    ]
    return {
        "type": STATUS_CHANGE,
        "timestamp": clock.now().isoformat(),
        "data": {"models": told},
    }


def _stands(alert: Mapping[str, object]) -> object:
    return alert["state"], alert["severity"], alert["reopened"]


def _alerts(found: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {
        "type": ALERTS,
        "timestamp": clock.now().isoformat(),
        "data": {"alerts": list(found)},
    }


def _tell(
    subscribers: Iterable[Subscriber], channel: str, message: dict[str, object] | None
) -> None:
    if message is not None:
        for subscriber in subscribers:
            if channel in subscriber.channels:
                subscriber.offer(message)
