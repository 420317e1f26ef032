"""Queries about candidates: what a release gives traffic to under the name `NAME@canary`, as long as it lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from hone import versions
from hone.core import ids
from hone.core.db import Session

_SUFFIX: Final = versions.called("", versions.CANARY)
_LAST: Final = """
SELECT DISTINCT ON (name) name, id, state, created_at, ended_at IS NOT NULL AS over FROM releases
WHERE organization_id = :organization_id AND name = ANY(:names) ORDER BY name, id DESC
"""

_ENDS: Final = {
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "was cancelled",
    "rolled_back": "was rolled back",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """The last release of a name, of which calls of `NAME@canary` are now."""

    release: UUID
    state: str
    began: datetime
    over: bool

    @property
    def words(self) -> str:
        """Say why nobody watches it any more."""
        return f"Its release is over: {ids.public('rel', self.release)} {_ENDS[self.state]}."


Candidates = Mapping[str, Candidate]
"""By the name under which calls of them are known."""


async def candidates(
    session: Session, organization_id: UUID, models: Iterable[str | None]
) -> Candidates:
    """Find the releases of those of some models that are candidates."""
    names = sorted({each.removesuffix(_SUFFIX) for each in models if each and _is(each)})
    if not names:
        return {}
    values = {"organization_id": organization_id, "names": names}
    rows = await session.execute(text(_LAST), values)
    return {
        f"{row.name}{_SUFFIX}": Candidate(row.id, row.state, row.created_at, row.over)
        for row in rows
    }


def counts(known: Candidates, model: str, at: datetime, width: timedelta) -> bool:
    """Tell whether sums of a stretch of time are of what a model is now, not of a candidate before."""
    candidate = known.get(model)
    return candidate is None or (not candidate.over and at + width > candidate.began)


def _is(model: str) -> bool:
    return model.endswith(_SUFFIX)
