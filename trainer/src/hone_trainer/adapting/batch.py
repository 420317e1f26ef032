"""Texts of several lengths side by side: tokens without gaps, and with gaps where texts look at themselves."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FAR: Final = np.float32(-1e9)


class Batch:
    """Texts in one array of tokens, one after the other."""

    def __init__(self, lengths: Sequence[int], heads: int) -> None:
        self.lengths = np.asarray(lengths, np.intp)
        self.heads = heads
        self.firsts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        self.longest = int(self.lengths.max())
        there = np.arange(self.longest) < self.lengths[:, None]
        self.places = np.flatnonzero(there.ravel())
        self.hidden = np.where(there, np.float32(0), FAR)[:, None, None, :]

    def apart(self, tokens: Floats) -> Floats:
        """Return tokens by text, head and place; where a text has ended there are zeros."""
        count, width = len(self.lengths), tokens.shape[1]
        found = np.zeros((count * self.longest, width), tokens.dtype)
        found[self.places] = tokens
        parts = found.reshape(count, self.longest, self.heads, width // self.heads)
        return parts.transpose(0, 2, 1, 3)

    def together(self, parts: Floats) -> Floats:
        """Undo `apart`."""
        count, heads, longest, width = parts.shape
        return parts.transpose(0, 2, 1, 3).reshape(count * longest, heads * width)[self.places]

    def mean(self, tokens: Floats) -> tuple[Floats, Floats]:
        """Return the mean over each text's tokens, of length one, and how long it was."""
        found = np.add.reduceat(tokens, self.firsts, axis=0) / self._sizes
        length = np.sqrt((found * found).sum(axis=1, keepdims=True))
        return found / length, length

    def mean_slope(self, slope: Floats, mean: Floats, length: Floats) -> Floats:
        """Return the slope by token of what has this slope by `mean`."""
        along = (slope * mean).sum(axis=1, keepdims=True)
        return np.repeat((slope - mean * along) / length / self._sizes, self.lengths, axis=0)

    @cached_property
    def _sizes(self) -> Floats:
        return self.lengths[:, None].astype(np.float32)
