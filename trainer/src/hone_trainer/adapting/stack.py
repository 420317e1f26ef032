"""The layers of an encoder from tokens to embeddings: the lower ones as they are, the upper ones as they are tuned."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from hone_trainer.adapting.batch import Batch
from hone_trainer.adapting.layer import Dropout, Layer, Trace
from hone_trainer.encoder import graph

Floats = NDArray[np.float32]
TOGETHER: Final = 64


class Stack:
    """An encoder whose layers from `first` on may change."""

    def __init__(self, weights: Mapping[str, Floats], shape: graph.Shape, first: int) -> None:
        self.weights = dict(weights)
        self.shape = shape
        self.first = first
        self.layers = [
            Layer(self.weights, number, shape.epsilon) for number in range(graph.depth(weights))
        ]
        self.names = sorted(
            name
            for each in self.layers[first:]
            for name in weights
            if name.startswith(f"{each.name}.")
        )
        for name in self.names:
            self.weights[name] = self.weights[name].copy()

    def below(self, texts: Sequence[NDArray[np.intp]]) -> list[Floats]:
        """Return each text's tokens as they come to the first layer that may change."""
        found: list[Floats] = [np.zeros((0, 0), np.float32)] * len(texts)
        for rows in _alike(texts):
            batch = Batch([len(texts[row]) for row in rows], self.shape.heads)
            state = self._embedded([texts[row] for row in rows])
            for layer in self.layers[: self.first]:
                state, _ = layer.up(state, batch)
            for row, own in zip(rows, np.split(state, batch.firsts[1:]), strict=True):
                found[row] = own.copy()
        return found

    def embeddings(self, below: Sequence[Floats]) -> Floats:
        """Return the embeddings of texts by what `below` made of them."""
        found = np.zeros((len(below), below[0].shape[1]), np.float32)
        for rows in _alike(below):
            batch = Batch([len(below[row]) for row in rows], self.shape.heads)
            state = np.concatenate([below[row] for row in rows])
            for layer in self.layers[self.first :]:
                state, _ = layer.up(state, batch)
            found[rows] = batch.mean(state)[0]
        return found

    def up(self, state: Floats, batch: Batch, dropout: Dropout) -> tuple[Floats, list[Trace]]:
        """Return what comes out of the upper layers, and what `down` needs."""
        traces: list[Trace] = []
        for layer in self.layers[self.first :]:
            state, trace = layer.up(state, batch, dropout)
            traces.append(trace)
        return state, traces

    def down(self, slope: Floats, traces: Sequence[Trace], batch: Batch) -> dict[str, Floats]:
        """Return the slopes of what may change."""
        found: dict[str, Floats] = {}
        for layer, trace in zip(reversed(self.layers[self.first :]), reversed(traces), strict=True):
            slope = layer.down(slope, trace, batch, found)
        return found

    def _embedded(self, texts: Sequence[NDArray[np.intp]]) -> Floats:
        places = np.concatenate([np.arange(len(each)) for each in texts])
        words, placed, kinds = (
            self.weights[f"embeddings.{name}_embeddings.weight"]
            for name in ("word", "position", "token_type")
        )
        state = words[np.concatenate(texts)] + placed[places] + kinds[0]
        return self.layers[0].normed(state, "embeddings.LayerNorm")


def tokens(tokenizer: Path, texts: Sequence[str], longest: int) -> list[NDArray[np.intp]]:
    """Cut texts into the numbers of their tokens."""
    found = Tokenizer.from_file(str(tokenizer))
    found.no_padding()
    found.enable_truncation(longest)
    return [np.array(each.ids, np.intp) for each in found.encode_batch(list(texts))]


def _alike(texts: Sequence[NDArray[np.generic]]) -> list[NDArray[np.intp]]:
    """Deal texts to batches of about one length."""
    order = np.argsort([len(each) for each in texts], kind="stable")
    return [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
