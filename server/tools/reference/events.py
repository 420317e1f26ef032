"""Events: what the audit trail records."""

import re
from pathlib import Path
from typing import Final

import hone
from tools.reference.markdown import Undocumented, code, page, table

_SOURCE: Final = Path(hone.__file__).parent
_NOUNS: Final = [
    "audit",
    "organization",
    "person",
    "session",
    "sign_in",
    "key",
    "team",
    "oidc_provider",
    "provider",
    "model",
    "price",
    "route",
    "limit",
    "view",
    "backup",
    "erasure",
    "retention",
    "chain",
    "data_key",
]
_NAME: Final = re.compile(rf'"((?:{"|".join(_NOUNS)})\.[a-z_]+)"')

_JOBS: Final = {"audit.verify_all", "audit.verify_chain"}
"""Jobs are called like events."""

MEANINGS: Final[dict[str, str]] = {
    "audit.verification_started": "A walk along the trail was begun.",
    "backup.written": "A backup of everything was written.",
    "retention.applied": "A night's run deleted what was due: how much of each kind.",
    "retention.updated": "How long kinds of data are kept was changed.",
    "erasure.begun": "The erasure of a person or an end user was begun; it does not say whose.",
    "erasure.finished": "An erasure was finished: how much of each kind went.",
    "key.created": "An API key was made.",
    "key.revoked": "An API key was revoked.",
    "price.corrected": "A price was said to have been another from a moment in the past on.",
    "price.rerated": "What calls cost was reckoned anew: how many, and what they cost before and after, in pico-dollars.",
    "limit.created": "A limit was set.",
    "limit.deleted": "A limit was taken away.",
    "limit.reached": "50, 80 or 100 % of a daily or monthly limit are used; at 100 also when a call was refused. Once for each window and step.",
    "limit.updated": "A limit was changed.",
    "model.created": "A model was added.",
    "model.deleted": "A model was deleted.",
    "model.updated": "A model or its price was changed.",
    "organization.created": "The organization was made.",
    "organization.updated": "The organization, or what it keeps, was changed.",
    "person.created": "A person was added.",
    "person.deactivated": "A person was deactivated; their keys and sessions ended.",
    "provider.created": "A provider was added.",
    "provider.deleted": "A provider was deleted.",
    "provider.updated": "A provider was changed; of a credential only that it was.",
    "route.created": "A route was added.",
    "route.deleted": "A route was deleted.",
    "route.updated": "A route was changed.",
    "oidc_provider.created": "A way to sign in with OpenID Connect was added.",
    "oidc_provider.deleted": "A way to sign in with OpenID Connect was deleted.",
    "oidc_provider.updated": "A way to sign in with OpenID Connect was changed; of its secret only that it was.",
    "person.invited": "A person was invited, or the invitation renewed or withdrawn.",
    "person.joined": "A person accepted the invitation and set a password.",
    "person.linked": "A person signed in with an identity provider for the first time.",
    "person.password_changed": "A person set another password; their other sessions ended.",
    "person.password_link_made": "Somebody made a link by which a person sets a new password.",
    "person.reactivated": "A person was let in again.",
    "person.updated": "A person's name or role was changed.",
    "session.ended": "A session was ended.",
    "session.reused": "A token that was replaced before was used again; the whole session was ended.",
    "session.started": "A person signed in.",
    "sign_in.failed": "A sign-in of a known person failed.",
    "team.created": "A team was formed.",
    "team.deleted": "A team was dissolved.",
    "team.member_added": "A person joined a team.",
    "team.member_removed": "A person left a team.",
    "team.updated": "A team was renamed.",
    "view.created": "A view of the operations was saved.",
    "view.deleted": "A saved view was deleted.",
    "view.updated": "A saved view was changed.",
    "audit.chain_broken": "A walk along the trail found a place that does not hold.",
}
"""What each event says; a name that the code publishes and that is not here fails a test."""


def published() -> set[str]:
    """Find the names of events in the code."""
    return {
        name
        for file in _SOURCE.rglob("*.py")
        for name in _NAME.findall(file.read_text(encoding="utf-8"))
    } - _JOBS


def events_page() -> str:
    """Write the page."""
    names = published()
    if missing := names - set(MEANINGS):
        raise Undocumented(f"events without a meaning: {sorted(missing)}")
    if stale := set(MEANINGS) - names:
        raise Undocumented(f"meanings of events that nobody publishes: {sorted(stale)}")
    return page(
        "Events",
        "A change and its event are written in one transaction. An event says what happened to what, "
        "by whom, and what was there before and after; its place in the organization's chain makes "
        "a later change of the trail visible (`hone audit verify`). Personal facts lie beside it, "
        "sealed under a key of that person, so that they can be erased.",
        table(["event", "meaning"], [[code(name), MEANINGS[name]] for name in sorted(names)]),
    )
