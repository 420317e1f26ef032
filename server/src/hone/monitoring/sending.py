"""How a message leaves: by e-mail, to Slack, or to a webhook that can tell that it is from us.

Webhooks are signed as the Standard Webhooks specification says (standardwebhooks.com): `webhook-id` is
the same at each try, `webhook-signature` covers id, time and body. What a channel may reach was decided
when it was made; each connection is held to that, as those to providers are.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from hone.core import ids
from hone.core.db import Session
from hone.core.keyring import SECRET, Keyring
from hone.core.mail import Letter, send
from hone.core.settings import Settings
from hone.llm.probe import Probed, Step, probe
from hone.monitoring.errors import NoMailServer
from hone.monitoring.models import AlertChannel

_MARK: Final = "whsec_"
_SECRET_BYTES: Final = 24
_WORDS: Final = {
    "host_unknown": "The host cannot be resolved.",
    "address_refused": "The host is not on the public internet, and may not be reached.",
    "connection_refused": "The connection was refused.",
    "unreachable": "The host cannot be reached.",
    "timeout": "It took longer than five seconds.",
    "certificate": "The certificate of the host is not valid.",
    "not_encrypted": "The host does not speak TLS.",
    "cut": "The connection was cut.",
    "too_large": "The answer was too large.",
}


class Secrets(msgspec.Struct, frozen=True):
    """What of a channel is sealed."""

    url: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message on its way."""

    id: str
    at: datetime
    said: dict[str, Any]
    maybe_twice: bool = False


class Undelivered(Exception):
    """A message did not arrive; its text says why, in plain words."""

    def __init__(self, words: str, *, maybe: bool = False) -> None:
        super().__init__(words)
        self.maybe = maybe
        """It left, and nothing was heard: it may have arrived."""


def new_secret() -> str:
    """Make the secret of a webhook."""
    return _MARK + base64.b64encode(os.urandom(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Sign a message: `v1,` and the HMAC-SHA256 of `id.seconds.body` in base64."""
    key = base64.b64decode(secret.removeprefix(_MARK))
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


async def seal(session: Session, ring: Keyring, row: AlertChannel, secrets: Secrets) -> bytes:
    """Seal what of a channel is secret."""
    key = await ring.ensure(session, row.organization_id, SECRET)
    return key.seal(msgspec.json.encode(secrets), row.id.bytes)


async def opened(session: Session, ring: Keyring, row: AlertChannel) -> Secrets | None:
    """Open what `seal` sealed; None for a channel that has no secrets."""
    if row.sealed is None:
        return None
    key = await ring.ensure(session, row.organization_id, SECRET)
    return msgspec.json.decode(key.unseal(row.sealed, row.id.bytes), type=Secrets)


async def deliver(
    settings: Settings, row: AlertChannel, secrets: Secrets | None, envelope: Envelope
) -> None:
    """Send one message; raise `Undelivered` where it did not arrive."""
    if secrets is None:
        await _mail(settings, row, envelope)
        return
    body = _slack(settings, envelope) if row.kind == "slack" else _hook(settings, envelope)
    headers: tuple[tuple[str, str], ...] = ()
    if secrets.secret is not None:
        headers = (
            ("webhook-id", envelope.id),
            ("webhook-timestamp", str(int(envelope.at.timestamp()))),
            ("webhook-signature", signature(secrets.secret, envelope.id, envelope.at, body)),
        )
    found = await probe(secrets.url, headers, tuple(row.networks), body=body)
    if found.fault is not None:
        raise Undelivered(_WORDS[found.fault.value], maybe=found.failed is Step.ANSWER)
    if not 200 <= found.status < 300:
        raise Undelivered(_refused(found))


def _refused(found: Probed) -> str:
    said = found.body[:200].decode("utf-8", "replace").strip()
    return f"It answered {found.status}{f': {said}' if said else ''}."


async def _mail(settings: Settings, row: AlertChannel, envelope: Envelope) -> None:
    if settings.mail.host is None:
        raise Undelivered(NoMailServer().message)
    if not row.recipients:
        raise Undelivered("Nobody is named whom it could be sent to.")
    letter = Letter(row.recipients[0], _line(envelope.said["subject"]), _text(settings, envelope))
    domain = settings.mail.sender.rpartition("@")[2] or "localhost"
    try:
        await asyncio.to_thread(
            send,
            settings.mail,
            letter,
            also=row.recipients[1:],
            message_id=f"<{envelope.id}@{domain}>",
        )
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(f"The mail server did not take it: {error}"[:300]) from error


def _text(settings: Settings, envelope: Envelope) -> str:
    said = envelope.said
    parts = [said["words"], said["recommendation"], _twice(envelope), _link(settings, said)]
    return "\n\n".join(each for each in parts if each) + "\n"


def _slack(settings: Settings, envelope: Envelope) -> bytes:
    said = envelope.said
    parts = [f"*{_escaped(said['subject'])}*", _escaped(said["words"])]
    parts += [_escaped(said["recommendation"]), _twice(envelope), _link(settings, said)]
    return msgspec.json.encode({"text": "\n".join(each for each in parts if each)})


def _escaped(words: str) -> str:
    """Write words so that Slack reads no mark-up into them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _hook(settings: Settings, envelope: Envelope) -> bytes:
    said = envelope.said
    return msgspec.json.encode(
        {
            "type": _type(said),
            "id": envelope.id,
            "timestamp": envelope.at.isoformat(),
            "maybeTwice": envelope.maybe_twice,
            "url": _link(settings, said) or None,
            "data": {name: value for name, value in said.items() if name != "event"},
        }
    )


def _type(said: dict[str, Any]) -> str:
    """Name what a webhook hears of: `alert.opened`, or `training.finished`."""
    occasion = said.get("occasion")
    return f"alert.{said['event']}" if occasion is None else f"training.{occasion}"


def _link(settings: Settings, said: dict[str, Any]) -> str:
    alert, run = said.get("alert"), said.get("run")
    if run:
        return f"{settings.public_url}/training/{run}"
    return f"{settings.public_url}/alerts/{alert['id']}" if alert else ""


def _twice(envelope: Envelope) -> str:
    return "You may have got this before." if envelope.maybe_twice else ""


def _line(words: str) -> str:
    return " ".join(words.split())


def name_of(delivery_id: UUID) -> str:
    """Name a message, the same at each try."""
    return ids.public("msg", delivery_id)
