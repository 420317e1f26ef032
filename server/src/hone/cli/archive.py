"""The file of a backup: a tar archive, compressed with zstd, that tells when it is damaged.

`manifest.json` comes first; `contents.json` comes last and holds the SHA-256 of every other part,
so that a file which was cut off or altered anywhere is found out before anything is restored.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from hone.core.errors import Invalid

FORMAT = 1
_MANIFEST, _CONTENTS = "manifest.json", "contents.json"


class NotABackup(Invalid):
    """This file is not a backup that this version can read."""

    code = "not_a_backup"


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.sha256.update(data)
        return data


class Archive:
    """An archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._digests: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> None:
        """Add bytes under a name."""
        self._take(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, path: Path) -> None:
        """Add a file that nobody writes to any more."""
        with path.open("rb") as file:
            self._take(name, file, os.fstat(file.fileno()).st_size)

    def close(self) -> None:
        """Add what the other parts are checked by."""
        self.add(_CONTENTS, json.dumps(self._digests).encode())

    def _take(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        hashed = _Hashed(file)
        self._tar.addfile(entry, cast("IO[bytes]", hashed))
        self._digests[name] = hashed.sha256.hexdigest()


@contextmanager
def write(path: Path, manifest: dict[str, Any]) -> Generator[Archive]:
    """Write an archive that only its owner can read; it is on the disk at the end of the block."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with (
            zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            archive = Archive(tar)
            archive.add(_MANIFEST, json.dumps({"format": FORMAT, **manifest}).encode())
            yield archive
            archive.close()
        file.flush()
        os.fsync(file.fileno())


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive into a folder, check every part, and return the manifest."""
    if not file.is_file():
        raise NotABackup(f"There is no file {file}.")
    try:
        with (
            file.open("rb") as packed,
            zstandard.ZstdDecompressor().stream_reader(packed) as plain,
            tarfile.open(fileobj=plain, mode="r|") as tar,
        ):
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise NotABackup(
                f"{file} has format {manifest['format']}; this version reads {FORMAT}."
            )
        _check(folder)
    except (tarfile.TarError, zstandard.ZstdError, ValueError, KeyError, TypeError) as error:
        raise NotABackup(f"{file} is not a backup, or it is damaged: {error}.") from error
    except FileNotFoundError as error:
        raise NotABackup(f"{file} is not a backup, or it is damaged: it is not whole.") from error
    return manifest


def _check(folder: Path) -> None:
    """Raise ValueError unless there is exactly what was put in."""
    wanted = json.loads((folder / _CONTENTS).read_bytes())
    found = {
        str(path.relative_to(folder)): _digest(path)
        for path in folder.rglob("*")
        if path.is_file() and path != folder / _CONTENTS
    }
    wrong = [name for name in {*wanted, *found} if wanted.get(name) != found.get(name)]
    if wrong:
        raise ValueError(f"{min(wrong)} is not what was put in")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
