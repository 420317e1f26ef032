"""What may be wrong with examples: near-duplicates, wrong labels, leaks between splits, outliers.

Everything is found by what examples have in common with others, in time that grows with their number and not
with its square.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    kind: str
    ids: Sequence[str]
    score: float
    """How sure it is, from 0 to 1."""
    suggestion: str
    reason: str
    label: str | None = None

    def line(self) -> Mapping[str, Any]:
        """Return it as it is written."""
        return {
            "kind": self.kind,
            "ids": list(self.ids),
            "score": round(float(self.score), 4),
            "suggestion": self.suggestion,
            "label": self.label,
            "reason": self.reason,
        }
