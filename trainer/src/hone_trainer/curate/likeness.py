"""Texts that say nearly the same: candidates by MinHash, each pair then measured."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from hone_trainer.features import characters, words

HASHES: Final = 64
ROWS: Final = 4
"""Hashes that must agree for two texts to be compared; there are 16 chances."""
ALIKE: Final = 0.7
"""Share of words and characters that near-duplicates have in common."""
PRIME: Final = np.uint64(4_294_967_311)

Signature = NDArray[np.uint64]


def grams(text: str) -> NDArray[np.uint64]:
    """Return what a text consists of, as numbers."""
    return np.array(
        sorted({crc32(each.encode("utf-8", "surrogatepass")) for each in _parts(text)}),
        dtype=np.uint64,
    )


def pairs(texts: Sequence[str]) -> list[tuple[int, int, float]]:
    """Return texts that are near-duplicates of an earlier one, and how near they are.

    What falls together with many is compared with the first of them only, so that a thousand copies are a
    thousand pairs.
    """
    sets = [grams(text) for text in texts]
    signatures = _signatures(sets)
    found: dict[tuple[int, int], float] = {}
    for first, other in _candidates(signatures):
        if (first, other) not in found:
            found[first, other] = jaccard(sets[first], sets[other])
    return [(*pair, alike) for pair, alike in sorted(found.items()) if alike >= ALIKE]


def groups(found: Sequence[tuple[int, int, float]]) -> list[tuple[list[int], float]]:
    """Join pairs to groups, each with the likeness of its least alike pair."""
    root: dict[int, int] = {}

    def find(at: int) -> int:
        while root.setdefault(at, at) != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    for one, other, _ in found:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for each in sorted(root):
        members[find(each)].append(each)
    least: dict[int, float] = {}
    for one, _, alike in found:
        least[find(one)] = min(least.get(find(one), 1.0), alike)
    return [(rows, least[first]) for first, rows in sorted(members.items())]


def jaccard(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Return the share of what two texts have in common."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    every = len(one) + len(other) - common
    return common / every if every else 1.0


def _parts(text: str) -> list[str]:
    return [*words(text), *characters(text)]


def _signatures(sets: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    dice = np.random.default_rng(7)
    factors = dice.integers(1, 2**32, HASHES, dtype=np.uint64)
    shifts = dice.integers(0, 2**32, HASHES, dtype=np.uint64)
    made = np.zeros((len(sets), HASHES), dtype=np.uint64)
    for row, each in enumerate(sets):
        if len(each):
            made[row] = ((each[:, None] * factors + shifts) % PRIME).min(axis=0)
    return made


def _candidates(signatures: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    for band in range(0, HASHES, ROWS):
        seen: dict[bytes, int] = {}
        for row, part in enumerate(signatures[:, band : band + ROWS]):
            first = seen.setdefault(part.tobytes(), row)
            if first != row:
                yield first, row
