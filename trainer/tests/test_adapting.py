"""Slopes that are written out by hand are those of what comes out, and tuning brings labels together."""

from typing import Any

import numpy as np

from hone_trainer.adapting.batch import Batch
from hone_trainer.adapting.layer import Dropout
from hone_trainer.adapting.stack import Stack
from hone_trainer.adapting.tuning import Lesson, Recipe, Said, tune
from hone_trainer.encoder import graph
from hone_trainer.lens import grind
from tests.test_encoder import WIDTH, WORDS, routing_encoder, weights

SHAPE = graph.Shape(routing_encoder.HEADS)
FIRST = 3


def texts(count: int) -> list[np.ndarray]:
    dice = np.random.default_rng(2)
    return [dice.integers(WORDS, size=size) for size in dice.integers(1, 12, count)]


def test_the_layers_say_what_the_maths_says() -> None:
    stack, asked = Stack(weights(), SHAPE, FIRST), texts(100)
    said = stack.embeddings(stack.below(asked))
    for row, ids in zip(said, asked, strict=True):
        (wanted,) = routing_encoder.forward(weights(), ids[None].astype(np.int64))
        np.testing.assert_allclose(row, wanted, atol=1e-5)


def test_slopes_are_those_of_what_comes_out() -> None:
    # Twice the digits: a step is small, and what it changes is smaller.
    exact: Any = {name: each.astype(np.float64) for name, each in weights().items()}
    stack, asked = Stack(exact, SHAPE, FIRST), texts(5)
    below = stack.below(asked)
    batch = Batch([len(each) for each in below], SHAPE.heads)
    pull: Any = np.random.default_rng(1).normal(size=(len(asked), WIDTH))

    def come_out() -> float:
        state, _ = stack.up(np.concatenate(below), batch, Dropout(0.1, np.random.default_rng(7)))
        return float((batch.mean(state)[0] * pull).sum())

    state, traces = stack.up(np.concatenate(below), batch, Dropout(0.1, np.random.default_rng(7)))
    found = stack.down(batch.mean_slope(pull, *batch.mean(state)), traces, batch)
    assert sorted(found) == stack.names
    dice, step = np.random.default_rng(9), 1e-5
    for name in stack.names:
        array = stack.weights[name]
        at = tuple(dice.integers(size) for size in array.shape)
        was = array[at]
        array[at] = was + step
        above = come_out()
        array[at] = was - step
        rise = (above - come_out()) / (2 * step)
        array[at] = was
        assert abs(found[name][at] - rise) < 1e-4 * max(1, abs(rise)), name


def test_tuning_brings_labels_together_and_goes_on_where_it_stood() -> None:
    asked = texts(60)
    classes = np.array([int(each[0]) % 3 for each in asked])
    wanted = np.eye(3, dtype=np.float32)[classes]
    recipe = Recipe(epochs=12, rate=3e-3, size=8, dropout=0.0)
    told: list[tuple[Said, dict[str, np.ndarray]]] = []
    whole = Stack(weights(), SHAPE, FIRST)
    lesson = Lesson(whole.below(asked), wanted, np.ones(60, np.float32))
    before = _likeness(whole.embeddings(lesson.below), classes)
    tune(whole, lesson, recipe, 3, None, lambda *each: told.append(each))  # type: ignore[arg-type]
    assert told[-1][0].loss < told[0][0].loss
    assert _likeness(whole.embeddings(lesson.below), classes) > before + 0.05
    again = Stack(weights(), SHAPE, FIRST)
    tune(again, lesson, recipe, 3, told[1][1], lambda *_: None)
    for name in whole.names:
        np.testing.assert_array_equal(again.weights[name], whole.weights[name])


def _likeness(embeddings: np.ndarray, classes: np.ndarray) -> float:
    """Return how much more those of a label are alike than others, seen from their middle."""
    seen = grind(embeddings).see(embeddings)
    alike, same = seen @ seen.T, classes[:, None] == classes
    return float(alike[same].mean() - alike[~same].mean())
