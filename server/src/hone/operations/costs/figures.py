"""What calls add up to, as Costs counts it: pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(slots=True)
class Sums:
    """Sums of some calls; money in pico-dollars."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost: int = 0
    estimated_cost: int = 0
    """Of the cost, what rests on estimated tokens."""
    revenue: int = 0
    earning: int = 0
    """Calls that say what they earned."""

    def add(self, other: "Sums") -> None:
        """Add up, in place."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))


NAMES = tuple(each.name for each in fields(Sums))


def total(parts: Iterable[Sums]) -> Sums:
    """Add everything up."""
    made = Sums()
    for part in parts:
        made.add(part)
    return made
