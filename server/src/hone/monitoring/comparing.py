"""What takes libraries for numbers runs in a program of the trainer, fed and read through pipes."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hone.core import interpreter
from hone.core.settings import Settings
from hone.monitoring.errors import ComparisonFailed

_LONGEST: Final = 120.0
"""Seconds that a comparison may take."""


async def compare(settings: Settings, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Compare two lots of texts and labels: `hone_trainer.drift` says what goes in and comes out."""
    process = await interpreter.start(
        interpreter.find(settings), ["-m", "hone_trainer.drift"], stdin=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_LONGEST):
            out, complaint = await process.communicate(msgspec.json.encode(asked))
    except TimeoutError as error:
        raise ComparisonFailed("A comparison took longer than two minutes.") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0:
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2][-300:]
        raise ComparisonFailed(f"A comparison failed: {last or f'code {process.returncode}'}")
    return msgspec.json.decode(out, type=dict[str, Any])
