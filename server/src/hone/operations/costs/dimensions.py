"""By what costs are added up, and whether sums are kept of it."""

import re
from dataclasses import dataclass, replace
from typing import Final

from hone.operations.filters import Filters

SUMMED: Final = ("model", "provider", "route", "key", "person", "team", "kind", "status", "stream")
"""What sums are kept of, or what follows from it."""
SINGLE: Final = ("user", "conversation")
METADATA: Final = "metadata."
COLUMNS: Final = {
    "model": ("model",),
    "provider": ("provider",),
    "route": ("route",),
    "key": ("key_id",),
    "person": ("key_id", "person_id"),
    "team": ("key_id", "person_id"),
    "kind": ("kind",),
    "status": ("status",),
    "stream": ("stream",),
    "user": ("user_id",),
    "conversation": ("conversation_id",),
}
"""Which columns tell it."""
_NAME: Final = re.compile(r"metadata\.[^\x00]{1,64}")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of them."""

    name: str

    @property
    def key(self) -> str | None:
        """Return the key of the metadata; None for what is no metadata."""
        return self.name.removeprefix(METADATA) if self.name.startswith(METADATA) else None

    @property
    def summed(self) -> bool:
        """Tell whether sums are kept of it."""
        return self.name in SUMMED

    @property
    def overlaps(self) -> bool:
        """Tell whether one call may count for several of its values."""
        return self.name == "team"


def known(name: str) -> str:
    """Check the name of a dimension."""
    if name in COLUMNS or _NAME.fullmatch(name):
        return name
    raise ValueError(f"must be one of {', '.join(COLUMNS)}, or metadata. and a key of yours")


def summed(filters: Filters) -> bool:
    """Tell whether sums are kept of all that is filtered by."""
    none: tuple[str, ...] = ()
    rest = replace(filters, models=none, statuses=none, kinds=none, routes=none, key_id=None)
    return rest.empty
