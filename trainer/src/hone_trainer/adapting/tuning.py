"""The upper layers of an encoder tuned in epochs: embeddings of a label come together, those of others go apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from hone_trainer.adapting.batch import Batch
from hone_trainer.adapting.layer import Dropout
from hone_trainer.adapting.stack import Stack
from hone_trainer.steps.losses import cross_entropy
from hone_trainer.steps.optimizers import Optimizer, rate

Floats = NDArray[np.float32]
LONGEST_SLOPE: Final = 1.0
WARMUP: Final = 0.1


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to tune."""

    epochs: int
    rate: float = 1e-4
    """The length of a step of the layers."""
    size: int = 32
    """Texts in one step."""
    heat: float = 20.0
    """What likeness is multiplied by before it is a score."""
    dropout: float = 0.1
    decay: float = 0.01
    labels_rate: float = 2e-3
    """The length of a step of the labels' own places."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: what comes to the upper layers of each text, and its label."""

    below: Sequence[Floats]
    wanted: Floats
    """By text and label."""
    weights: Floats


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of an epoch."""

    epoch: int
    loss: float
    rate: float


def tune(
    stack: Stack,
    lesson: Lesson,
    recipe: Recipe,
    seed: int,
    kept: Mapping[str, Any] | None,
    tell: Callable[[Said, Mapping[str, Any]], None],
) -> None:
    """Change the upper layers of a stack; `tell` hears of each epoch and what to keep of it."""
    raw = stack.embeddings(lesson.below)
    centre = raw.mean(axis=0)
    labels = _evened(lesson.wanted.T @ _evened(raw - centre)[0])[0]
    layers = [stack.weights[name] for name in stack.names]
    optimizers = (
        Optimizer("adamw", layers, recipe.decay),
        Optimizer("adamw", [labels], 0.0),
    )
    tuner = _Tuner(stack, lesson, recipe, centre, labels, optimizers)
    done = 0
    if kept is not None:
        done = tuner.take_up(kept)
    for epoch in range(done, recipe.epochs):
        lost, pace = tuner.epoch(epoch, seed)
        tell(Said(epoch + 1, lost, pace), {"epoch": epoch + 1, **tuner.pack()})


@dataclass(frozen=True, slots=True)
class _Tuner:
    stack: Stack
    lesson: Lesson
    recipe: Recipe
    centre: Floats
    labels: Floats
    """The place of each label among the embeddings."""
    optimizers: tuple[Optimizer, Optimizer]

    def epoch(self, number: int, seed: int) -> tuple[float, float]:
        """See every text once; return the loss and the length of the last step."""
        recipe, dice = self.recipe, default_rng([seed, number])
        order = dice.permutation(len(self.lesson.below))
        each = -(-len(order) // recipe.size)
        total, share = 0.0, 0.0
        for at in range(each):
            rows = order[at * recipe.size : (at + 1) * recipe.size]
            share = rate("cosine", WARMUP, number * each + at, each * recipe.epochs, 1.0)
            total += self._step(rows, share, Dropout(recipe.dropout, dice))
        return total / len(order), share * recipe.rate

    def _step(self, rows: NDArray[np.intp], share: float, dropout: Dropout) -> float:
        stack, recipe = self.stack, self.recipe
        below = [self.lesson.below[row] for row in rows]
        batch = Batch([len(each) for each in below], stack.shape.heads)
        state, traces = stack.up(np.concatenate(below), batch, dropout)
        mean, length = batch.mean(state)
        seen, far = _evened(mean - self.centre)
        places, sizes = _evened(self.labels)
        heat = np.float32(recipe.heat)
        lost, slope = cross_entropy(heat * (seen @ places.T), self.lesson.wanted[rows])
        weights = self.lesson.weights[rows]
        slope *= (heat * weights / len(rows))[:, None]
        back = batch.mean_slope(_even_slope(slope @ places, seen, far), mean, length)
        found = stack.down(back, traces, batch)
        slopes = [found[name] for name in stack.names]
        whole = float(np.sqrt(sum(float(np.vdot(each, each)) for each in slopes)))
        if whole > LONGEST_SLOPE:
            slopes = [each * np.float32(LONGEST_SLOPE / whole) for each in slopes]
        self.optimizers[0].step(slopes, recipe.rate * share)
        self.optimizers[1].step(
            [_even_slope(slope.T @ seen, places, sizes)], recipe.labels_rate * share
        )
        return float((lost * weights).sum())

    def pack(self) -> dict[str, Floats]:
        """Return what must be kept to go on later."""
        return {
            "labels": self.labels.copy(),
            **{f"layer.{name}": self.stack.weights[name].copy() for name in self.stack.names},
            **{
                f"{number}.{name}": each.copy()
                for number, optimizer in enumerate(self.optimizers)
                for name, each in optimizer.pack().items()
            },
        }

    def take_up(self, kept: Mapping[str, Any]) -> int:
        """Go on from what `pack` returned; returns how many epochs are done."""
        self.labels[...] = kept["labels"]
        for name in self.stack.names:
            self.stack.weights[name][...] = kept[f"layer.{name}"]
        for number, optimizer in enumerate(self.optimizers):
            first = f"{number}."
            optimizer.unpack(
                {name.removeprefix(first): kept[name] for name in kept if name.startswith(first)}
            )
        return int(kept["epoch"])


def _evened(rows: Floats) -> tuple[Floats, Floats]:
    """Return rows of length one, and how long they were."""
    length = np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), np.float32(1e-12))
    return rows / length, length


def _even_slope(slope: Floats, evened: Floats, length: Floats) -> Floats:
    return (slope - evened * (slope * evened).sum(axis=1, keepdims=True)) / length
