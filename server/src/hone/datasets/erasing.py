"""What goes: examples of somebody who is erased, in every version too, and what has had its time.

An erasure marks examples, which then are nowhere shown. Here the versions that hold one are written anew
without it, under another key, and say that it is so; then the examples go. Digest and manifest stay what
they were: a model was trained on that. Killed anywhere, it is done again.
"""

import asyncio
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import text

from hone.core import clock, ids
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.core.keyring import Key, Keyring
from hone.datasets import rendering, sealing, versioning
from hone.datasets.errors import VersionGone
from hone.datasets.freezing import Storing
from hone.datasets.models import Version
from hone.datasets.repository import versions
from hone.datasets.versioning import Line, written

_BATCH: Final = 500
_ERASED: Final = "(erased)"
_MARKED: Final = """
SELECT DISTINCT organization_id, dataset_id FROM examples WHERE erased_at IS NOT NULL
"""
_THEIRS: Final = """
SELECT id FROM examples WHERE organization_id = :organization AND dataset_id = :dataset
    AND erased_at IS NOT NULL
"""
_VERSIONS: Final = """
SELECT id FROM dataset_versions WHERE organization_id = :organization AND dataset_id = :dataset
    AND gone_at IS NULL ORDER BY number
"""
_GONE: Final = """
DELETE FROM examples WHERE (created_at, id) IN (SELECT created_at, id FROM examples
    WHERE organization_id = :organization AND dataset_id = :dataset AND id = ANY(:ids)
        AND erased_at IS NOT NULL LIMIT 500) RETURNING 1
"""
_EMPTY: Final = """
DELETE FROM dataset_counts WHERE organization_id = :organization AND dataset_id = :dataset
    AND examples = 0
"""
_REMOVAL: Final = """
INSERT INTO blob_removals (organization_id, digest) SELECT :organization, unnest(CAST(:digests AS text[]))
    ON CONFLICT DO NOTHING
"""
_OLD_EXAMPLES: Final = """
DELETE FROM examples WHERE (created_at, id) IN (SELECT e.created_at, e.id FROM examples e
    JOIN datasets d ON d.id = e.dataset_id WHERE d.retention_days IS NOT NULL
        AND e.created_at < now() - d.retention_days * interval '1 day' LIMIT 500) RETURNING 1
"""
_OLD_VERSIONS: Final = """
SELECT v.organization_id, v.id, v.parts FROM dataset_versions v JOIN datasets d ON d.id = v.dataset_id
    WHERE d.retention_days IS NOT NULL AND v.gone_at IS NULL
        AND v.created_at < now() - d.retention_days * interval '1 day' LIMIT 50
"""


async def erase_marked(owner: Database, keyring: Keyring, blobs: Blobs) -> int:
    """Take marked examples out of all versions, then delete them; return how many; as the owner."""
    async with owner.transaction() as session:
        marked = [(row[0], row[1]) for row in await session.execute(text(_MARKED))]
    done = 0
    for organization_id, dataset_id in marked:
        names = {"organization": organization_id, "dataset": dataset_id}
        async with owner.transaction() as session:
            gone = set((await session.execute(text(_THEIRS), names)).scalars())
            held = list((await session.execute(text(_VERSIONS), names)).scalars())
        for version_id in held:
            await _rewrite(owner, keyring, blobs, organization_id, version_id, gone)
        deleted = _BATCH
        while deleted == _BATCH:
            async with owner.transaction() as session:
                found = await session.execute(text(_GONE), names | {"ids": list(gone)})
                deleted = len(found.all())
            done += deleted
        async with owner.transaction() as session:
            # A label that nothing has any more may have been somebody's name.
            await session.execute(text(_EMPTY), names)
    return done


async def _rewrite(
    owner: Database,
    keyring: Keyring,
    blobs: Blobs,
    organization_id: UUID,
    version_id: UUID,
    gone: set[UUID],
) -> None:
    """Write a version anew without some examples, where it has any of them."""
    async with owner.transaction() as session:
        row = await versions.by_id(session, organization_id, version_id)
        if row is None or row.sealed_key is None:
            return
        key = await sealing.key_of_version(session, keyring, row)
        fresh, sealed_key = await sealing.new_key(session, keyring, organization_id, version_id)
    names = {ids.public(rendering.EXAMPLE, each) for each in gone}
    try:
        if not await _holds(blobs, key, row, names):
            return
        storing = Storing(blobs, organization_id, version_id, fresh)
        taken, left = 0, set[str]()
        async for lines in versioning.read(blobs, key, row):
            kept = [each for each in lines if each.id not in names]
            taken += len(lines) - len(kept)
            left.update(name for each in kept for name in _labels(each))
            await storing.add(await asyncio.to_thread(_joined, kept))
        await storing.end()
    except VersionGone:
        return
    async with owner.transaction() as session:
        await _exchange(session, row, storing, sealed_key, taken, left)


def _labels(line: Line) -> list[str]:
    output = cast("object", line.output)
    if isinstance(output, list):
        return [each["label"] for each in cast("list[dict[str, str]]", output)]
    return [output] if isinstance(output, str) else []


def without_labels(manifest: Mapping[str, Any], left: Set[str]) -> dict[str, Any]:
    """Count labels that only erased examples had without their names, which may be somebody's."""

    def joined(counts: Mapping[str, int]) -> dict[str, int]:
        made: dict[str, int] = {}
        for name, number in counts.items():
            told = name if name in left else _ERASED
            made[told] = made.get(told, 0) + number
        return made

    by_split = cast("dict[str, dict[str, int]]", manifest["labelsBySplit"])
    return {
        **manifest,
        "labels": joined(manifest["labels"]),
        "entities": joined(manifest["entities"]),
        "labelsBySplit": {name: joined(counts) for name, counts in by_split.items()},
    }


def _joined(lines: Sequence[Line]) -> bytes:
    return b"".join(written(each) for each in lines)


async def _holds(blobs: Blobs, key: Key, row: Version, names: set[str]) -> bool:
    async for lines in versioning.read(blobs, key, row):
        if any(each.id in names for each in lines):
            return True
    return False


async def _exchange(
    session: Session,
    before: Version,
    storing: Storing,
    sealed_key: bytes,
    taken: int,
    left: Set[str],
) -> None:
    """Let a version lie elsewhere; what it was is removed from the storage."""
    row = await versions.by_id(session, before.organization_id, before.id)
    if row is None or row.parts != before.parts:
        return
    now = clock.now()
    await remove(session, row.organization_id, row.parts)
    row.sealed_key, row.parts, row.size = sealed_key, storing.parts, storing.size
    row.manifest = without_labels(row.manifest, left)
    row.erasures = [*row.erasures, {"at": now.isoformat(), "examples": taken}]
    subject = ids.public(rendering.VERSION, row.id)
    data = {"version": row.number, "digest": row.digest, "examples": taken}
    publish(session, row.organization_id, "system", "dataset_version.erased_from", subject, data)


async def remove(session: Session, organization_id: UUID, digests: Sequence[str]) -> None:
    """Note that bytes are to be removed from the storage; as the owner."""
    if digests:
        values = {"organization": organization_id, "digests": list(digests)}
        await session.execute(text(_REMOVAL), values)


async def apply_retention(owner: Database) -> None:
    """Delete examples, and the content of versions, whose dataset keeps them no longer."""
    deleted = _BATCH
    while deleted == _BATCH:
        async with owner.transaction() as session:
            deleted = len((await session.execute(text(_OLD_EXAMPLES))).all())
    async with owner.transaction() as session:
        old = (await session.execute(text(_OLD_VERSIONS))).all()
        for organization_id, version_id, parts in old:
            row = await versions.by_id(session, organization_id, version_id)
            assert row is not None
            await remove(session, organization_id, parts)
            row.sealed_key, row.parts, row.gone_at = None, [], clock.now()
