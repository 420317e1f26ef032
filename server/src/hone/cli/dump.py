"""PostgreSQL's own pg_dump and pg_restore, in the version that Hone brings."""

import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from hone.core.errors import Invalid
from hone.core.postgres import EmbeddedPostgres
from hone.core.settings import Settings

_LONGEST_MESSAGE = 600


class ProgramFailed(Invalid):
    """A program of PostgreSQL failed."""

    code = "program_failed"


def save(settings: Settings, url: str, file: Path) -> None:
    """Write a database, as of one moment, to a file.

    Extensions are left out: whoever makes a database makes them, for that takes a superuser.
    """
    options = ["--format=custom", "--exclude-extension=*"]
    _run(settings, url, "pg_dump", *options, f"--file={file}")


def load(settings: Settings, url: str, file: Path) -> None:
    """Fill an empty database from a file, wholly or not at all."""
    _run(settings, url, "pg_restore", "--exit-on-error", "--single-transaction", str(file))


def _run(settings: Settings, url: str, program: str, *arguments: str) -> None:
    """Run a program; the password stays out of `ps`."""
    path = EmbeddedPostgres(settings.data_dir).bin(program)
    target = make_url(url)
    named = target._replace(password=None, drivername="postgresql").render_as_string()
    done = subprocess.run(
        [path, f"--dbname={named}", *arguments],
        env={"PGPASSWORD": str(target.password or ""), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())
        raise ProgramFailed(f"{program} failed: {said[-_LONGEST_MESSAGE:]}")
