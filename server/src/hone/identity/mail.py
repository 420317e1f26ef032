"""What identity does in the background: sending e-mails, and forgetting what is over."""

import asyncio
import base64
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID

import msgspec

from hone.core import clock
from hone.core.db import Database
from hone.core.keyring import SECRET, Keyring
from hone.core.settings import Mail
from hone.identity import repository
from hone.identity.delivery import Letter

_PATIENCE: Final = 20.0
"""Seconds that a mail server may take for one answer."""
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
    await asyncio.to_thread(_send, mail, mail.host, letter)


def _send(mail: Mail, host: str, letter: Letter) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, letter.to, letter.subject
    message.set_content(letter.text)
    context = ssl.create_default_context()
    implicit = mail.tls == "implicit"
    connection = (
        smtplib.SMTP_SSL(host, mail.port, timeout=_PATIENCE, context=context)
        if implicit
        else smtplib.SMTP(host, mail.port, timeout=_PATIENCE)
    )
    with connection:
        if mail.tls == "starttls":
            connection.starttls(context=context)
        if mail.user is not None:
            secret = mail.password.get_secret_value() if mail.password else ""
            connection.login(mail.user, secret)
        connection.send_message(message)


async def forget_expired(owner: Database) -> None:
    """Delete sessions, links and failures that are long over."""
    now = clock.now()
    async with owner.transaction() as session:
        await repository.sessions.forget(session, now - _SESSIONS_KEPT)
        await repository.credentials.forget_links(session, now - _LINKS_KEPT)
        await repository.throttles.forget(session, now - _THROTTLES_KEPT)
