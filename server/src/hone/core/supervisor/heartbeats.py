"""Signs of life: when each child last gave one, in memory that the children share with their parent.

A machine that has more to do than it can lets processes wait for a processor. Such a process is not hung, and
starting it anew only adds to what the machine has to do: so each sign also tells how long its process has waited.
"""

import mmap
import time
from pathlib import Path

_CELL_BYTES = 8


def waited(process: int | str = "self") -> float:
    """Tell for how many seconds the first thread of a process was ready to run and had no processor.

    0.0 where the kernel does not tell, or there is no such process.
    The second number of https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class Heartbeats:
    """Cells that each child writes and the supervisor reads; make them before the first fork."""

    def __init__(self, cells: int) -> None:
        self._memory = mmap.mmap(-1, max(cells, 1) * 2 * _CELL_BYTES)
        self._cells = memoryview(self._memory).cast("Q")

    def beat(self, cell: int) -> None:
        """Write the present moment, and how long this process has waited so far.

        Each is one aligned store, so it is never read half.
        """
        self._cells[2 * cell + 1] = int(waited() * 1e9)
        self._cells[2 * cell] = time.monotonic_ns()

    def clear(self, cell: int) -> None:
        """Forget the beats of a process that ended."""
        self._cells[2 * cell] = self._cells[2 * cell + 1] = 0

    def last(self, cell: int) -> float | None:
        """Return the moment of the last beat on the monotonic clock, None before the first."""
        nanoseconds = self._cells[2 * cell]
        return nanoseconds / 1e9 if nanoseconds else None

    def waited(self, cell: int) -> float:
        """Return how many seconds the process had waited at its last beat; 0.0 before the first."""
        return self._cells[2 * cell + 1] / 1e9
