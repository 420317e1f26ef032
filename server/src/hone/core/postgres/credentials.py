"""The passwords of PostgreSQL's three roles, and the URLs made with them."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from hone.core.errors import AppError

SUPERUSER = "postgres"
OWNER = "hone_owner"
APP = "hone_app"
DATABASE = "hone"


class CredentialsMissing(AppError):
    """The passwords of the embedded PostgreSQL are missing or do not fit its data."""

    code = "credentials_missing"


def ensure(path: Path) -> None:
    """Make the passwords once, readable by us alone."""
    if path.exists():
        return
    passwords = {role: secrets.token_hex(24) for role in (SUPERUSER, OWNER, APP)}
    written = path.with_suffix(".new")
    written.unlink(missing_ok=True)
    fd = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        json.dump(passwords, file)
        file.flush()
        os.fsync(fd)
    written.rename(path)


def password(path: Path, role: str) -> str:
    """Read the password of a role."""
    if not path.exists():
        raise CredentialsMissing(f"{path} is missing; put it back from a backup.")
    return json.loads(path.read_text(encoding="ascii"))[role]


def url(path: Path, role: str, socket_folder: Path, database: str = DATABASE) -> str:
    """Build the URL of a role, in the form of libpq (PostgreSQL manual, section 34.1.1.2)."""
    return (
        f"postgresql://{role}:{password(path, role)}@/{database}?host={quote(str(socket_folder))}"
    )
