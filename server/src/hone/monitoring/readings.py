"""What a measurement finds: a figure with its interval, words for it, and trouble if there is any."""

from dataclasses import dataclass, field
from typing import Any

from hone.monitoring.estimates import NOTHING, Estimate
from hone.monitoring.schemas.alerts import Severity


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why somebody should look."""

    severity: Severity
    title: str
    words: str
    recommendation: str
    evidence: dict[str, Any] = field(default_factory=dict[str, Any])
    what: str = ""
    """Sets causes of one monitor and slice apart."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one monitor measured of everything, or of one model or route."""

    words: str
    estimate: Estimate = NOTHING
    slice: str = ""
    troubles: tuple[Trouble, ...] = ()
    no_data: bool = False
    still: bool = False
    """Nothing was measured this time: what was found before stays as it is."""
    detail: dict[str, Any] = field(default_factory=dict[str, Any])
