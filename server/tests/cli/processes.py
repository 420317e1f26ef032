"""Commands that run until they are told to end, as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.core.facts import wait_for


@dataclass(frozen=True)
class Running:
    """A command that runs, in a session of its own, and what it has said so far."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def said(self) -> str:
        """Read everything it has said."""
        return self.log.read_text("utf-8", errors="replace")

    def await_said(self, text: str, within: float = 60.0) -> None:
        """Wait until it says something; a command that has ended says nothing more."""
        wait_for(lambda: text in self.said or self.process.poll() is not None, within)
        assert text in self.said, self.said

    def child(self, name: str) -> int:
        """Find the pid of one of its processes."""
        family = psutil.Process(self.process.pid).children()
        return next(each.pid for each in family if each.name() == f"hone {name}")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def interrupt(self) -> int:
        """Press Ctrl-C: the terminal signals the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def running(log: Path, *arguments: object, env: Mapping[str, str]) -> Generator[Running]:
    """Run a command in the background and leave nothing of it behind."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hone.cli", *(str(each) for each in arguments)],
            env={**os.environ, **env},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.wait()
            psutil.wait_procs(family, timeout=60)
