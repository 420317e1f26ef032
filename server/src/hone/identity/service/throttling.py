"""How often somebody may try: free at first, then ever longer pauses, whatever process they ask.

A try is counted before the password is compared, so that many at once gain nothing. What is counted
by is an e-mail address and a network address, each as a digest. An office shares a network address,
so that one has more tries.
"""

from datetime import datetime, timedelta
from typing import Final

from hone.core import clock
from hone.core.db import Session
from hone.identity import repository
from hone.identity.desk import Desk
from hone.identity.errors import SignInLocked

FREE: Final = 5
FREE_OF_NETWORK: Final = 20
LONGEST_SECONDS: Final = 900
FORGOTTEN_AFTER: Final = timedelta(hours=1)


async def take(desk: Desk, email: str, address: str) -> int:
    """Count a try and tell how many have failed in a row; raise `SignInLocked` while none may."""
    async with desk.database.transaction() as session:
        await _take(session, of_network(desk, address), FREE_OF_NETWORK)
        return await _take(session, of_email(desk, email), FREE)


async def forgive(session: Session, desk: Desk, email: str, address: str) -> None:
    """Forget the failures of an e-mail address whose password was right."""
    await repository.throttles.clear(session, of_email(desk, email))
    await repository.throttles.refund(session, of_network(desk, address))


def of_email(desk: Desk, email: str) -> bytes:
    """Name an e-mail address without telling it."""
    return desk.tokens.digest(f"email {email.strip().lower()}")


def of_network(desk: Desk, address: str) -> bytes:
    """Name a network address without telling it."""
    return desk.tokens.digest(f"address {address}")


async def _take(session: Session, digest: bytes, free: int) -> int:
    now = clock.now()
    stale = now - FORGOTTEN_AFTER
    taken = await repository.throttles.take(session, digest, now, stale, free, LONGEST_SECONDS)
    if isinstance(taken, datetime):
        raise SignInLocked(taken, (taken - now).total_seconds())
    return taken
