"""From features to a score for each label: what is served, and nothing of how it was learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hone_trainer import scope
from hone_trainer.features import Row

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Examples that a head remembers by their embeddings, and how each pulls what is near it."""

    places: Floats
    """Embeddings of length one."""
    pulls: Floats
    """By anchor and label."""
    reach: float
    """How fast nearness falls off."""
    inside: int
    """So many of them, the first ones, are in scope."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of sparse features, and what embeddings add to them."""

    words: Floats
    """By feature and label."""
    bias: Floats
    anchors: Anchors | None = None
    straight: Floats | None = None
    """By place of the embedding and label."""

    def one(self, row: Row, embedding: Floats | None = None) -> tuple[Floats, Floats | None]:
        """Score one text, and say how near its neighbours are."""
        at, values = row
        found = np.asarray(values @ self.words[at] + self.bias, np.float32)
        if embedding is None:
            return found, None
        if self.straight is not None:
            found += embedding @ self.straight
        if self.anchors is None:
            return found, None
        alike = embedding @ self.anchors.places.T
        found += nearness(alike, self.anchors.reach) @ self.anchors.pulls
        return found, scope.nearest(alike[None, : self.anchors.inside])

    def pack(self) -> tuple[dict[str, Any], dict[str, Floats]]:
        """Return what JSON can hold of it, and the numbers."""
        numbers = {"words": self.words, "bias": self.bias}
        if self.straight is not None:
            numbers["straight"] = self.straight
        if self.anchors is None:
            return {}, numbers
        numbers |= {"anchors": self.anchors.places, "pulls": self.anchors.pulls}
        return {"reach": self.anchors.reach, "inside": self.anchors.inside}, numbers


def unpack(facts: Mapping[str, Any], numbers: Mapping[str, Floats]) -> Head:
    """Make it from what `pack` returned."""
    anchors = None
    if "anchors" in numbers:
        anchors = Anchors(numbers["anchors"], numbers["pulls"], facts["reach"], facts["inside"])
    return Head(numbers["words"], numbers["bias"], anchors, numbers.get("straight"))


def nearness(alike: Floats, reach: float) -> Floats:
    """Return a Gaussian of the distances between embeddings that are alike by so much."""
    found = alike - 1
    found *= np.float32(reach)
    return np.exp(found, out=found)
