"""How a slope becomes a step: sgd, rmsprop, adam, adamw and lamb."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FIRST: Final = np.float32(0.9)
SECOND: Final = np.float32(0.999)
TINY: Final = np.float32(1e-8)


@dataclass(slots=True)
class Memory:
    """What an optimizer remembers of the slopes of one array."""

    mean: Floats
    square: Floats
    count: int = 0


@dataclass(slots=True)
class Optimizer:
    """Moves arrays in place."""

    name: str
    arrays: Sequence[Floats]
    l2: float = 0.0
    memories: list[Memory] = field(default_factory=list[Memory])

    def __post_init__(self) -> None:
        self.memories = [Memory(np.zeros_like(a), np.zeros_like(a)) for a in self.arrays]

    def step(self, slopes: Sequence[Floats], rate: float) -> None:
        """Move every array a step down its slope."""
        for array, slope, memory in zip(self.arrays, slopes, self.memories, strict=True):
            memory.count += 1
            decay = np.float32(self.l2)
            pull = decay * array
            apart = self.name in APART
            move = RULES[self.name](slope if apart else _plus(slope, pull), memory)
            move = _plus(move, pull) if apart else move
            scale = rate * (_trust(array, move) if self.name == "lamb" else 1.0)
            array -= np.float32(scale) * move

    def pack(self) -> dict[str, Floats]:
        """Return what must be kept to go on later."""
        found: dict[str, Floats] = {}
        for number, memory in enumerate(self.memories):
            found[f"mean.{number}"], found[f"square.{number}"] = memory.mean, memory.square
            found[f"count.{number}"] = np.array([memory.count], dtype=np.float32)
        return found

    def unpack(self, kept: Mapping[str, Floats]) -> None:
        """Take up what `pack` returned."""
        for number in range(len(self.memories)):
            self.memories[number] = Memory(
                kept[f"mean.{number}"].copy(),
                kept[f"square.{number}"].copy(),
                int(kept[f"count.{number}"][0]),
            )


def _plus(one: Floats, other: Floats) -> Floats:
    return np.add(one, other, dtype=np.float32)


def _sgd(slope: Floats, memory: Memory) -> Floats:
    memory.mean *= FIRST
    memory.mean += slope
    return memory.mean


def _rmsprop(slope: Floats, memory: Memory) -> Floats:
    memory.square *= np.float32(0.99)
    memory.square += np.float32(0.01) * slope * slope
    return slope / (np.sqrt(memory.square) + TINY)


def _adam(slope: Floats, memory: Memory) -> Floats:
    memory.mean *= FIRST
    memory.mean += (1 - FIRST) * slope
    memory.square *= SECOND
    memory.square += (1 - SECOND) * slope * slope
    mean = memory.mean / (1 - FIRST**memory.count)
    return mean / (np.sqrt(memory.square / (1 - SECOND**memory.count)) + TINY)


def _trust(array: Floats, move: Floats) -> float:
    """Return how long a step may be beside the weights that it changes."""
    own, other = float(np.linalg.norm(array)), float(np.linalg.norm(move))
    return min(own / other, 10.0) if own > 0 and other > 0 else 1.0


APART: Final = frozenset({"adamw", "lamb"})
"""These shrink weights apart from the slope."""
RULES: Final[Mapping[str, Callable[[Floats, Memory], Floats]]] = {
    "sgd": _sgd,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
    "lamb": _adam,
}


def rate(kind: str, warmup: float, at: int, steps: int, top: float) -> float:
    """Return the length of a step by a schedule."""
    first = warmup * steps
    if at < first:
        return top * (at + 1) / max(first, 1)
    rest = (at - first) / max(steps - first, 1)
    if kind == "linear":
        return top * max(1 - rest, 0.0)
    if kind == "cosine":
        return top * (1 + float(np.cos(np.pi * min(rest, 1.0)))) / 2
    return top
