"""Training runs that somebody watches: looked at five times a second, once for all who watch one."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from hone import training
from hone.core import clock
from hone.core.db import Database
from hone.serving.live import Subscriber
from hone.training import Watched

log = logging.getLogger(__name__)

CHANNEL: Final = "training:"
"""Before the id of a run."""
INTERVAL: Final = 0.2
_OVER_INTERVAL: Final = 5.0
"""Nothing more is to come of a run that is over, but what was read late."""
_Run = tuple[UUID, UUID]


@dataclass(slots=True)
class _Topic:
    channel: str
    subscribers: set[Subscriber] = field(default_factory=set[Subscriber])
    task: asyncio.Task[None] | None = None


@dataclass(slots=True)
class Following:
    """The runs that are watched through one process."""

    database: Database
    place: training.Place
    group: asyncio.TaskGroup
    _topics: dict[_Run, _Topic] = field(default_factory=dict[_Run, _Topic])

    def join(self, organization_id: UUID, run_id: UUID, channel: str, who: Subscriber) -> None:
        """Watch a run; each who joins hears first how it is."""
        topic = self._topics.get((organization_id, run_id))
        if topic is None:
            topic = self._topics[organization_id, run_id] = _Topic(channel)
        elif topic.task is not None:
            topic.task.cancel()
        topic.subscribers.add(who)
        topic.task = self.group.create_task(self._look(organization_id, run_id, topic))

    def leave(self, who: Subscriber) -> None:
        """Watch nothing any more."""
        for run, topic in list(self._topics.items()):
            topic.subscribers.discard(who)
            if not topic.subscribers:
                self._end(run)

    def close(self) -> None:
        """End every topic."""
        for run in list(self._topics):
            self._end(run)

    def _end(self, run: _Run) -> None:
        topic = self._topics.pop(run)
        if topic.task is not None:
            topic.task.cancel()

    async def _look(self, organization_id: UUID, run_id: UUID, topic: _Topic) -> None:
        watched = Watched()
        while True:
            with _surviving():
                async with self.database.transaction(organization_id) as session:
                    news = await training.watch(
                        session, self.place, organization_id, run_id, watched
                    )
                if news is not None:
                    at = clock.now().isoformat()
                    message: dict[str, object] = {"type": topic.channel, "timestamp": at}
                    message["data"] = news
                    for each in topic.subscribers:
                        each.offer(message)
            await asyncio.sleep(_OVER_INTERVAL if watched.over else INTERVAL)


@contextmanager
def _surviving() -> Generator[None]:
    """Let no failure to look end the server."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        log.warning("a training run cannot be watched: %s", error)
    except Exception:
        log.exception("a training run cannot be watched")
