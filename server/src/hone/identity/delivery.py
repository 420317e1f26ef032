"""How a link reaches a person: by e-mail, on the console of `hone up`, or by their administrator."""

import base64
import sys

import msgspec

from hone.core.db import Session
from hone.core.keyring import SECRET
from hone.core.mail import Letter
from hone.identity.desk import CONSOLE, EMAIL, Desk
from hone.identity.models import Person

SEND_MAIL = "identity.send_mail"
_TEXTS = {
    "invitation": (
        "You are invited to {title}",
        "Hello {name},\n\nyou are invited to {title} on Hone. Choose a password here:\n\n{url}\n\n"
        "The link works once, for 7 days.\n",
    ),
    "reset": (
        "Set a new password for {title}",
        "Hello {name},\n\nset a new password for {title} on Hone here:\n\n{url}\n\n"
        "The link works once, for one hour. If you did not ask for it, nothing has changed.\n",
    ),
}


async def send_link(
    session: Session, desk: Desk, row: Person, url: str, purpose: str, title: str
) -> bool:
    """Send a link as far as this installation can; tell whether it is on its way by e-mail."""
    if desk.way == CONSOLE and purpose == "reset":
        # To the console and not into the log, which is kept and sent elsewhere.
        sys.stdout.write(f"\nA new password for {row.email} can be set here, within one hour:\n")
        sys.stdout.write(f"  {url}\n")
        sys.stdout.flush()
    if desk.way != EMAIL or desk.jobs is None:
        return False
    subject, text = (part.format(name=row.name, title=title, url=url) for part in _TEXTS[purpose])
    key = await desk.keyring.ensure(session, row.organization_id, SECRET)
    letter = msgspec.json.encode(Letter(row.email, " ".join(subject.split()), text))
    sealed = key.seal(letter, row.organization_id.bytes)
    arguments = {
        "organization_id": row.organization_id.hex,
        "sealed": base64.b64encode(sealed).decode(),
    }
    await desk.jobs.enqueue(session, SEND_MAIL, arguments)
    return True
