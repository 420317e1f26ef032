"""A run on a machine of a cluster: `python -m hone_trainer.outpost RUN/spec.json JOB`.

It starts the trainer in its folder, which lies on a disk that Hone sees too. Each second it writes `use.json`: that it
lives, and what the run takes. It obeys `orders.json`, and ends at once when these are for another job: then somebody
else has the run. How the trainer ended it writes into `ended.json`.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from hone.core.settings import environment
from hone_trainer import disk

ORDERS, USE, ENDED, LOG = "orders.json", "use.json", "ended.json", "log.txt"
BEAT: Final = 1.0
LOOK: Final = 0.1
_LIMIT: Final = "HONE_OUTPOST_FILE_BYTES"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PROC: Final = Path("/proc")


class Outpost:
    """The trainer at work for one job."""

    def __init__(self, spec: Path, job: str) -> None:
        self.spec, self.job = spec, job
        self.folder = spec.parent
        self._beats = 0
        self._beaten = 0.0
        self._used = (0.0, 0)
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Train; return how the trainer ended, as `subprocess` tells it."""
        if self._order() == "gone":
            return 0
        self._process = process = self._start()

        def stop(number: int, _: FrameType | None) -> None:
            process.send_signal(number)

        signal.signal(signal.SIGTERM, stop)
        obeyed = "run"
        while (code := process.poll()) is None:
            order = self._order()
            if order in {"kill", "gone"}:
                os.killpg(process.pid, signal.SIGKILL)
            elif order != obeyed:
                process.send_signal(signal.SIGTERM)
            obeyed = order
            self._tell()
            time.sleep(LOOK)
        if self._order() != "gone":
            self._write(ENDED, {"job": self.job, "code": code})
        return code

    def _start(self) -> subprocess.Popen[bytes]:
        most = int(environment().get(_LIMIT, "0"))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self.folder / LOG, flags, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "hone_trainer", str(self.spec), str(os.getpid())],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if most:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        return process

    def _order(self) -> str:
        """Read what is wanted; `gone` where the run is somebody else's, or nobody's."""
        try:
            found = json.loads((self.folder / ORDERS).read_bytes())
        except (OSError, ValueError):
            return "gone"
        return str(found.get("order")) if found.get("job") == self.job else "gone"

    def _tell(self) -> None:
        if time.monotonic() - self._beaten < BEAT:
            return
        assert self._process is not None
        self._beaten, self._beats = time.monotonic(), self._beats + 1
        cpu, memory = _use(self._process.pid)
        # What has ended in the session is no longer counted by the kernel.
        self._used = max(cpu, self._used[0]), memory
        told = {"job": self.job, "beat": self._beats, "cpuSeconds": self._used[0], "memory": memory}
        self._write(USE, told)

    def _write(self, name: str, body: dict[str, object]) -> None:
        try:
            disk.write(self.folder / name, json.dumps(body).encode())
        except OSError as failed:
            sys.stderr.write(f"{name} could not be written: {failed}\n")


def _use(session: int) -> tuple[float, int]:
    """Sum up the seconds of CPU and the bytes of memory of a session."""
    ticks = pages = 0
    for each in _PROC.iterdir():
        if not each.name.isdigit():
            continue
        try:
            # The name, in brackets, may hold anything.
            told = (each / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(told[3]) == session:
            ticks += sum(int(number) for number in told[11:15])
            pages += int(told[21])
    return ticks / _TICKS, pages * _PAGE


def main(arguments: Sequence[str]) -> int:
    """Read the command line; end with 0 where the trainer's end was told."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m hone_trainer.outpost RUN/spec.json JOB\n")
        return 2
    code = Outpost(Path(arguments[0]).resolve(), arguments[1]).run()
    return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
