"""Letters that leave by the configured mail server (RFC 5321)."""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Final

import msgspec

from hone.core.settings import Mail

_PATIENCE: Final = 20.0
"""Seconds that a mail server may take for one answer."""


class Letter(msgspec.Struct, frozen=True):
    """An e-mail to send."""

    to: str
    subject: str
    text: str


def send(
    mail: Mail, letter: Letter, *, also: Sequence[str] = (), message_id: str | None = None
) -> None:
    """Send a letter, maybe to several; raise what the mail server says. It waits: run it in a thread.

    The same `message_id` again is the same letter: who reads mail sees it once.
    """
    assert mail.host is not None
    message = EmailMessage()
    message["From"], message["Subject"] = mail.sender, letter.subject
    message["To"] = ", ".join([letter.to, *also])
    if message_id is not None:
        message["Message-ID"] = message_id
    message.set_content(letter.text)
    context = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=_PATIENCE, context=context)
        if mail.tls == "implicit"
        else smtplib.SMTP(mail.host, mail.port, timeout=_PATIENCE)
    )
    with connection:
        if mail.tls == "starttls":
            connection.starttls(context=context)
        if mail.user is not None:
            secret = mail.password.get_secret_value() if mail.password else ""
            connection.login(mail.user, secret)
        connection.send_message(message)
