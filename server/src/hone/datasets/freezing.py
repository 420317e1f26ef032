"""How a version is made: drawn into splits, hashed, put into its order, sealed, and stored.

The examples are read twice, so that a dataset of any size is never whole in memory: once to hash what
each says, once to write them in the order of these hashes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.keyring import Key, Keyring
from hone.datasets import rendering, sealing
from hone.datasets.errors import NothingToFreeze
from hone.datasets.models import Dataset, Example, Version
from hone.datasets.repository import datasets, examples, versions
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import KNOWLEDGE, Freeze
from hone.datasets.sealing import Box, Parts, Said
from hone.datasets.splits import Drawn, Member, draw
from hone.datasets.versioning import Line, Tally, content_hash, digest_of, written

_PIECE: Final = 500


@dataclass(slots=True)
class _Making:
    dataset: Dataset
    box: Box
    drawn: Drawn
    tally: Tally = field(default_factory=Tally)
    hashes: list[tuple[bytes, UUID]] = field(default_factory=list[tuple[bytes, UUID]])

    def hash(self, rows: Sequence[Example]) -> None:
        for row in rows:
            said = rendering.opened(self.box, row)
            line = None if said is None else self.line(row, said)
            if line is not None and said is not None:
                self.hashes.append((content_hash(line), row.id))
                self.count(row, said, line)

    def line(self, row: Example, said: Said) -> Line | None:
        name = row.id.hex
        split = self.drawn.splits.get(name)
        if split is None:
            return None
        return Line(
            ids.public(rendering.EXAMPLE, row.id),
            said.input,
            said.output,
            split,
            round(row.weight, 4),
            # An answer names the page that it is from by this.
            row.file if row.source == KNOWLEDGE and row.file else self.drawn.groups[name],
            row.source,
        )

    def count(self, row: Example, said: Said, line: Line) -> None:
        tally = self.tally
        tally.by_split[line.split] += 1
        tally.by_source[row.source] += 1
        tally.groups.add(line.group)
        tally.quality += row.quality
        tally.feedback += row.feedback_id is not None
        tally.operations += row.operation_id is not None
        tally.augmented += row.parent_id is not None
        tally.reviewed += row.reviewer is not None
        if row.file is not None:
            tally.files.add(row.file)
        if row.label is not None:
            tally.by_label[row.label] += 1
            tally.labels_by_split[line.split][row.label] += 1
        if self.dataset.kind == "entity":
            tally.entities.update(each["label"] for each in said.output)

    def write(self, rows: Sequence[Example]) -> bytes:
        lines = [self.line(row, self.box.open(row)) for row in rows]
        return b"".join(written(each) for each in lines if each is not None)


async def freeze(
    session: Session,
    blobs: Blobs,
    keyring: Keyring,
    by: str,
    dataset: Dataset,
    wanted: Freeze,
) -> tuple[Version, bool]:
    """Make a version, or find the newest where nothing changed since; tell whether it is new."""
    await datasets.lock(session, dataset)
    which = Wanted(
        dataset.organization_id,
        dataset.id,
        list(wanted.statuses),
        min_quality=wanted.min_quality or None,
        said_from=wanted.said_from,
        said_to=wanted.said_to,
    )
    making = await _drawn(session, keyring, dataset, which, wanted)
    last: UUID | None = None
    while rows := await examples.after(session, which, last, _PIECE):
        await asyncio.to_thread(making.hash, rows)
        last = rows[-1].id
        _let_go(session, rows)
    if not making.hashes:
        raise NothingToFreeze(
            f"No example is {' or '.join(wanted.statuses)} with a quality of at least"
            f" {wanted.min_quality:g}: review examples first, or ask for others."
        )
    making.hashes.sort()
    digest = digest_of(each for each, _ in making.hashes)
    before = await versions.newest(session, dataset)
    if before is not None and before.digest == digest and not (before.erasures or before.gone_at):
        return before, False
    version = await _stored(session, blobs, keyring, by, making, digest, wanted, before)
    await examples.put_into_splits(
        session,
        dataset.organization_id,
        {UUID(hex=name): split for name, split in making.drawn.splits.items()},
        version.number,
    )
    return version, True


async def _drawn(
    session: Session, keyring: Keyring, dataset: Dataset, which: Wanted, wanted: Freeze
) -> _Making:
    box = await sealing.box_of(session, keyring, dataset)
    rows = await examples.outline(session, which)

    def drawing() -> Drawn:
        members = [_member(box, row, wanted) for row in rows]
        return draw(members, wanted.seed, wanted.splits)

    return _Making(dataset, box, await asyncio.to_thread(drawing))


def _member(box: Box, row: Any, wanted: Freeze) -> Member:  # noqa: ANN401
    if row.source == KNOWLEDGE:
        # A page is searched for answers, and nobody is asked it: no question is torn from it.
        return Member(row.id.hex, (box.prints.named(f"page {row.id.hex}"),), "train")
    ties = [row.near_digest]
    if row.conversation_id is not None and wanted.group_by == "conversation":
        ties.append(box.prints.named(row.conversation_id))
    # What was made from another must not be torn from it.
    own = box.prints.named(f"example {(row.parent_id or row.id).hex}")
    return Member(row.id.hex, (*ties, own), row.split, row.parent_id is not None)


async def _stored(
    session: Session,
    blobs: Blobs,
    keyring: Keyring,
    by: str,
    making: _Making,
    digest: str,
    wanted: Freeze,
    before: Version | None,
) -> Version:
    dataset, version_id = making.dataset, ids.new()
    key, sealed_key = await sealing.new_key(session, keyring, dataset.organization_id, version_id)
    storing = Storing(blobs, dataset.organization_id, version_id, key)
    order = [each for _, each in making.hashes]
    for place in range(0, len(order), _PIECE):
        some = order[place : place + _PIECE]
        found = await examples.these(session, dataset.organization_id, dataset.id, some)
        rows = [found[each] for each in some]
        await storing.add(await asyncio.to_thread(making.write, rows))
        _let_go(session, rows)
    await storing.end()
    row = Version(
        id=version_id,
        organization_id=dataset.organization_id,
        dataset_id=dataset.id,
        number=1 if before is None else before.number + 1,
        note=wanted.note,
        digest=digest,
        examples=len(order),
        size=storing.size,
        manifest=_manifest(making, wanted, before),
        sealed_key=sealed_key,
        parts=storing.parts,
        erasures=[],
        created_by=by,
        created_at=clock.now(),
    )
    session.add(row)
    await session.flush()
    return row


def _let_go(session: Session, rows: Sequence[Example]) -> None:
    """Have the session forget rows, of which there may be very many."""
    for row in rows:
        session.expunge(row)


def _manifest(making: _Making, wanted: Freeze, before: Version | None) -> Mapping[str, Any]:
    tally = making.tally
    return {
        **tally.told(),
        "asked": wanted.model_dump(mode="json", by_alias=True, exclude={"note"}),
        "tornGroups": making.drawn.torn,
        "withheld": len(making.drawn.withheld),
        "lineage": {
            "before": None
            if before is None
            else {"number": before.number, "digest": before.digest},
            "files": sorted(tally.files)[:100],
            "feedback": tally.feedback,
            "operations": tally.operations,
            "augmented": tally.augmented,
            "reviewed": tally.reviewed,
        },
    }


@dataclass(slots=True)
class Storing:
    """Puts the bytes of a version into the storage, in sealed parts."""

    blobs: Blobs
    organization_id: UUID
    version_id: UUID
    key: Key
    parts: list[str] = field(default_factory=list[str])
    size: int = 0
    _cutting: Parts = field(default_factory=Parts)

    async def add(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        for part in self._cutting.take(data):
            await self._put(part)

    async def end(self) -> None:
        """Store what is left."""
        if rest := self._cutting.rest():
            await self._put(rest)

    async def _put(self, plain: bytes) -> None:
        number = len(self.parts)
        sealed = await asyncio.to_thread(
            sealing.seal_part, self.key, self.version_id, number, plain
        )
        self.parts.append(await self.blobs.put(self.organization_id, sealed))
