"""What takes libraries for numbers: near-duplicates by meaning, wrong labels, leaks, outliers.

`python -m hone_trainer.curate` finds them in a folder of the check. It is as it was left after a kill: data
that was written whole is not written again, and kinds that were found are not looked for again.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from hone.core import ids
from hone.datasets import programs, rendering
from hone.datasets.examining import Examination
from hone.datasets.models import Example
from hone.datasets.repository import examples
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import KNOWLEDGE
from hone.datasets.sealing import Box
from hone.datasets.service.examples import said_of
from hone.datasets.versioning import Line, written

BY_PROGRAM: Final = ("duplicates", "labels", "leakage", "outliers")
_SUGGESTED: Final = {"merge", "relabel", "drop", "redact"}
_PIECE: Final = 500
_BEAT: Final = 2.0
"""Seconds between looks: so soon a check that was cancelled ends."""
_LEAST: Final = 10
"""Examples that there must be for a program to find anything."""
_SPEC: Final = "spec.json"
"""Written last: where it is, the data is whole."""


class _Told(msgspec.Struct, frozen=True):
    """A finding as the program writes it."""

    kind: str
    ids: list[str]
    score: float = 0.0
    suggestion: str | None = None
    label: str | None = None
    reason: str = ""


async def curate(going: Examination) -> None:
    """Have the program find what takes numbers."""
    asked = [each for each in BY_PROGRAM if each in going.kinds]
    folder = going.folder
    if not (folder / _SPEC).exists():
        await going.move("writing examples", 0.2)
        number = await _pour(going, folder)
        if number < _LEAST:
            return
        spec = {"checks": asked, "kind": going.dataset.kind}
        await asyncio.to_thread(_write, folder / _SPEC, spec)
    await _run(going, folder)
    told = await asyncio.to_thread(_read, folder / "findings.jsonl")
    await going.move("keeping findings", 0.95)
    await going.note([row for each in told if (row := _kept(going, each)) is not None])


async def every(going: Examination, last: Any = None) -> AsyncIterator[Sequence[Example]]:  # noqa: ANN401
    """Read all examples, some at a time, from behind one of them."""
    wanted = Wanted(going.organization_id, going.dataset.id, ["pending", "validated"])
    while True:
        async with going.reading() as session:
            rows = await examples.after(session, wanted, last, _PIECE)
        if rows:
            yield rows
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


def _write(path: Path, value: object) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value), "utf-8")
    draft.replace(path)


async def _pour(going: Examination, folder: Path) -> int:
    number = 0
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
    with (folder / "data.jsonl").open("wb") as opened:
        async for rows in every(going):
            asked = [row for row in rows if row.source != KNOWLEDGE]
            made = await asyncio.to_thread(_lines, going.box, asked)
            await asyncio.to_thread(opened.write, made)
            number += len(asked)
    return number


def _lines(box: Box, rows: Sequence[Example]) -> bytes:
    return b"".join(
        written(
            Line(
                ids.public(rendering.EXAMPLE, row.id),
                said.input,
                said.output,
                row.split or "train",
                round(row.weight, 4),
                row.conversation_id or row.id.hex,
                row.source,
            )
        )
        for row, said in said_of(box, rows)
    )


async def _run(going: Examination, folder: Path) -> None:
    """Run the program, and tell how far it is."""
    module = ["hone_trainer.curate", str(folder)]
    async with programs.running(going.place.settings, module) as process:
        said = asyncio.ensure_future(programs.talk(process))
        try:
            while not said.done():
                await asyncio.wait([said], timeout=_BEAT)
                done = await asyncio.to_thread(_progress, folder / "events.jsonl")
                await going.move("learning", 0.25 + 0.65 * done)
            programs.refuse_failure(process, await said)
        finally:
            said.cancel()
            await asyncio.gather(said, return_exceptions=True)


def _progress(path: Path) -> float:
    done = 0.0
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_bytes().splitlines():
            with contextlib.suppress(ValueError):
                done = float(json.loads(line).get("done") or done)
    return max(0.0, min(1.0, done))


def _read(path: Path) -> list[_Told]:
    with contextlib.suppress(FileNotFoundError):
        return list(_decoded(path.read_bytes().splitlines()))
    return []


def _decoded(lines: Sequence[bytes]) -> Iterator[_Told]:
    for line in lines:
        with contextlib.suppress(msgspec.DecodeError):
            yield msgspec.json.decode(line, type=_Told)


def _kept(going: Examination, told: _Told) -> dict[str, Any] | None:
    concerned = [each for name in told.ids if (each := ids.parse(rendering.EXAMPLE, name))]
    if not concerned or told.kind not in BY_PROGRAM:
        return None
    suggestion = told.suggestion if told.suggestion in _SUGGESTED else "review"
    if suggestion == "relabel" and (told.label is None or going.dataset.kind != "intent"):
        suggestion = "review"
    return going.row(told.kind, concerned, suggestion, told.score, told.reason, label=told.label)
