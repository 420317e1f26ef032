"""The rules of versions: made, looked up, compared, poured out for training."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from hone.core import ids
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.keyring import Key, Keyring
from hone.core.paging import Page, PageQuery
from hone.datasets import freezing, rendering, sealing, versioning
from hone.datasets.errors import VersionDamaged, VersionGone, VersionNotHere
from hone.datasets.fingerprints import exact, words_of
from hone.datasets.models import Dataset, Version
from hone.datasets.repository import datasets, versions
from hone.datasets.schemas import (
    KNOWLEDGE,
    Compared,
    ComparedExample,
    DatasetVersionRead,
    Freeze,
)
from hone.datasets.service.datasets import access, note
from hone.datasets.versioning import Line, content_hash, digest_of, written
from hone.identity import Actor, Permission

_SHOWN: Final = 20
_SUGGESTIONS: Final = (
    "Increase conversation log collection period",
    "Lower quality threshold for data inclusion",
    "Enable data augmentation techniques",
)
_LEAST: Final = {"intent": 10, "entity": 10, "response": 2, "sft": 2, "dpo": 2}
_LEAST_LABELS: Final = 2


@dataclass(frozen=True, slots=True)
class Poured:
    """What was written for a training run."""

    examples: int
    digest: str
    splits: dict[str, int]


@dataclass(frozen=True, slots=True)
class Enough:
    """Whether a version has what a task needs."""

    fits: bool
    required: int
    available: int
    words: str
    suggestions: tuple[str, ...] = _SUGGESTIONS


async def freeze(
    session: Session,
    blobs: Blobs,
    keyring: Keyring,
    actor: Actor,
    named: str | UUID,
    wanted: Freeze | None = None,
) -> Version:
    """Make a version of a dataset, by its id or name; where nothing changed, find the newest."""
    given = ids.public(rendering.DATASET, named) if isinstance(named, UUID) else named
    dataset = await access(session, actor, given, Permission.DATASETS_WRITE)
    asked = wanted or Freeze()
    row, is_new = await freezing.freeze(session, blobs, keyring, actor.id, dataset, asked)
    if is_new:
        data = {
            "version": row.number,
            "digest": row.digest,
            "examples": row.examples,
            "splits": row.manifest["splits"],
        }
        note(session, actor, "dataset.frozen", dataset, data)
    return row


async def make(
    session: Session, blobs: Blobs, keyring: Keyring, actor: Actor, named: str, wanted: Freeze
) -> DatasetVersionRead:
    """Make a version and show it."""
    row = await freeze(session, blobs, keyring, actor, named, wanted)
    return rendering.version(row, await access(session, actor, named))


async def page(
    session: Session, actor: Actor, named: str, query: PageQuery
) -> Page[DatasetVersionRead]:
    """List versions, newest first."""
    dataset = await access(session, actor, named)
    rows, total, following = await versions.page(session, dataset, query)
    items = [rendering.version(row, dataset) for row in rows]
    return Page[DatasetVersionRead](items=items, total=total, next=following)


async def get(session: Session, actor: Actor, named: str, number: str) -> DatasetVersionRead:
    """Show one version."""
    dataset = await access(session, actor, named)
    return rendering.version(await reach(session, dataset, number), dataset)


async def reach(session: Session, dataset: Dataset, number: str) -> Version:
    """Find a version of a dataset by its number or id, or `latest`."""
    found = None
    if number == "latest":
        found = await versions.newest(session, dataset)
    elif number.isascii() and number.isdigit() and len(number) < 10:
        found = await versions.by_number(session, dataset, int(number))
    elif parsed := ids.parse(rendering.VERSION, number):
        found = await versions.by_id(session, dataset.organization_id, parsed)
        found = found if found and found.dataset_id == dataset.id else None
    if found is None:
        raise VersionNotHere
    return found


async def version(session: Session, organization_id: UUID, named: str | UUID) -> Version:
    """Find a version of the organization by its id."""
    parsed = named if isinstance(named, UUID) else ids.parse(rendering.VERSION, named)
    found = parsed and await versions.by_id(session, organization_id, parsed)
    if not found:
        raise VersionNotHere
    return found


async def dataset_of(session: Session, row: Version) -> Dataset:
    """Find the dataset that a version is of."""
    found = await datasets.by_id(session, row.organization_id, row.dataset_id)
    assert found is not None
    return found


def enough(row: Version, task: str) -> Enough:
    """Tell whether a version has what a task needs to begin with."""
    splits: dict[str, int] = row.manifest["splits"]
    # Pages are searched for answers; questions with answers are what is learned from.
    pages = row.manifest["sources"].get(KNOWLEDGE, 0) if task == "response" else 0
    available = splits["train"] - pages
    required = _LEAST.get(task, 2)
    if task == "intent":
        labels = len(row.manifest["labelsBySplit"]["train"])
        required = max(required, 2 * labels)
        if labels < _LEAST_LABELS:
            words = f"An intent model tells labels apart, and {labels} is trained on."
            return Enough(False, required, available, words)
    if available < required:
        words = f"{available} examples are trained on; at least {required} are needed."
        return Enough(False, required, available, words)
    if splits["validation"] + splits["test"] == 0:
        words = "No example is left to judge by: give validation or test a share."
        return Enough(False, required, available, words)
    return Enough(True, required, available, "")


async def pour(
    session: Session,
    blobs: Blobs,
    keyring: Keyring,
    organization_id: UUID,
    version_id: UUID | str,
    file: Path,
) -> Poured:
    """Write `data.jsonl` of a training run (ADR 0034)."""
    row = await version(session, organization_id, version_id)
    key = await _key(session, keyring, row)
    hashes: list[bytes] = []
    splits: Counter[str] = Counter()

    def write(lines: Sequence[Line]) -> bytes:
        hashes.extend(content_hash(each) for each in lines)
        splits.update(each.split for each in lines)
        return b"".join(written(each) for each in lines)

    with file.open("wb") as opened:
        async for lines in versioning.read(blobs, key, row):
            await asyncio.to_thread(opened.write, await asyncio.to_thread(write, lines))
    if not row.erasures and digest_of(hashes) != row.digest:
        raise VersionDamaged
    return Poured(len(hashes), row.digest, dict(splits))


async def trained_on(
    session: Session, blobs: Blobs, keyring: Keyring, row: Version, most: int
) -> list[tuple[str, str | None]]:
    """Draw examples that a version trains on: what was asked, and the label where one was given.

    Lines stand in the order of their hashes, so the first are as good as drawn by lot.
    """
    key = await _key(session, keyring, row)
    found: list[tuple[str, str | None]] = []
    async for lines in versioning.read(blobs, key, row):
        found.extend(
            (_last_asked(each.input), each.output if isinstance(each.output, str) else None)
            for each in lines
            if each.split == "train"
        )
        if len(found) >= most:
            break
    return [each for each in found if each[0]][:most]


def _last_asked(given: Any) -> str:  # noqa: ANN401
    """Read what the user said last, as calls are read too."""
    if not isinstance(given, list):
        return str(given)
    said = cast("list[dict[str, Any]]", given)
    asked = [each for each in said if each.get("role") == "user"]
    return words_of(asked[-1:]).removeprefix("user: ") if asked else ""


async def _key(session: Session, keyring: Keyring, row: Version) -> Key:
    if row.gone_at is not None:
        raise VersionGone
    return await sealing.key_of_version(session, keyring, row)


@dataclass(slots=True)
class _Side:
    """What a version says of one input."""

    outputs: set[bytes] = field(default_factory=set[bytes])
    splits: set[str] = field(default_factory=set[str])


async def compare(
    session: Session,
    blobs: Blobs,
    keyring: Keyring,
    actor: Actor,
    named: str,
    numbers: tuple[str, str],
) -> Compared:
    """Lay two versions of a dataset side by side."""
    dataset = await access(session, actor, named)
    rows = [await reach(session, dataset, each) for each in numbers]
    keys = [await _key(session, keyring, row) for row in rows]
    pairs = list(zip(keys, rows, strict=True))
    before, after = [await _side(versioning.read(blobs, *pair)) for pair in pairs]
    added, removed = after.keys() - before.keys(), before.keys() - after.keys()
    both = before.keys() & after.keys()
    changed = {key for key in both if before[key].outputs != after[key].outputs}
    moved = sum(before[key].splits != after[key].splits for key in both)
    may = Permission.CONTENTS_READ in actor.permissions
    differing = added | removed | changed if may else set[bytes]()
    samples = [await _samples(versioning.read(blobs, *pair), differing) for pair in pairs]
    return Compared(
        a=rows[0].number,
        b=rows[1].number,
        same=len(both) - len(changed),
        added=len(added),
        removed=len(removed),
        relabelled=len(changed),
        moved=moved,
        labels=_shifts(rows[0], rows[1]),
        examples={
            "added": _shown(added, samples),
            "removed": _shown(removed, samples),
            "relabelled": _shown(changed, samples),
        },
    )


def _name(line: Line) -> bytes:
    return hashlib.sha256(exact(words_of(line.input)).encode()).digest()[:16]


async def _side(lines: AsyncIterator[Sequence[Line]]) -> dict[bytes, _Side]:
    found: dict[bytes, _Side] = {}
    async for some in lines:
        for each in some:
            side = found.setdefault(_name(each), _Side())
            said = msgspec.json.encode(each.output, order="deterministic")
            side.outputs.add(hashlib.sha256(said).digest()[:16])
            side.splits.add(each.split)
    return found


async def _samples(
    lines: AsyncIterator[Sequence[Line]], wanted: set[bytes]
) -> dict[bytes, tuple[Any, Any]]:
    """Read what is shown of the first of them."""
    found: dict[bytes, tuple[Any, Any]] = {}
    few = set(sorted(wanted)[: _SHOWN * 3]) if len(wanted) <= _SHOWN * 3 else wanted
    async for some in lines:
        for each in some:
            name = _name(each)
            if name in few and (len(found) < _SHOWN * 6 or name in found):
                found.setdefault(name, (each.input, each.output))
    return found


def _shown(
    names: set[bytes], samples: Sequence[dict[bytes, tuple[Any, Any]]]
) -> list[ComparedExample]:
    made: list[ComparedExample] = []
    for name in sorted(names):
        before, after = (each.get(name) for each in samples)
        known = after or before
        if known is not None and len(made) < _SHOWN:
            made.append(
                ComparedExample(
                    input=known[0],
                    before=None if before is None else before[1],
                    after=None if after is None else after[1],
                )
            )
    return made


def _shifts(before: Version, after: Version) -> dict[str, list[int]]:
    old: dict[str, int] = before.manifest["labels"] or before.manifest["entities"]
    new: dict[str, int] = after.manifest["labels"] or after.manifest["entities"]
    names = sorted(old.keys() | new.keys())
    pairs = {name: [old.get(name, 0), new.get(name, 0)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
