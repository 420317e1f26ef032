"""One supervised child process and the program it runs."""

import contextlib
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from hone.core.launcher import die_with_parent
from hone.core.supervisor.backoff import Backoff
from hone.core.supervisor.heartbeats import Heartbeats, waited
from hone.core.supervisor.signals import Signals

log = logging.getLogger(__name__)

_MOST_STARVED = 10
"""So many times its patience a child may have no processor."""

Target = Callable[[int], int | None]
"""What a child runs: it is given its slot and may return an exit code."""


@dataclass(frozen=True)
class Program:
    """What is run, how often, and how it is watched; times are in seconds."""

    name: str
    target: Target
    count: int = 1
    hang_after: float = 6.0
    """Age of the last beat at which a child is killed; 0 leaves it unwatched."""
    startup: float = 60.0
    """Time a watched child has until its first beat."""
    grace: float = 10.0
    """Time a child has between SIGTERM and SIGKILL."""
    attempts: int = 0
    """Short lives in a row after which the supervisor gives up; 0 means never."""


class Child:
    """A slot of a program: the process that fills it now, and when it is filled again."""

    def __init__(self, program: Program, slot: int, beats: Heartbeats, cell: int) -> None:
        self.program = program
        self.name = f"{program.name} {slot}" if program.count > 1 else program.name
        self.pid: int | None = None
        self.code: int | None = None
        self.backoff = Backoff()
        self._slot = slot
        self._beats = beats
        self._cell = cell
        self._started = 0.0
        self._start_at = 0.0
        self._killed = False

    def fork(self, signals: Signals) -> None:
        """Start the process."""
        self._beats.clear(self._cell)
        self._killed = False
        self._started = time.monotonic()
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        # What the collector never touches stays shared between parent and child.
        gc.collect()
        gc.freeze()
        with signals.held():
            pid = os.fork()
            if pid == 0:
                self._live(signals, parent)
        self.pid = pid
        log.info("%s started (pid %d)", self.name, pid)

    def beat(self) -> None:
        """Say that this child is alive; called in the child."""
        self._beats.beat(self._cell)

    def reap(self) -> int | None:
        """Collect the process when it has ended; return its pid then."""
        if self.pid is None:
            return None
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        self.pid = None
        self.code = os.waitstatus_to_exitcode(status)
        return pid

    def plan_restart(self, ended: int) -> None:
        """Decide when the process that just ended is started again, and say so loudly."""
        now = time.monotonic()
        delay = self.backoff.after(now - self._started)
        self._start_at = now + delay
        log.error(
            "%s (pid %d) %s after %.1f s; it starts again in %.1f s",
            self.name,
            ended,
            describe(self.code or 0),
            now - self._started,
            delay,
        )

    def kill_if_hung(self, now: float, excused_until: float) -> None:
        """Kill the process when its last sign of life is too old."""
        if self.pid is None or self._killed or self._deadline(excused_until) > now:
            return
        heard = self._beats.last(self._cell) is not None
        log.error(
            "%s (pid %d) %s for %g s; it is killed",
            self.name,
            self.pid,
            "gave no sign of life" if heard else "did not come to life",
            self.program.hang_after if heard else self.program.startup,
        )
        os.kill(self.pid, signal.SIGKILL)
        self._killed = True

    def next_look(self, excused_until: float) -> float:
        """Return when this slot may next need something."""
        if self.pid is None:
            return self._start_at
        return float("inf") if self._killed else self._deadline(excused_until)

    def is_due(self, now: float) -> bool:
        """Say whether the process is to be started."""
        return self.pid is None and now >= self._start_at

    def signal(self, number: int) -> None:
        """Send the process a signal, if there is one."""
        if self.pid is not None:
            os.kill(self.pid, number)

    def _deadline(self, excused_until: float) -> float:
        """Tell when this process is taken for hung: time for which it had no processor does not count."""
        patience = self.program.hang_after
        if patience == 0:
            return float("inf")
        last = self._beats.last(self._cell)
        if last is None:
            last, patience = self._started, self.program.startup
        deadline = max(last, excused_until) + patience
        if self.pid is None or deadline > time.monotonic():
            return deadline
        starved = waited(self.pid) - self._beats.waited(self._cell)
        # In the end it is of no use to anybody, whatever it waits for.
        return deadline + min(max(0.0, starved), _MOST_STARVED * patience)

    def _settle(self, signals: Signals, parent: int) -> None:
        """Become a child of our own kind, before the first signal can come."""
        # A group of its own: Ctrl-C in a terminal is for the supervisor, which keeps the order.
        os.setpgid(0, 0)
        # So that `ps` tells the processes apart; the kernel keeps 15 bytes.
        with contextlib.suppress(OSError):
            Path("/proc/self/comm").write_text(f"hone {self.name}"[:15], encoding="utf-8")
        die_with_parent(signal.SIGKILL, parent)
        signals.leave()

    def _live(self, signals: Signals, parent: int) -> NoReturn:
        """Run the program and end here, whatever happens."""
        code = 1
        try:
            self._settle(signals, parent)
            code = self.program.target(self._slot) or 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
        except BaseException:
            log.exception("%s (pid %d) failed", self.name, os.getpid())
        finally:
            logging.shutdown()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def describe(code: int) -> str:
    """Say how a process ended, from its exit code or the negative number of its signal."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
