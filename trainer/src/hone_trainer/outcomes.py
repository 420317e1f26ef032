"""What is known of prompts: how good each model's answer to each of them was."""

import gzip
import json
import sys
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
    costs: Floats | None = None
    """What each model's answer to each prompt costs, in any one unit; NaN where it is not known."""

    def only(self, rows: NDArray[np.intp]) -> "Outcomes":
        """Return a part of them."""
        return replace(
            self,
            prompts=[self.prompts[row] for row in rows],
            quality=self.quality[rows],
            embeddings=None if self.embeddings is None else self.embeddings[rows],
            costs=None if self.costs is None else self.costs[rows],
        )

    def folds(self, seed: int, count: int) -> NDArray[np.intp]:
        """Give every prompt a fold by its hash, so that equal prompts are never apart."""
        return np.array([fold(prompt, seed, count) for prompt in self.prompts], dtype=np.intp)


def fold(prompt: str, seed: int, count: int) -> int:
    """Return a prompt's fold."""
    digest = sha256(f"{seed}:{prompt}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count


def load(path: Path) -> Outcomes:
    """Read JSON lines of `{"prompt": …, "scores": {model: quality}}`, gzipped or not.

    A line may have `costs`, by model. The path `-` is the standard input, so that prompts need not
    lie on a disk.
    """
    content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    rows = [json.loads(line) for line in content.split(b"\n") if line.strip()]
    models = tuple(sorted({model for row in rows for model in row["scores"]}))
    costs = _table([row.get("costs", {}) for row in rows], models)
    return Outcomes(
        [row["prompt"] for row in rows],
        models,
        _table([row["scores"] for row in rows], models),
        costs=None if np.isnan(costs).all() else costs,
    )


def _table(rows: Sequence[dict[str, float]], models: Sequence[str]) -> Floats:
    table = [[row.get(model, np.nan) for model in models] for row in rows]
    return np.array(table, dtype=np.float64).reshape(len(rows), len(models))
