"""What identity does in the background: sending e-mails, and forgetting what is over."""

import asyncio
import base64
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from hone.core import clock
from hone.core.db import Database
from hone.core.keyring import SECRET, Keyring
from hone.core.mail import Letter, send
from hone.core.settings import Mail
from hone.identity import repository

_SESSIONS_KEPT: Final = timedelta(days=90)
_LINKS_KEPT: Final = timedelta(days=30)
_THROTTLES_KEPT: Final = timedelta(days=1)


async def send_mail(
    database: Database, keyring: Keyring, mail: Mail, organization_id: UUID, sealed: str
) -> None:
    """Send a letter that was sealed for its organization; raise what the mail server says."""
    async with database.transaction(organization_id) as session:
        key = await keyring.find(session, organization_id, SECRET)
    if key is None or mail.host is None:
        return
    letter = msgspec.json.decode(
        key.unseal(base64.b64decode(sealed), organization_id.bytes), type=Letter
    )
    await asyncio.to_thread(send, mail, letter)


async def forget_expired(owner: Database) -> None:
    """Delete sessions, links and failures that are long over."""
    now = clock.now()
    async with owner.transaction() as session:
        await repository.sessions.forget(session, now - _SESSIONS_KEPT)
        await repository.credentials.forget_links(session, now - _LINKS_KEPT)
        await repository.throttles.forget(session, now - _THROTTLES_KEPT)
