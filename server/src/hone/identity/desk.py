"""What signing in works with. Whoever comes to the desk is in no organization yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from hone.core.db import Database
from hone.core.jobs import Jobs
from hone.core.keyring import Keyring
from hone.core.tokens import Tokens
from hone.identity.passwords import Hasher

Way = Literal["email", "console", "administrator"]
EMAIL: Final = "email"
CONSOLE: Final = "console"
ADMINISTRATOR: Final = "administrator"


def tokens(keyring: Keyring) -> Tokens:
    """Sign with the keys of a keyring."""
    return Tokens(lambda: [master.secret for master in keyring.masters])


def _nobody(_: str) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request comes from, for the list of sessions and the trail."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of one process."""

    database: Database
    keyring: Keyring
    tokens: Tokens
    hasher: Hasher = field(default_factory=Hasher)
    count: Callable[[str], None] = _nobody
    """Counts a sign-in by its outcome."""
    public_url: str = ""
    """Where people reach the dashboard: what links begin with."""
    way: Way = ADMINISTRATOR
    """How a link to a new password reaches whoever asks for it."""
    jobs: Jobs | None = None
    """Where e-mails are put; needed where that is the way."""
