"""Signs of life: one time stamp per child, in memory that the children share with their parent."""

import mmap
import time

_CELL_BYTES = 8


class Heartbeats:
    """Cells that each child writes and the supervisor reads; make them before the first fork."""

    def __init__(self, cells: int) -> None:
        self._memory = mmap.mmap(-1, max(cells, 1) * _CELL_BYTES)
        self._cells = memoryview(self._memory).cast("Q")

    def beat(self, cell: int) -> None:
        """Write the present moment; one aligned store, so it is never read half."""
        self._cells[cell] = time.monotonic_ns()

    def clear(self, cell: int) -> None:
        """Forget the beats of a process that ended."""
        self._cells[cell] = 0

    def last(self, cell: int) -> float | None:
        """Return the moment of the last beat on the monotonic clock, None before the first."""
        nanoseconds = self._cells[cell]
        return nanoseconds / 1e9 if nanoseconds else None
