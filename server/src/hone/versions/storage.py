"""Files of trained models in the storage, each by its checksum; read and written in pieces."""

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import obstore

from hone.core.blobs import BlobDamaged, BlobMissing, Blobs, path_of
from hone.versions.errors import ArtifactWrong
from hone.versions.models import ModelVersion

MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,4}")
_PIECE: Final = 1 << 20


async def keep(
    blobs: Blobs, organization_id: UUID, files: Mapping[str, Path]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Put the files of an artifact into the storage; return what they are, and its manifest."""
    if MANIFEST not in files:
        raise ArtifactWrong("An artifact has a manifest.json.")
    manifest = await asyncio.to_thread(_manifest, files[MANIFEST])
    kept: list[dict[str, Any]] = []
    for name, path in sorted(files.items()):
        if _NAME.fullmatch(name) is None:
            raise ArtifactWrong(f"A file of an artifact cannot be called {name!r}.")
        size, digest = await asyncio.to_thread(measure, path)
        await obstore.put_async(blobs.store, path_of(organization_id, digest), path)
        kept.append({"name": name, "size": size, "sha256": digest})
    return kept, manifest


async def fetch(blobs: Blobs, version: ModelVersion, folder: Path) -> None:
    """Write the files of a version into a folder, each one verified."""
    await fetch_files(blobs, version.organization_id, version.files, folder)


async def fetch_files(
    blobs: Blobs, organization_id: UUID, files: list[dict[str, Any]], folder: Path
) -> None:
    """Write files into a folder; raise `BlobMissing` or `BlobDamaged`."""
    for each in files:
        if _NAME.fullmatch(each["name"]) is None:
            raise ArtifactWrong(f"A file of an artifact cannot be called {each['name']!r}.")
        target = folder / each["name"]
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        await _pour(blobs, path_of(organization_id, each["sha256"]), each["sha256"], target)


async def _pour(blobs: Blobs, source: str, digest: str, target: Path) -> None:
    half = target.with_name(f"{target.name}.part")
    counted = hashlib.sha256()
    try:
        found = await obstore.get_async(blobs.store, source)
    except FileNotFoundError as error:
        raise BlobMissing from error
    with half.open("wb") as writing:
        async for piece in found.stream(min_chunk_size=_PIECE):
            content = bytes(piece)
            counted.update(content)
            writing.write(content)
    if counted.hexdigest() != digest:
        half.unlink()
        raise BlobDamaged
    os.replace(half, target)


def measure(path: Path) -> tuple[int, str]:
    """Return the size and the checksum of a file."""
    counted, size = hashlib.sha256(), 0
    with path.open("rb") as reading:
        while piece := reading.read(_PIECE):
            counted.update(piece)
            size += len(piece)
    return size, counted.hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    try:
        read: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactWrong("The manifest.json of this artifact cannot be read.") from error
    if not isinstance(read, dict):
        raise ArtifactWrong("The manifest.json of this artifact is not an object.")
    return cast("dict[str, Any]", read)
