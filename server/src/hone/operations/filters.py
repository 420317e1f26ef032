"""Which operations are meant: one plain value, from a URL or a stored rule to SQL conditions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from hone.core import ids
from hone.operations.models import Operation

PICO: Final = 10**12
"""Money is stored in pico-dollars."""
SEARCH_DAYS: Final = 31
"""A text search reads at most so many days, since no index can answer it."""
SEARCH_DEFAULT: Final = timedelta(days=7)

_SEARCHED: Final = (
    Operation.external_id,
    Operation.model,
    Operation.route,
    Operation.user_id,
    Operation.conversation_id,
    Operation.error_code,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an operation must be like; what is empty or None does not matter.

    Of several values in one tuple any may hold; all that is given must hold together.
    """

    models: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    error_codes: tuple[str, ...] = ()
    key_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    text: str | None = None
    """Part of an id, model, route, user, conversation or error code, in any case."""
    min_cost: int | None = None
    """Pico-dollars."""
    min_latency_ms: float | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Write the conditions; the organization is the caller's to add."""
        return [*self._among(), *self._bounds(), *self._search()]

    def _among(self) -> list[ColumnElement[bool]]:
        columns = (
            (Operation.model, self.models),
            (Operation.status, self.statuses),
            (Operation.kind, self.kinds),
            (Operation.route, self.routes),
            (Operation.user_id, self.users),
            (Operation.conversation_id, self.conversations),
            (Operation.error_code, self.error_codes),
        )
        return [column.in_(values) for column, values in columns if values]

    def _bounds(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.since is not None:
            conditions.append(Operation.created_at >= self.since)
        if self.until is not None:
            conditions.append(Operation.created_at < self.until)
        if self.key_id is not None:
            conditions.append(Operation.key_id == self.key_id)
        if self.min_cost is not None:
            conditions.append(Operation.cost >= self.min_cost)
        if self.min_latency_ms is not None:
            conditions.append(Operation.latency_ms >= self.min_latency_ms)
        return conditions

    def _search(self) -> list[ColumnElement[bool]]:
        if self.text is None:
            return []
        found = [column.icontains(self.text, autoescape=True) for column in _SEARCHED]
        named = ids.parse("op", self.text)
        if named is not None:
            found.append(at(named))
        return [or_(*found)]


def moment_of(operation_id: UUID) -> datetime | None:
    """Tell when an id was made; None for one that no clock can have made."""
    try:
        return ids.created_at(operation_id)
    except (ValueError, OverflowError):
        return None


def at(operation_id: UUID) -> ColumnElement[bool]:
    """Find an operation by its id, straight in the partition that the id tells."""
    return and_(Operation.created_at == moment_of(operation_id), Operation.id == operation_id)
