"""A linear-chain conditional random field: chances and best sequences of tags, many texts of one length at once.

Texts are arrays of scores by (place, text, tag). Chances are computed as such, scaled at each place, and not as their logarithms: so
that a step is one product of matrices.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
_LOW: Final = -60.0
"""A score so far below the best of its place is as good as none."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What follows what: scores by (tag before, tag), and those of the first and the last tag."""

    between: Floats
    first: Floats
    last: Floats


@dataclass(frozen=True, slots=True)
class Chances:
    """What a chain makes of the scores of texts."""

    total: Floats
    """Logarithm of the sum over all sequences, by text."""
    each: Floats
    """By (place, text, tag)."""
    pairs: Floats
    """How often one tag is expected after another: (tag before, tag), over all texts."""
    _ahead: Floats
    _reach: Floats
    _between: Floats

    def along(self, tags: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """Return the chance of each tag of given sequences, and of each two that follow each other."""
        size, texts = tags.shape
        place, text = np.arange(size)[:, None], np.arange(texts)[None, :]
        before = self._ahead[place[:-1], text, tags[:-1]]
        after = self._reach[place[1:], text, tags[1:]]
        return self.each[place, text, tags], before * self._between[tags[:-1], tags[1:]] * after


def chances(scores: Floats, chain: Chain) -> Chances:
    """Sum over all sequences of tags by the forward-backward algorithm."""
    size = len(scores)
    best = scores.max(axis=2, keepdims=True)
    here = np.exp(np.maximum(scores - best, _LOW))
    between = np.exp(chain.between)
    ahead, scale = np.empty_like(here), np.empty(here.shape[:2])
    now = np.exp(chain.first) * here[0]
    for place in range(size):
        if place:
            now = (now @ between) * here[place]
        scale[place] = now.sum(axis=1)
        now = now / scale[place][:, None]
        ahead[place] = now
    ending = np.exp(chain.last)
    end = now @ ending
    total = np.log(scale).sum(axis=0) + best[:, :, 0].sum(axis=0) + np.log(end)
    each, reach = np.empty_like(here), np.zeros_like(here)
    back = ending / end[:, None]
    for place in range(size - 1, -1, -1):
        each[place] = ahead[place] * back
        if place:
            reach[place] = here[place] * back / scale[place][:, None]
            back = reach[place] @ between.T
    tags = here.shape[2]
    pairs = ahead[:-1].reshape(-1, tags).T @ reach[1:].reshape(-1, tags)
    return Chances(total, each, pairs * between, ahead, reach, between)


def value(scores: Floats, chain: Chain, tags: NDArray[np.integer]) -> Floats:
    """Add up the scores of given sequences, by text; `tags` is by (place, text)."""
    found = np.take_along_axis(scores, tags[:, :, None], axis=2)[:, :, 0].sum(axis=0)
    found = found + chain.first[tags[0]] + chain.last[tags[-1]]
    return found + chain.between[tags[:-1], tags[1:]].sum(axis=0)


def decode(scores: Floats, chain: Chain) -> NDArray[np.intp]:
    """Find the best sequence of each text by the Viterbi algorithm; by (place, text)."""
    size, texts, _ = scores.shape
    came = np.zeros(scores.shape, dtype=np.intp)
    now = scores[0] + chain.first
    for place in range(1, size):
        ways = now[:, :, None] + chain.between
        came[place] = ways.argmax(axis=1)
        now = np.take_along_axis(ways, came[place][:, None, :], axis=1)[:, 0] + scores[place]
    tags = np.empty((size, texts), dtype=np.intp)
    tags[-1] = (now + chain.last).argmax(axis=1)
    rows = np.arange(texts)
    for place in range(size - 1, 0, -1):
        tags[place - 1] = came[place, rows, tags[place]]
    return tags
