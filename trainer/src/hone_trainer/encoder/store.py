"""Embeddings that were made once, by the digest of their text, for every run that comes after."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from os import sched_getaffinity
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from hone_trainer.encoder import Encoder, Floats

KEY: Final = 16
PART: Final = 256
"""Texts that are encoded before they are written and progress is told."""
MOST: Final = 500_000
"""Embeddings that are kept; then it starts anew."""


class Store:
    """A file of records of one size: a digest and an embedding."""

    def __init__(self, path: Path, width: int) -> None:
        self.path = path
        self.record = np.dtype([("key", f"S{KEY}"), ("row", np.float32, (width,))])

    def read(self, keys: set[bytes]) -> dict[bytes, Floats]:
        """Return the embeddings that are there."""
        if not self.path.exists():
            return {}
        whole = self.path.stat().st_size // self.record.itemsize
        if not whole:
            return {}
        records = np.memmap(self.path, self.record, "r", shape=(whole,))
        raw = records["key"]
        return {
            key: np.array(records[at]["row"])
            for at, key in enumerate(bytes(each).ljust(KEY, b"\0") for each in raw)
            if key in keys
        }

    def add(self, keys: Sequence[bytes], rows: Floats) -> None:
        """Append embeddings."""
        records = np.zeros(len(keys), self.record)
        records["key"] = keys
        records["row"] = rows
        with self._alone() as file:
            size = file.seek(0, 2)
            whole = size - size % self.record.itemsize
            full = whole // self.record.itemsize + len(keys) > MOST
            file.truncate(0 if full else whole)
            file.seek(0, 2)
            file.write(records.tobytes())

    @contextmanager
    def _alone(self) -> Iterator[BinaryIO]:
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def key(text: str) -> bytes:
    """Return what a text's embedding is found by."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:KEY]


def embed(
    encoder: Encoder, texts: Sequence[str], path: Path, tell: Callable[[int, int], None]
) -> Floats:
    """Return a row for each text; `tell` hears how many of how many are made."""
    width = len(encoder.encode("width"))
    store = Store(path, width)
    keys = [key(text) for text in texts]
    known = store.read(set(keys))
    lacking = {k: text for k, text in zip(keys, texts, strict=True) if k not in known}
    todo = list(lacking.items())
    with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
        for at in range(0, len(todo), PART):
            tell(at, len(todo))
            part = todo[at : at + PART]
            rows = np.array(list(pool.map(encoder.encode, (text for _, text in part))))
            store.add([k for k, _ in part], rows)
            known.update(zip((k for k, _ in part), rows, strict=True))
    return np.array([known[k] for k in keys], dtype=np.float32).reshape(len(keys), width)
