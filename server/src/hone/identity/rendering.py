"""How rows are shown that are not shown as they are."""

from collections.abc import Sequence

from hone.core.paging import Page
from hone.identity.models import SignedIn
from hone.identity.permissions import Actor
from hone.identity.schemas import SessionRead
from hone.identity.user_agents import described


def page_of_sessions(rows: Sequence[SignedIn], actor: Actor) -> Page[SessionRead]:
    """Show a person's sessions, all on one page."""
    items = [
        SessionRead(
            id=row.id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            expires_at=row.expires_at,
            address=row.address,
            user_agent=described(row.user_agent),
            method=row.method,
            current=row.id == actor.session_id,
        )
        for row in rows
    ]
    return Page[SessionRead](items=items, total=len(items), next=None)
