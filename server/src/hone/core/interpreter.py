"""The Python that has the trainer, and how it is started: nothing of our environment goes with it.

It works at a low priority, in a process group of its own, and the kernel ends it with the process
that started it.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import hone
from hone.core import launcher
from hone.core.errors import Unavailable
from hone.core.settings import Settings, environment

_KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "COVERAGE_PROCESS_START")
NICE: Final = 10
"""Those who serve go first, and yet it does not stand still on a busy machine."""
_PIPE: Final = asyncio.subprocess.PIPE


class TrainerMissing(Unavailable):
    """The trainer is not installed: run `scripts/setup trainer`, or set HONE_TRAINER__PYTHON."""

    code = "trainer_missing"


def find(settings: Settings) -> Path:
    """Find the interpreter that has the trainer; raise `TrainerMissing` with what to do."""
    given = settings.trainer.python
    # The package lies in server/src of a checkout, the trainer's environment at its root.
    found = given or Path(hone.__file__).parents[3] / ".venv-trainer" / "bin" / "python"
    if not os.access(found, os.X_OK):
        raise TrainerMissing(
            f"The trainer is not installed ({found} is missing): run `scripts/setup trainer` in the"
            " checkout, or set HONE_TRAINER__PYTHON to the Python that has hone_trainer."
        )
    return found


async def start(
    interpreter: Path,
    arguments: Sequence[str],
    *,
    stdin: int = asyncio.subprocess.DEVNULL,
    stdout: int | IO[bytes] = _PIPE,
    stderr: int | IO[bytes] = _PIPE,
    extra: Mapping[str, str] | None = None,
    threads: int = 1,
    nice: int = NICE,
) -> asyncio.subprocess.Process:
    """Start it; more threads than it was given would take the cores of those who serve."""
    known = environment()
    own = {
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "PYTHONUNBUFFERED": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *launcher.command(interpreter, arguments, death_signal=signal.SIGKILL),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env={name: known[name] for name in _KEPT_VARIABLES if name in known}
        | own
        | dict(extra or {}),
    )
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    return process
