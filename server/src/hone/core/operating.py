"""The person at the command line, as their operating system names them."""

import contextlib
import getpass
from contextvars import ContextVar

USER: ContextVar[str | None] = ContextVar("hone_operating_user", default=None)
"""Set while a command works; an event that is published meanwhile names it."""


def name() -> str | None:
    """Name the user whose command this is; None where the system does not know."""
    with contextlib.suppress(KeyError, OSError):
        return getpass.getuser()
    return None
