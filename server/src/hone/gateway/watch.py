"""Notices that a client leaves, at the price of no task: the server's own future is listened to."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


def _nobody() -> None:
    """Tell no one."""


class Watch:
    """Drives `receive()` by hand while the request is worked on.

    A task for each request would cost about 15 us; this is a generator and a callback. It works
    with any server whose `receive` waits on futures of the running loop, as uvicorn's does.
    """

    __slots__ = ("_future", "_gone", "_receive", "_waiting")

    def __init__(self, receive: Receive, gone: Callable[[], None]) -> None:
        self._receive = receive
        self._gone = gone
        self._waiting: Generator[Any, None, Message] | None = None
        self._future: asyncio.Future[object] | None = None

    def start(self) -> None:
        """Begin to listen; the request's body must have been read."""
        self._waiting = self._receive().__await__()
        self._step()

    def stop(self) -> None:
        """Listen no more, and let go of the request.

        The request holds its watch, and the watch the request's method: left as it is, that cycle
        would leave all of a request to the garbage collector.
        """
        self._gone = _nobody
        waiting, self._waiting = self._waiting, None
        future, self._future = self._future, None
        if future is not None:
            future.remove_done_callback(self._step)
        if waiting is not None:
            waiting.close()

    def _step(self, _: object = None) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        try:
            future = waiting.send(None)
        except StopIteration as end:
            self._waiting = self._future = None
            if end.value["type"] == "http.disconnect":
                self._gone()
            return
        self._future = future
        future.add_done_callback(self._step)
