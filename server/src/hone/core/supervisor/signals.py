"""Signals as something to wait for, by Python's wake-up descriptor."""

import contextlib
import os
import select
import signal
from collections.abc import Generator
from types import FrameType

STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_WATCHED = (*STOP, signal.SIGCHLD)
_MAY_BE_IGNORED = (signal.SIGINT, signal.SIGHUP)


def _note(number: int, frame: FrameType | None) -> None:
    """Do nothing: the signal's number is in the pipe by now."""


class Signals:
    """The signals that the supervisor lives by; use it in the main thread."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        # Who started us with nohup wants SIGHUP ignored, a shell's background job SIGINT.
        ignored = [n for n in _MAY_BE_IGNORED if signal.getsignal(n) is signal.SIG_IGN]
        self._numbers = [n for n in _WATCHED if n not in ignored]
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        self._before = {number: signal.signal(number, _note) for number in self._numbers}
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)

    def wait(self, seconds: float | None) -> list[int]:
        """Sleep until a signal comes or the time is over; return what came."""
        ready, _, _ = select.select([self._reader], [], [], seconds)
        return list(os.read(self._reader, 4096)) if ready else []

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Keep signals back, so that none reaches a fork before it has left these handlers."""
        signal.pthread_sigmask(signal.SIG_BLOCK, self._numbers)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)

    def leave(self) -> None:
        """Go back to the signals' own effects; a forked child calls this first."""
        signal.set_wakeup_fd(-1)
        for number in self._numbers:
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        os.close(self._reader)
        os.close(self._writer)

    def close(self) -> None:
        """Give the handlers back."""
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._reader)
        os.close(self._writer)
