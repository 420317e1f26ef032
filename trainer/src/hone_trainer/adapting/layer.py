"""One layer of a BERT encoder: what comes out of it, and the slopes of its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import erf

from hone_trainer.adapting.batch import Batch

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]
ROOT: Final = np.float32(np.sqrt(0.5))
PEAK: Final = np.float32(1 / np.sqrt(2 * np.pi))
PARTS: Final = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class Dropout:
    """Leaves out a share of what a layer adds, so that it does not learn by heart."""

    share: float
    dice: Generator

    def mask(self, like: Floats) -> Floats:
        """Return what to multiply by."""
        kept = self.dice.random(like.shape, dtype=np.float32) >= self.share
        return np.divide(kept, 1 - self.share, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Norm:
    """What is remembered of a normalization."""

    evened: Floats
    scale: Floats


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of a layer on the way up, for the way down."""

    state: Floats
    query: Floats
    key: Floats
    value: Floats
    seen: Floats
    mixed: Floats
    looked: _Norm
    middle: Floats
    wide: Floats
    share: Floats
    out: _Norm
    masks: tuple[Floats | None, Floats | None]


class Layer:
    """A layer by its name in the weights, which may change between calls."""

    def __init__(self, weights: Weights, number: int, epsilon: float) -> None:
        self.weights = weights
        self.name = f"encoder.layer.{number}"
        self.epsilon = np.float32(epsilon)

    def up(
        self, state: Floats, batch: Batch, dropout: Dropout | None = None
    ) -> tuple[Floats, Trace]:
        """Return what comes out, and what `down` needs."""
        query, key, value = (
            batch.apart(self._dense(state, f"attention.self.{part}")) for part in PARTS
        )
        seen = query @ key.transpose(0, 1, 3, 2) / _root(query) + batch.hidden
        seen = np.exp(seen - seen.max(axis=-1, keepdims=True))
        seen /= seen.sum(axis=-1, keepdims=True)
        mixed = batch.together(seen @ value)
        first, added = _dropped(self._dense(mixed, "attention.output.dense"), dropout)
        middle, looked = self._norm(added + state, "attention.output.LayerNorm")
        wide = self._dense(middle, "intermediate.dense")
        share = (1 + erf(wide * ROOT)) * np.float32(0.5)
        second, added = _dropped(self._dense(wide * share, "output.dense"), dropout)
        found, out = self._norm(added + middle, "output.LayerNorm")
        masks = (first, second)
        return found, Trace(
            state, query, key, value, seen, mixed, looked, middle, wide, share, out, masks
        )

    def down(self, slope: Floats, was: Trace, batch: Batch, found: dict[str, Floats]) -> Floats:
        """Fill in the slopes of the weights, and return that of what came in."""
        slope = self._norm_slope(slope, "output.LayerNorm", was.out, found)
        first, second = was.masks
        after = slope if second is None else slope * second
        rise = self._dense_slope(after, was.wide * was.share, "output.dense", found)
        rise *= was.share + was.wide * np.exp(was.wide * was.wide * np.float32(-0.5)) * PEAK
        slope = slope + self._dense_slope(rise, was.middle, "intermediate.dense", found)
        slope = self._norm_slope(slope, "attention.output.LayerNorm", was.looked, found)
        after = slope if first is None else slope * first
        mixed = batch.apart(self._dense_slope(after, was.mixed, "attention.output.dense", found))
        turned = was.seen * (mixed @ was.value.transpose(0, 1, 3, 2))
        turned -= was.seen * turned.sum(axis=-1, keepdims=True)
        turned /= _root(was.query)
        parts = (
            turned @ was.key,
            turned.transpose(0, 1, 3, 2) @ was.query,
            was.seen.transpose(0, 1, 3, 2) @ mixed,
        )
        for part, each in zip(PARTS, parts, strict=True):
            name = f"attention.self.{part}"
            slope = slope + self._dense_slope(batch.together(each), was.state, name, found)
        return slope

    def normed(self, state: Floats, name: str) -> Floats:
        """Return tokens evened out by weights of this whole name."""
        return self._even(state, name)[0]

    def _dense(self, state: Floats, name: str) -> Floats:
        found = state @ self.weights[f"{self.name}.{name}.weight"].T
        found += self.weights[f"{self.name}.{name}.bias"]
        return found

    def _dense_slope(
        self, slope: Floats, state: Floats, name: str, found: dict[str, Floats]
    ) -> Floats:
        found[f"{self.name}.{name}.weight"] = slope.T @ state
        found[f"{self.name}.{name}.bias"] = slope.sum(axis=0)
        return slope @ self.weights[f"{self.name}.{name}.weight"]

    def _norm(self, state: Floats, name: str) -> tuple[Floats, _Norm]:
        return self._even(state, f"{self.name}.{name}")

    def _even(self, state: Floats, name: str) -> tuple[Floats, _Norm]:
        state = state - state.mean(axis=-1, keepdims=True)
        scale = 1 / np.sqrt((state * state).mean(axis=-1, keepdims=True) + self.epsilon)
        state *= scale
        weight, bias = (self.weights[f"{name}.{each}"] for each in ("weight", "bias"))
        return state * weight + bias, _Norm(state, scale)

    def _norm_slope(self, slope: Floats, name: str, was: _Norm, found: dict[str, Floats]) -> Floats:
        found[f"{self.name}.{name}.weight"] = (slope * was.evened).sum(axis=0)
        found[f"{self.name}.{name}.bias"] = slope.sum(axis=0)
        slope = slope * self.weights[f"{self.name}.{name}.weight"]
        along = (slope * was.evened).mean(axis=-1, keepdims=True)
        return (slope - slope.mean(axis=-1, keepdims=True) - was.evened * along) * was.scale


def _root(query: Floats) -> np.float32:
    return np.float32(np.sqrt(query.shape[-1]))


def _dropped(added: Floats, dropout: Dropout | None) -> tuple[Floats | None, Floats]:
    if dropout is None:
        return None, added
    mask = dropout.mask(added)
    return mask, added * mask
