"""Random bytes of the kernel's, fetched many at a time: a system call for each costs as much as its use.

A value is handed out once. `next` on an iterator of C is one step under the interpreter's lock, so two
threads never get the same one, and a child of a fork begins with bytes of its own.
"""

import os
from collections.abc import Iterator
from struct import Struct
from typing import Any


class Chance:
    """Gives values of one shape, all their bits random."""

    __slots__ = ("_bytes", "_shape", "_values")

    def __init__(self, shape: str, count: int = 256) -> None:
        """Take the shape in the words of `struct`, and how many values are fetched at a time."""
        self._shape = Struct(shape)
        self._bytes = self._shape.size * count
        self._values: Iterator[tuple[Any, ...]] = iter(())
        os.register_at_fork(after_in_child=self._forget)

    def __call__(self) -> tuple[Any, ...]:
        """Return the next value."""
        for value in self._values:
            return value
        values = self._shape.iter_unpack(os.urandom(self._bytes))
        value = next(values)
        self._values = values
        return value

    def _forget(self) -> None:
        self._values = iter(())
