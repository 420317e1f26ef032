"""Group commit: one fdatasync for everybody who waits."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from hone.gateway.spool.errors import SpoolUnwritable, reason


class GroupCommit:
    """Syncs what was appended, in a thread, as often as somebody waits and no sync is running.

    Who comes while a sync runs waits for the next one, together with all others who do. When a
    sync fails, the kernel may have dropped the pages it could not write and says so only once, so
    all who wait are told, and the segment is left behind.
    """

    def __init__(self, folder: int, executor: Executor, failed: Callable[[], None]) -> None:
        self._folder = folder
        self._executor = executor
        self._failed = failed
        self._waiting: list[asyncio.Future[None]] = []
        self._behind: list[int] = []
        self._current: int | None = None
        self._renamed = False
        self._running = False

    def follow(self, fd: int) -> None:
        """Go over to the segment that is written from now on."""
        if self._current is not None:
            self._behind.append(self._current)
        self._current = fd
        self._renamed = True

    async def wait(self) -> None:
        """Return when everything appended before this call is on the disk."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiting.append(waiter)
        if not self._running:
            self._start(loop)
        await waiter

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting, []
        behind, self._behind = self._behind, []
        self._running = True
        job = loop.run_in_executor(self._executor, self._sync, self._targets(behind))
        job.add_done_callback(partial(self._finish, loop, batch, behind))

    def _targets(self, behind: list[int]) -> list[int]:
        targets = behind if self._current is None else [*behind, self._current]
        if self._renamed:
            self._renamed = False
            return [*targets, self._folder]
        return targets

    @staticmethod
    def _sync(fds: list[int]) -> None:
        for fd in fds:
            os.fdatasync(fd)

    def _finish(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: list[asyncio.Future[None]],
        behind: list[int],
        job: asyncio.Future[None],
    ) -> None:
        self._running = False
        for fd in behind:
            os.close(fd)
        error = job.exception()
        if error is not None:
            batch, self._waiting = batch + self._waiting, []
            self._failed()
        _answer(batch, error)
        if self._waiting:
            self._start(loop)

    def close(self) -> None:
        """Sync and close what is left, and answer who still waits; the executor has ended before."""
        error = None
        targets = self._targets(self._behind)
        try:
            self._sync(targets)
        except OSError as failure:
            error = failure
        for fd in targets:
            if fd != self._folder:
                os.close(fd)
        waiting, self._waiting = self._waiting, []
        _answer(waiting, error)


def _answer(waiting: list[asyncio.Future[None]], error: BaseException | None) -> None:
    for waiter in waiting:
        if waiter.done():
            continue
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(SpoolUnwritable(details=reason(error)))
