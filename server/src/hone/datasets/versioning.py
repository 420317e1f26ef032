"""What a version is made of: lines in an order that does not depend on their ids, and one digest.

A line is what ADR 0034 has for training. The content of a line is its input, output, split and weight;
lines stand in the order of their contents' hashes, and the digest is the hash of all of these in that
order. So the same examples give the same digest, in whatever dataset and under whatever ids they are.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from hone.core.blobs import BlobMissing, Blobs
from hone.core.keyring import Key
from hone.datasets.errors import VersionGone
from hone.datasets.models import Version
from hone.datasets.sealing import open_part


class Line(msgspec.Struct, frozen=True):
    """One example of a version."""

    id: str
    input: Any
    output: Any
    split: str
    weight: float
    group: str
    source: str


_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(Line).decode


def content_hash(line: Line) -> bytes:
    """Hash what a line says."""
    return hashlib.sha256(
        _encode([line.input, line.output, line.split, round(line.weight, 4)])
    ).digest()


def digest_of(hashes: Iterable[bytes]) -> str:
    """Hash contents that are in their order."""
    whole = hashlib.sha256()
    for each in hashes:
        whole.update(each)
    return whole.hexdigest()


def written(line: Line) -> bytes:
    """Write a line."""
    return _encode(line) + b"\n"


@dataclass(slots=True)
class Tally:
    """What a manifest counts."""

    by_split: Counter[str] = field(default_factory=Counter[str])
    by_label: Counter[str] = field(default_factory=Counter[str])
    by_source: Counter[str] = field(default_factory=Counter[str])
    labels_by_split: dict[str, Counter[str]] = field(
        default_factory=lambda: {each: Counter() for each in ("train", "validation", "test")}
    )
    entities: Counter[str] = field(default_factory=Counter[str])
    groups: set[str] = field(default_factory=set[str])
    quality: float = 0.0
    files: set[str] = field(default_factory=set[str])
    feedback: int = 0
    operations: int = 0
    augmented: int = 0
    reviewed: int = 0

    def told(self) -> dict[str, Any]:
        """Write the counts."""
        total = self.by_split.total()
        return {
            "splits": {name: self.by_split.get(name, 0) for name in self.labels_by_split},
            "labels": dict(sorted(self.by_label.items())),
            "labelsBySplit": {
                name: dict(sorted(each.items())) for name, each in self.labels_by_split.items()
            },
            "entities": dict(sorted(self.entities.items())),
            "sources": dict(sorted(self.by_source.items())),
            "groups": len(self.groups),
            "averageQuality": round(self.quality / total, 4) if total else None,
        }


def _lines(some: Sequence[bytes]) -> list[Line]:
    return [_decode(each) for each in some]


async def read(blobs: Blobs, key: Key, version: Version) -> AsyncIterator[Sequence[Line]]:
    """Read the lines of a version, some at a time."""
    held = b""
    for number, digest in enumerate(version.parts):
        try:
            sealed = await blobs.get(version.organization_id, digest)
        except BlobMissing as error:
            raise VersionGone from error
        plain = await asyncio.to_thread(open_part, key, version.id, number, sealed)
        *whole, held = (held + plain).split(b"\n")
        for place in range(0, len(whole), 1000):
            yield await asyncio.to_thread(_lines, whole[place : place + 1000])
