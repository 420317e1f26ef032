"""What is known of prompts: how good each model's answer to each of them was."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Prompts, models, and a table of qualities from 0 to 1."""

    prompts: Sequence[str]
    models: tuple[str, ...]
    quality: Floats
    """By prompt and model; NaN where a model was not asked."""
    embeddings: Floats | None = None
    """By prompt."""

    def only(self, rows: NDArray[np.intp]) -> "Outcomes":
        """Return a part of them."""
        return replace(
            self,
            prompts=[self.prompts[row] for row in rows],
            quality=self.quality[rows],
            embeddings=None if self.embeddings is None else self.embeddings[rows],
        )

    def folds(self, seed: int, count: int) -> NDArray[np.intp]:
        """Give every prompt a fold by its hash, so that equal prompts are never apart."""
        return np.array([fold(prompt, seed, count) for prompt in self.prompts], dtype=np.intp)


def fold(prompt: str, seed: int, count: int) -> int:
    """Return a prompt's fold."""
    digest = sha256(f"{seed}:{prompt}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count


def load(path: Path) -> Outcomes:
    """Read JSON lines of `{"prompt": …, "scores": {model: quality}}`, gzipped or not."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rows = [json.loads(line) for line in content.split(b"\n") if line.strip()]
    models = tuple(sorted({model for row in rows for model in row["scores"]}))
    table = [[row["scores"].get(model, np.nan) for model in models] for row in rows]
    return Outcomes([row["prompt"] for row in rows], models, np.array(table, dtype=np.float64))
