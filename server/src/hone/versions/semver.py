"""Semantic versions of trained models: what each number promises."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

_VERSION: Final = re.compile(r"v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})")


class Number(NamedTuple):
    """`1.2.0`: what it can say changes with the first, how well it says it with the others."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


FIRST: Final = Number(1, 0, 0)


def parse(text: str) -> Number | None:
    """Read `1.2.0` or `v1.2.0`; None where it is neither."""
    found = _VERSION.fullmatch(text)
    return None if found is None else Number(*(int(each) for each in found.groups()))


def following(
    newest: Number | None, before: Collection[str], labels: Collection[str], *, warm: bool
) -> Number:
    """Number the next version: major where labels vanish, patch after a warm start, else minor."""
    if newest is None:
        return FIRST
    if set(before) - set(labels):
        return Number(newest.major + 1, 0, 0)
    if warm:
        return Number(newest.major, newest.minor, newest.patch + 1)
    return Number(newest.major, newest.minor + 1, 0)
