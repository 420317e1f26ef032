"""Files that are whole or not there: written aside, synced, renamed."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

Content = bytes | Path
"""The bytes of a file, or a file to copy."""


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is never seen half."""
    aside = path.with_name(path.name + ".tmp")
    aside.write_bytes(content)
    sync(aside)
    aside.replace(path)
    sync(path.parent)


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill; it takes its name when it is full, in place of what had it."""
    aside = path.with_name(path.name + ".tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    for each in sorted(aside.rglob("*")):
        sync(each)
    sync(aside)
    if path.exists():
        shutil.rmtree(path)
    aside.rename(path)
    sync(path.parent)


def fill(place: Path, files: Mapping[str, Content]) -> dict[str, dict[str, int | str]]:
    """Put files into a folder and return the size and SHA-256 of each."""
    for name, content in files.items():
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copyfile(content, target)
        else:
            target.write_bytes(content)
    return {
        name: {"size": (place / name).stat().st_size, "sha256": digest(place / name)}
        for name in sorted(files)
    }


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    found = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            found.update(part)
    return found.hexdigest()
