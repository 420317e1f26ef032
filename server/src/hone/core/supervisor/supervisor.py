"""The supervisor's loop."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hone.core.supervisor.child import Child, Program, Target, describe
from hone.core.supervisor.database import Database
from hone.core.supervisor.heartbeats import Heartbeats
from hone.core.supervisor.signals import STOP, Signals

if TYPE_CHECKING:
    from hone.core.postgres import EmbeddedPostgres

log = logging.getLogger(__name__)

_OVERSLEPT = 1.0
"""A look that comes this late was delayed by the machine, and so were the children's beats."""

_DATABASE_ENDING = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_HURRIED = 3.0


class Supervisor:
    """Runs PostgreSQL, then tasks that must succeed once, then programs until it is told to stop.

    SIGTERM, SIGINT or SIGHUP ends everything in the opposite order; a second one hurries. Create it
    and call `run` in the main thread, before any other thread exists.
    """

    def __init__(self, postgres: EmbeddedPostgres | None = None) -> None:
        self._database = Database(postgres) if postgres else None
        self._tasks: list[Program] = []
        self._programs: list[Program] = []
        self._groups: list[list[Child]] = []
        self._forking: Child | None = None
        self._stops = 0
        self._excused_until = 0.0

    def add_task(self, name: str, target: Target) -> None:
        """Add something to run to its end, such as migrations, before the programs start."""
        self._tasks.append(Program(name, target, hang_after=0, grace=10.0))

    def add(self, program: Program) -> None:
        """Add a program; programs start in this order and end in the opposite one."""
        self._programs.append(program)

    def beat(self) -> None:
        """Give a sign of life; a watched child calls this in its main loop."""
        if self._forking is not None:
            self._forking.beat()

    def run(self) -> int:
        """Run until a signal ends it, and return the exit code."""
        if _threads() > 1:
            raise RuntimeError("The supervisor forks, so no other thread may run.")
        self._signals = Signals()
        self._children = self._make_children()
        try:
            return self._live()
        finally:
            self._signals.close()

    def _make_children(self) -> list[Child]:
        beats = Heartbeats(sum(program.count for program in self._programs))
        children: list[Child] = []
        for program in self._programs:
            cell = len(children)
            group = [Child(program, slot, beats, cell + slot) for slot in range(program.count)]
            self._groups.append(group)
            children += group
        return children

    def _live(self) -> int:
        code = 0
        try:
            self._await(lambda: self._database is None or self._database.ready)
            for task in self._tasks:
                if not self._run_task(task):
                    return 1
            if not self._watch():
                code = 1
        finally:
            self._end()
        return code

    def _await(self, fact: Callable[[], bool]) -> None:
        """Look after PostgreSQL until `fact` holds or a signal ends everything."""
        while not self._stops:
            if self._database:
                self._database.tick()
            if fact():
                return
            self._wait(self._database.next_look() if self._database else float("inf"))
            if self._database:
                self._database.reap()

    def _run_task(self, task: Program) -> bool:
        """Run a task to its end; True when it succeeded or the supervisor was told to stop."""
        if self._stops:
            return True
        child = Child(task, 0, Heartbeats(1), 0)
        self._groups.append([child])
        self._start(child)
        self._await(lambda: child.reap() is not None)
        if self._stops:
            return True
        self._groups.pop()
        if child.code:
            log.critical("%s %s; nothing else is started", child.name, describe(child.code))
        return child.code == 0

    def _watch(self) -> bool:
        """Keep every program running until told to stop; False when one cannot be kept."""
        while not self._stops:
            if self._database:
                self._database.tick()
            now = time.monotonic()
            for child in self._children:
                child.kill_if_hung(now, self._excused_until)
                if child.is_due(now):
                    self._start(child)
            self._wait(self._next_look())
            if not self._reap():
                return False
        return True

    def _next_look(self) -> float:
        looks = [child.next_look(self._excused_until) for child in self._children]
        if self._database:
            looks.append(self._database.next_look())
        return min(looks, default=float("inf"))

    def _start(self, child: Child) -> None:
        # In the child this stays set, and `beat` finds it.
        self._forking = child
        child.fork(self._signals)
        self._forking = None

    def _wait(self, until: float) -> None:
        """Sleep until a signal or the given moment; note who asks to stop, and a late waking."""
        seconds = None if until == float("inf") else max(0.0, until - time.monotonic())
        due = time.monotonic() + (seconds or 0.0)
        for number in self._signals.wait(seconds):
            self._stops += number in STOP
        now = time.monotonic()
        if seconds is not None and now - due > _OVERSLEPT:
            self._excused_until = now

    def _reap(self) -> bool:
        if self._database:
            self._database.reap()
        for child in self._children:
            if (ended := child.reap()) is None or self._stops:
                continue
            child.plan_restart(ended)
            if 0 < child.program.attempts <= child.backoff.short_lives:
                log.critical("%s cannot be kept running; everything ends", child.name)
                return False
        self._bury_strangers()
        return True

    def _bury_strangers(self) -> None:
        """Collect orphans that the kernel gives to the first process of a container."""
        if os.getpid() != 1 or sys.platform != "linux":
            return
        known = {child.pid for child in self._children}
        if self._database:
            known.add(self._database.postgres.pid)
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitid(os.P_ALL, 0, look)) and found.si_pid not in known:
                os.waitpid(found.si_pid, 0)

    def _end(self) -> None:
        self._stops = max(self._stops, 1)
        for group in reversed(self._groups):
            self._end_group(group)
        if self._database:
            self._end_database(self._database)
        log.info("everything has ended")

    def _end_group(self, group: Sequence[Child]) -> None:
        for child in group:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + group[0].program.grace
        killed = False
        while running := [child for child in group if child.pid]:
            if not killed and (time.monotonic() >= deadline or self._stops > 1):
                for child in running:
                    log.error(
                        "%s (pid %d) did not end in time; it is killed", child.name, child.pid
                    )
                    child.signal(signal.SIGKILL)
                killed, deadline = True, float("inf")
            self._wait(deadline)
            for child in group:
                if ended := child.reap():
                    log.info("%s (pid %d) %s", child.name, ended, describe(child.code or 0))

    def _end_database(self, database: Database) -> None:
        for number, patience in _DATABASE_ENDING:
            if database.ended:
                break
            database.postgres.signal(number)
            deadline = time.monotonic() + patience
            while not database.ended and time.monotonic() < deadline:
                self._wait(deadline)
                if self._stops > 1:
                    deadline = min(deadline, time.monotonic() + _HURRIED)
        database.postgres.stop()


def _threads() -> int:
    """Count the threads of this process, those of extension modules included where possible."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()
