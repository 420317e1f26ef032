"""Programs that end with the process that started them.

The kernel keeps the parent-death signal per process and clears it whenever the process changes
its credentials (prctl(2), PR_SET_PDEATHSIG). So the order is: become the other user, ask for the
signal, look whether the parent is still there, become the program. `subprocess` can only do that
by running Python between fork and exec, which is unsafe beside threads; so this file is run as a
script in between. It needs nothing but the standard library. Elsewhere than on Linux there is no
such signal, and a killed parent leaves its children to themselves.
"""

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1


class SystemUser(NamedTuple):
    """A user of the operating system."""

    name: str
    uid: int
    gid: int


def die_with_parent(death_signal: int, parent: int) -> None:
    """Have this process receive a signal when the thread that forked it ends.

    `parent` is the pid of the forking process, read before the fork: had it died already, the
    signal would never come, so this process ends at once.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        os._exit(1)


def command(
    program: Path, arguments: Sequence[str], *, death_signal: int, user: SystemUser | None = None
) -> list[str]:
    """Build the command that runs a program as `user` and ends it with the calling process."""
    uid, gid = (user.uid, user.gid) if user else (-1, -1)
    head = [sys.executable, "-I", "-S", __file__]
    numbers = [str(int(death_signal)), str(os.getpid()), str(uid), str(gid)]
    return [*head, *numbers, str(program), *arguments]


def _become(arguments: Sequence[str]) -> None:
    death_signal, parent, uid, gid = (int(number) for number in arguments[:4])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # A group of its own: Ctrl-C in a terminal is for the supervisor, which keeps the order.
    os.setpgid(0, 0)
    die_with_parent(death_signal, parent)
    os.execv(arguments[4], list(arguments[4:]))


if __name__ == "__main__":
    _become(sys.argv[1:])
