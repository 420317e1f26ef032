"""The C library's allocator, set for a process that works in bursts and then waits.

glibc keeps an arena for each thread, and what a burst has freed, for the next one. Of a worker, whose bursts
come from several threads and seldom, that would stay: some 7 MB with a handful of training runs.
"""

import contextlib
import ctypes
import sys

# https://man7.org/linux/man-pages/man3/mallopt.3.html
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_BIG = 128 * 1024


def give_back_early() -> None:
    """Return what is freed to the system; without glibc there is nothing to set."""
    if sys.platform != "linux":
        return
    # What another C library lacks.
    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for name, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _BIG), (_TRIM_THRESHOLD, _BIG)):
            mallopt(name, value)
