"""Embeddings seen from the middle of what was learned: there the differences between texts are, not what all share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lens:
    """A centre."""

    centre: Floats

    def see(self, embeddings: Floats) -> Floats:
        """Return embeddings of length one."""
        seen = embeddings - self.centre
        length = np.sqrt((seen * seen).sum(axis=-1, keepdims=True))
        return seen / np.maximum(length, np.float32(1e-12))


def grind(embeddings: Floats) -> Lens:
    """Find the centre."""
    return Lens(embeddings.mean(axis=0))
