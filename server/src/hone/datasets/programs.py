"""Programs of the trainer that are run beside the server, fed and read through pipes.

They inherit none of our environment and end when this process does: `core.interpreter` starts them.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Final

from hone.core import interpreter
from hone.core.settings import Settings
from hone.datasets.errors import ProgramFailed

_LONGEST_COMPLAINT: Final = 300
_CHUNK: Final = 256 << 10
_WRONG_INPUT: Final = 2


@contextlib.asynccontextmanager
async def running(
    settings: Settings, module: Sequence[str]
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Start a program, and leave nothing running whatever happens."""
    process = await interpreter.start(
        interpreter.find(settings), ["-m", *module], stdin=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def through(
    settings: Settings, module: Sequence[str], content: AsyncIterator[bytes]
) -> AsyncGenerator[bytes]:
    """Send something through a program and return what comes out."""
    async with running(settings, module) as process:
        assert process.stdout is not None
        feeding = asyncio.ensure_future(_feed(process, content))
        complaining = asyncio.ensure_future(_complaint(process))
        try:
            while data := await process.stdout.read(_CHUNK):
                yield data
            await feeding
            said = await complaining
            await process.wait()
        finally:
            feeding.cancel()
            complaining.cancel()
            await asyncio.gather(feeding, complaining, return_exceptions=True)
        refuse_failure(process, said)


def refuse_failure(process: asyncio.subprocess.Process, said: bytes) -> None:
    """Raise `ProgramFailed` with what a program said last, where it did not end well."""
    if process.returncode == 0:
        return
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][-_LONGEST_COMPLAINT:]
    if process.returncode == _WRONG_INPUT and last:
        raise ProgramFailed(last)
    if "No module named" in last:
        raise ProgramFailed(
            f"The trainer is not whole ({last}): run `scripts/setup trainer` in the checkout."
        )
    raise ProgramFailed(f"The program failed: {last or f'code {process.returncode}'}.")


async def _feed(process: asyncio.subprocess.Process, content: AsyncIterator[bytes]) -> None:
    assert process.stdin is not None
    # One that has ended does not read: its complaint says why.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        async for data in content:
            process.stdin.write(data)
            await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()


async def _complaint(process: asyncio.subprocess.Process) -> bytes:
    assert process.stderr is not None
    said = b""
    while piece := await process.stderr.read(4096):
        said = (said + piece)[-8192:]
    return said


async def talk(process: asyncio.subprocess.Process) -> bytes:
    """Listen to a program that reads nothing, until it has ended; return what it said last."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    said, _ = await asyncio.gather(_complaint(process), process.stdout.read())
    await process.wait()
    return said
