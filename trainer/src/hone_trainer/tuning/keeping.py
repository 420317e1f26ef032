"""Checkpoints of a trainer that writes its own: taken over whole, marked as done, and the newest found again."""

import json
import shutil
from pathlib import Path
from typing import Final

from hone_trainer import disk

KEPT: Final = 2
DONE: Final = "DONE"


def take(written: Path, folder: Path, step: int) -> None:
    """Move a checkpoint to its place, sync it, mark it as done, and drop all but the newest."""
    place = folder / str(step)
    shutil.rmtree(place, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for each in sorted(written.rglob("*")):
        disk.sync(each)
    written.rename(place)
    disk.sync(folder)
    sums = {
        str(each.relative_to(place)): disk.digest(each)
        for each in sorted(place.rglob("*"))
        if each.is_file()
    }
    disk.write(place / DONE, json.dumps(sums, sort_keys=True).encode())
    for old in _steps(folder)[:-KEPT]:
        shutil.rmtree(folder / str(old))


def newest(folder: Path) -> Path | None:
    """Return the newest checkpoint that is whole."""
    return next((p for s in reversed(_steps(folder)) if _whole(p := folder / str(s))), None)


def _steps(folder: Path) -> list[int]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(int(each.name) for each in found if each.name.isdecimal())


def _whole(place: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((place / DONE).read_bytes())
        return all(disk.digest(place / name) == value for name, value in sums.items())
    except (OSError, ValueError):
        return False
