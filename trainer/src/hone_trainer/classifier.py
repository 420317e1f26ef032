"""A trained classifier as it is served: features, a head, chances that come true, and doubts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

from hone_trainer import features, heads
from hone_trainer import scope as scopes
from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.disk import Content
from hone_trainer.features import Featurizer
from hone_trainer.heads import Floats, Head
from hone_trainer.lens import Lens
from hone_trainer.scope import Scope


class Encoder(Protocol):
    """What turns a text into an embedding of length one."""

    def encode(self, text: str) -> Floats:
        """Encode one text."""
        ...


@dataclass(frozen=True, slots=True)
class Classifier:
    """Says of texts which label they have, and how sure it is."""

    manifest: Manifest
    featurizer: Featurizer
    head: Head
    scope: Scope
    encoder: Encoder | None = None
    lens: Lens | None = None

    @classmethod
    def made(
        cls,
        manifest: Manifest,
        featurizer: Featurizer,
        head: Head,
        encoder: Encoder | None,
        lens: Lens | None,
    ) -> "Classifier":
        """Make it, with what its manifest says of doubts."""
        found = scopes.unpack(manifest.settings["scope"])
        return cls(manifest, featurizer, head, found, encoder, lens)

    @property
    def task(self) -> str:
        """What it does."""
        return self.manifest.task

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Say the likeliest labels of each text."""
        return [self._one(text, top) for text in inputs]

    def _one(self, text: str, top: int) -> Prediction:
        found, near = self.head.one(self.featurizer.row(text), self._embedding(text))
        chances = softmax(found / np.float32(self.manifest.settings["temperature"]))
        best = np.argsort(-chances, kind="stable")[: max(top, 1)]
        names = self.manifest.labels
        labels = [(names[int(each)], float(chances[each])) for each in best]
        label, chance = labels[0]
        sure = self.scope.sureness(scopes.signals(found[None], near))[0]
        enough = chance >= self.manifest.settings.get("thresholds", {}).get(label, 0.0)
        return Prediction(label, chance, labels[:top], bool(enough and sure >= self.scope.limit))

    def _embedding(self, text: str) -> Floats | None:
        """Encode a text and see it through the lens."""
        if self.encoder is None or self.lens is None:
            return None
        return self.lens.see(self.encoder.encode(text))


def softmax(found: Floats) -> Floats:
    """Return chances that add up to one."""
    raised = np.exp(found - found.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def pack(featurizer: Featurizer, head: Head, lens: Lens | None) -> dict[str, Content]:
    """Return the files of a classifier beside its manifest."""
    facts, numbers = featurizer.pack()
    shape, weights = head.pack()
    numbers |= weights | ({} if lens is None else {"centre": lens.centre})
    body = json.dumps({"blocks": facts, "head": shape}, ensure_ascii=False, sort_keys=True)
    return {"features.json": body.encode(), "head.safetensors": save(numbers)}


def unpack(folder: Path, manifest: Manifest, encoder: Encoder | None = None) -> Classifier:
    """Read a classifier from its files."""
    body: Mapping[str, Any] = json.loads((folder / "features.json").read_bytes())
    numbers: dict[str, NDArray[Any]] = load_file(folder / "head.safetensors")
    return Classifier.made(
        manifest,
        features.unpack(body["blocks"], numbers),
        heads.unpack(body["head"], numbers),
        encoder,
        Lens(numbers["centre"]) if encoder is not None else None,
    )
