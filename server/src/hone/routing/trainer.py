"""The trainer: a program with libraries of its own, that reads lines and writes one file.

Prompts go to it through a pipe, so they never lie on a disk.
"""

import asyncio
import contextlib
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Final

from hone.core import interpreter
from hone.core.errors import AppError
from hone.core.interpreter import TrainerMissing
from hone.routing.errors import TrainerFailed

SECONDS: Final = 3600.0
"""The longest that learning takes."""
BEAT: Final = 20.0
"""So often somebody hears of it, though nothing happened."""
_PROGRESS: Final = re.compile(rb"progress: (\d+) of (\d+)")
_LONGEST_COMPLAINT: Final = 300

Hear = Callable[[float], Awaitable[None]]
"""Hears how far the work is, from 0 to 1; ends the work by raising."""


async def learn(python: Path, lines: Iterable[bytes], hear: Hear) -> bytes:
    """Run the trainer on outcomes and return the file that it made."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="hone-fit-"))
    try:
        artifact = folder / "routing-model"
        async with _running(python, artifact) as process:
            await _tend(process, lines, hear)
        return await asyncio.to_thread(artifact.read_bytes)
    except FileNotFoundError as error:
        raise TrainerFailed from error
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _running(python: Path, artifact: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Start it, and leave nothing running whatever happens."""
    arguments = ["-m", "hone_trainer.routing", "-", str(artifact)]
    pipe = asyncio.subprocess.PIPE
    process = await interpreter.start(python, arguments, stdin=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _tend(process: asyncio.subprocess.Process, lines: Iterable[bytes], hear: Hear) -> None:
    """Feed it, listen to it, and see that it ends well."""
    said: list[bytes] = []
    try:
        async with asyncio.timeout(SECONDS):
            await _speak(process, lines, hear, said)
    except TimeoutError as error:
        raise TrainerFailed(f"The trainer was not done after {SECONDS:.0f} s.") from error
    code = process.returncode
    if code != 0:
        last = b"".join(said).decode("utf-8", "replace").strip().rpartition("\n")[2]
        why = last[-_LONGEST_COMPLAINT:] or f"it ended with code {code}"
        if "No module named" in why:
            raise TrainerMissing(
                f"The trainer is not whole ({why}): run `scripts/setup trainer` in the checkout."
            )
        raise TrainerFailed(f"The trainer failed: {why}.")


async def _speak(
    process: asyncio.subprocess.Process, lines: Iterable[bytes], hear: Hear, said: list[bytes]
) -> None:
    """Give it what it reads and take what it says, until it has ended."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_feed(process, lines))
            group.create_task(_collect(process, said))
            await _listen(process, hear)
            await process.wait()
    except* AppError as failed:
        raise failed.exceptions[0] from None


async def _feed(process: asyncio.subprocess.Process, lines: Iterable[bytes]) -> None:
    assert process.stdin is not None
    # One that has ended does not read: its complaint says why.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for line in lines:
            process.stdin.write(line)
            await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()


async def _collect(process: asyncio.subprocess.Process, said: list[bytes]) -> None:
    assert process.stderr is not None
    while piece := await process.stderr.read(4096):
        said.append(piece)
        del said[:-4]


async def _listen(process: asyncio.subprocess.Process, hear: Hear) -> None:
    assert process.stdout is not None
    done = 0.0
    while True:
        try:
            async with asyncio.timeout(BEAT):
                line = await process.stdout.readline()
        except TimeoutError:
            await hear(done)
            continue
        if not line:
            return
        found = _PROGRESS.match(line)
        if found is not None:
            done = int(found[1]) / max(int(found[2]), 1)
            await hear(done)
