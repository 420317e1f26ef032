"""What a write changes, field by field; of a secret it is only told that it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after."""

    field: str
    before: object
    after: object


def difference(
    before: Mapping[str, object] | None, after: Mapping[str, object]
) -> tuple[Change, ...]:
    """List the fields that differ; of something new, those that say anything."""
    return tuple(
        Change(name, None if before is None else before.get(name), value)
        for name, value in after.items()
        if (before.get(name) != value if before is not None else value not in (None, [], {}))
    )


def told(changes: Iterable[Change], *, new: bool) -> dict[str, object]:
    """Say in an event what changed."""
    changes = tuple(changes)
    data: dict[str, object] = {"after": {each.field: each.after for each in changes}}
    if not new:
        data["before"] = {each.field: each.before for each in changes}
    return data
