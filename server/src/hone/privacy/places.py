"""One place where something of somebody lies: found, counted and erased by one condition."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from hone.core.db import Session

COUNTED: Final = 10_000
BATCH: Final = 500
OURS: Final = "organization_id = :organization"


@dataclass(frozen=True, slots=True)
class Trace:
    """One place: the rows of a table that a condition finds, and what becomes of them."""

    name: str
    table: str
    where: str
    key: str = "id"
    change: str | None = None
    """What is set; None: the rows are deleted."""
    whose: str = OURS

    async def count(self, session: Session, names: dict[str, Any]) -> int | None:
        """Count the rows; None beyond what is counted."""
        rows = f"SELECT FROM {self.table} WHERE {self._found()} LIMIT {COUNTED + 1}"
        found = await session.scalar(text(f"SELECT count(*) FROM ({rows}) AS found"), names)
        number = int(found or 0)
        return number if number <= COUNTED else None

    async def erase(self, session: Session, names: dict[str, Any]) -> int:
        """Erase a batch and return how many rows; as the owner."""
        rows = f"SELECT {self.key} FROM {self.table} WHERE {self._found()} LIMIT {BATCH}"
        verb = (
            f"UPDATE {self.table} SET {self.change}" if self.change else f"DELETE FROM {self.table}"
        )
        done = await session.execute(
            text(f"{verb} WHERE ({self.key}) IN ({rows}) RETURNING 1"), names
        )
        return len(done.all())

    def _found(self) -> str:
        return f"{self.whose} AND {self.where}"
