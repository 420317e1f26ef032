"""Which examples are trained on, which choose, and which judge: drawn by group, for good.

What belongs together (a conversation, and whatever is nearly the same) is one group and goes to one
split, or the test would ask what was trained on. A group is drawn by a hash of its name and a seed, so
nothing that is added or taken away moves another; what was drawn once is remembered with the example.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hone.datasets.schemas import Split, Splits

NAMES: Final[tuple[Split, ...]] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Member:
    """An example as a group sees it, oldest first in any list of them."""

    id: str
    ties: tuple[bytes, ...]
    """What it must not be torn from: digests of its words, of its conversation."""
    split: Split | None = None
    train_only: bool = False
    """It was made from another: it teaches and never judges."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where everything is."""

    splits: Mapping[str, Split]
    groups: Mapping[str, str]
    torn: int
    """Groups in several splits, because they were drawn before they were known to be one."""
    withheld: frozenset[str]
    """Made from what is not trained on: in no split."""


def drawn(name: bytes, seed: int, shares: Splits) -> Split:
    """Draw the split of a group."""
    hashed = hashlib.sha256(b"%d:" % seed + name).digest()
    place = int.from_bytes(hashed[:8], "big") / 2**64
    if place < shares.train:
        return "train"
    return "validation" if place < shares.train + shares.validation else "test"


def draw(members: Sequence[Member], seed: int, shares: Splits) -> Drawn:
    """Put every member into a split: where it was, where its group is, or where chance says."""
    roots = _roots(members)
    fixed: dict[bytes, list[Split]] = {}
    for member in members:
        if member.split is not None and not member.train_only:
            fixed.setdefault(roots[member.id], []).append(member.split)
    chosen: dict[bytes, Split] = {
        root: Counter(before).most_common(1)[0][0] for root, before in fixed.items()
    }
    splits: dict[str, Split] = {}
    withheld: set[str] = set()
    for member in members:
        root = roots[member.id]
        if root not in chosen:
            chosen[root] = drawn(root, seed, shares)
        if member.train_only and chosen[root] != "train":
            withheld.add(member.id)
        else:
            splits[member.id] = (None if member.train_only else member.split) or chosen[root]
    groups = {name: root.hex()[:16] for name, root in roots.items()}
    torn = sum(len(set(before)) > 1 for before in fixed.values())
    return Drawn(splits, groups, torn, frozenset(withheld))


def _roots(members: Iterable[Member]) -> dict[str, bytes]:
    """Join whatever shares a tie; a group is named by the first tie of its oldest member."""
    parent: dict[bytes, bytes] = {}
    age: dict[bytes, int] = {}

    def find(tie: bytes) -> bytes:
        while parent[tie] != tie:
            parent[tie] = parent[parent[tie]]
            tie = parent[tie]
        return tie

    listed = list(members)
    for number, member in enumerate(listed):
        for tie in member.ties:
            parent.setdefault(tie, tie)
            age.setdefault(tie, number)
        first = find(member.ties[0])
        for tie in member.ties[1:]:
            one, other = sorted((first, find(tie)), key=lambda each: (age[each], each))
            parent[other] = first = one
    return {member.id: find(member.ties[0]) for member in listed}
