"""Which operations are meant: one plain value, from a URL or a stored rule to SQL conditions."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, column, func, literal, or_, select, table

from hone.core import ids
from hone.gateway import SHADOW
from hone.operations.models import Operation

PICO: Final = 10**12
"""Money is stored in pico-dollars."""

_SEARCHED: Final = (
    Operation.external_id,
    Operation.model,
    Operation.route,
    Operation.user_id,
    Operation.conversation_id,
    Operation.error_code,
)


class Stretch(NamedTuple):
    """A stretch of time; its end is not included."""

    since: datetime
    until: datetime


_FACETS: Final = ("models", "statuses", "kinds", "routes", "error_codes")


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
    batch_id: UUID | None = None
    split_id: UUID | None = None
    """The experiment or release that split the traffic."""
    arms: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    text: str | None = None
    """Part of an id, model, route, user, conversation or error code, in any case."""
    min_cost: int | None = None
    """Pico-dollars."""
    min_latency_ms: float | None = None
    met: bool = False
    """Calls whose answers somebody met: no copies for a release that is tried unseen."""

    @property
    def facets(self) -> dict[str, tuple[str, ...]]:
        """Name the values that are counted by the hour, by field."""
        fields = {
            "model": self.models,
            "status": self.statuses,
            "kind": self.kinds,
            "route": self.routes,
            "error_code": self.error_codes,
            "key": () if self.key_id is None else (str(self.key_id),),
        }
        return {field: values for field, values in fields.items() if values}

    @property
    def direct(self) -> bool:
        """Tell whether an index finds what is meant without walking through time."""
        named = self.text is not None and ids.parse("op", self.text) is not None
        return bool(self.users or self.conversations or self.batch_id or self.split_id) or named

    @property
    def empty(self) -> bool:
        """Tell whether everything is meant, of any time or between two moments."""
        uncounted = (self.text, self.min_cost, self.min_latency_ms)
        fields = (self.facets, self.users, self.conversations, self.batch_id, self.split_id)
        return not (any(fields) or self.arms) and all(each is None for each in uncounted)

    @property
    def counted(self) -> bool:
        """Tell whether the counts of hours say exactly how many match."""
        rest = replace(self, **dict.fromkeys(_FACETS, ()), key_id=None)
        return rest.empty and not self.met and len(self.facets) <= 1

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
            (Operation.arm, self.arms),
        )
        conditions: list[ColumnElement[bool]] = [
            column.in_(values) for column, values in columns if values
        ]
        if self.error_codes or (self.statuses and "success" not in self.statuses):
            # Implied by what was asked, and what a small index holds.
            conditions.append(Operation.status != "success")
        if self.met:
            conditions.append(Operation.arm.is_distinct_from(SHADOW))
        return conditions

    def _bounds(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.since is not None:
            conditions.append(Operation.created_at >= self.since)
        if self.until is not None:
            conditions.append(Operation.created_at < self.until)
        if self.key_id is not None:
            conditions.append(Operation.key_id == self.key_id)
        if self.batch_id is not None:
            conditions.append(Operation.batch_id == self.batch_id)
        if self.split_id is not None:
            conditions.append(_of_split(self.split_id))
        if self.min_cost is not None:
            conditions.append(Operation.cost >= self.min_cost)
        if self.min_latency_ms is not None:
            conditions.append(Operation.latency_ms >= self.min_latency_ms)
        return conditions

    def _search(self) -> list[ColumnElement[bool]]:
        if self.text is None:
            return []
        named = ids.parse("op", self.text)
        if named is not None:
            return [at(named)]
        return [or_(*(column.icontains(self.text, autoescape=True) for column in _SEARCHED))]


def _of_split(split_id: UUID) -> ColumnElement[bool]:
    """Find the calls of an experiment, or of all steps of a release: each of these is a split."""
    releases = table("releases", column("id"), column("splits"))
    steps = select(func.unnest(releases.c.splits)).where(releases.c.id == split_id)
    every = select(literal(split_id)).union(steps)
    return Operation.split_id == any_(func.array(every.scalar_subquery()))


def moment_of(operation_id: UUID) -> datetime | None:
    """Tell when an id was made; None for one that no clock can have made."""
    try:
        return ids.created_at(operation_id)
    except (ValueError, OverflowError):
        return None


def at(operation_id: UUID) -> ColumnElement[bool]:
    """Find an operation by its id, straight in the partition that the id tells."""
    return and_(Operation.created_at == moment_of(operation_id), Operation.id == operation_id)
