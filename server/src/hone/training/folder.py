"""The folder of a run, below the data directory: only we may read it, and it goes when the run is over."""

import contextlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from hone.core.settings import Settings

_MARK: Final = "folder.json"
SPEC, DATA, MODEL = "spec.json", "data.jsonl", "model"
BASE, CHAMPION = "base", "champion"
CACHE: Final = "cache"
"""What runs of one organization share, beside their folders: an encoder, what it made of texts."""
_CACHE_SECONDS: Final = 7 * 86_400
_LARGEST_ACCOUNT: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """A run's folder."""

    path: Path

    @property
    def id(self) -> UUID | None:
        """Return which folder it is; another machine's of the same run is another."""
        try:
            return UUID(json.loads((self.path / _MARK).read_bytes())["id"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self) -> None:
        """Begin anew, with nothing in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True, mode=0o700)
        # Parents are made with other rights than asked.
        for each in (self.path, self.path.parent, self.path.parent.parent):
            each.chmod(0o700)

    def mark(self, folder_id: UUID) -> None:
        """Say that everything is in it that a run needs."""
        self.write(_MARK, {"id": str(folder_id)})

    def write(self, name: str, body: object) -> None:
        """Write a file of JSON that only we may read."""
        self.fill(name, json.dumps(body, ensure_ascii=False).encode())

    def fill(self, name: str, data: bytes) -> None:
        """Write a file that only we may read."""
        descriptor = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    def account(self, name: str) -> dict[str, Any] | None:
        """Read what the trainer left of itself, if it is a JSON object."""
        path = self.path / name
        try:
            if path.stat().st_size > _LARGEST_ACCOUNT:
                return None
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return None

    def files(self) -> dict[str, Path]:
        """List the files of the model by their names below it."""
        model = self.path / MODEL
        found = sorted(
            each for each in model.rglob("*") if each.is_file() and not each.is_symlink()
        )
        return {str(each.relative_to(model)): each for each in found}

    def remove(self) -> None:
        """Leave nothing."""
        shutil.rmtree(self.path, ignore_errors=True)


def root(settings: Settings) -> Path:
    """Say where the folders of all runs lie."""
    return settings.data_dir.absolute() / "training"


def of(settings: Settings, organization_id: UUID, run_id: UUID) -> Folder:
    """Say where a run's folder lies."""
    return Folder(root(settings) / organization_id.hex / run_id.hex)


def forget_cache(settings: Settings) -> None:
    """Remove what no run has made anew for a week: it was made of texts that may be gone."""
    before = time.time() - _CACHE_SECONDS
    for path in root(settings).glob(f"*/{CACHE}/**/*"):
        with contextlib.suppress(OSError):
            if path.is_file() and path.stat().st_mtime < before:
                path.unlink()


def there(settings: Settings) -> list[tuple[UUID, UUID]]:
    """List the runs that have a folder here."""
    found: list[tuple[UUID, UUID]] = []
    for path in root(settings).glob("*/*"):
        try:
            found.append((UUID(path.parent.name), UUID(path.name)))
        except ValueError:
            continue
    return found
