"""Passwords: which are too weak, and argon2id in threads that cannot fill the machine.

One hash takes 19 MiB and about 30 ms (the OWASP Password Storage Cheat Sheet's parameters). So few
are computed at once in a process, and few may wait: who floods sign-in slows sign-in, not the rest.
"""

import asyncio
import base64
from collections.abc import Callable
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hone.identity.errors import PasswordWeak, SignInBusy
from hone.identity.guessable import is_guessable

T = TypeVar("T")

SHORTEST: Final = 12
LONGEST: Final = 512
_AT_ONCE: Final = 2
_WAITING: Final = 32
_ARGON: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _encoded(length: int) -> str:
    return base64.b64encode(bytes(length)).rstrip(b"=").decode()


_NOBODYS: Final = f"$argon2id$v=19$m={19 * 1024},t=2,p=1${_encoded(16)}${_encoded(32)}"
"""What the password of an unknown address is compared with; nothing is known that fits it."""


class Hasher:
    """Hashes and compares passwords for one process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Hash a password."""
        return await self._work(_ARGON.hash, password)

    async def fits(self, made: str | None, password: str) -> bool:
        """Tell whether a password fits a hash; without one it takes as long and never does."""
        fits = await self._work(_fits, made or _NOBODYS, password)
        return fits and made is not None

    def outdated(self, made: str) -> bool:
        """Tell whether a hash was made with other parameters than a new one is."""
        return _ARGON.check_needs_rehash(made)

    async def _work(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= _WAITING:
            raise SignInBusy
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(work, *arguments)
        finally:
            self._waiting -= 1


def _fits(made: str, password: str) -> bool:
    try:
        return _ARGON.verify(made, password)
    except (VerificationError, InvalidHashError):
        return False


def refuse_weak(password: str, email: str, param: str = "password") -> None:
    """Raise `PasswordWeak`, which says what rule a password breaks."""
    if len(password) < SHORTEST:
        raise PasswordWeak(f"A password has at least {SHORTEST} characters.", param=param)
    plain = password.lower()
    address = email.lower()
    if plain in {address, address.partition("@")[0]}:
        raise PasswordWeak("A password is not your e-mail address.", param=param)
    if is_guessable(password):
        raise PasswordWeak(
            "Common words, years and rows of keys alone are tried first; add something of your own.",
            param=param,
        )
