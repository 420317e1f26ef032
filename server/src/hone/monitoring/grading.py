"""How good a model is: excellent, good, degraded or critical, as far as what was measured can tell: pure.

Each figure is held against its objective with its interval. A model is degraded where even the better
end of an interval misses the objective, and critical where it misses by far: few calls do not make it
bad. It is excellent where even the worse end keeps every objective, so few calls do not make it that,
either. In between it is good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hone.monitoring.estimates import Estimate, percent
from hone.monitoring.schemas.metrics import ModelStatus, QualityStatus, SystemHealth

ACCURACY: Final = 0.95
ERRORS: Final = 0.001
SLOW: Final = 0.05
LATENCY_MS: Final = 2000.0
_POOR_ACCURACY: Final = 0.8
_MANY_ERRORS: Final = 0.01
_MOSTLY_SLOW: Final = 0.25
_ORDER: Final[tuple[QualityStatus, ...]] = ("critical", "degraded", "good", "excellent")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a model."""

    errors: Estimate
    """The share of calls that failed."""
    slow: Estimate
    """The share of calls that took longer than two seconds."""
    accuracy: Estimate
    """The share of judged classifications that were right."""


@dataclass(frozen=True, slots=True)
class _Grade:
    status: QualityStatus
    words: str


def grade(measured: Measured) -> ModelStatus:
    """Grade a model by its worst figure."""
    grades = _grades(measured)
    if not grades:
        return ModelStatus(
            status="unknown",
            words="No calls came, so nothing is known.",
            reasons=[],
        )
    worst = min(grades, key=lambda each: _ORDER.index(each.status))
    return ModelStatus(
        status=worst.status,
        words=f"{worst.status.capitalize()}: {worst.words}",
        reasons=[each.words for each in grades],
    )


def health(
    measured: Measured, recommendations: Sequence[str], open_: dict[str, int]
) -> SystemHealth:
    """Tell how everything is: by the grade, and by what is open of alerts."""
    status = grade(measured)
    issues = [each.words for each in _grades(measured) if each.status in {"degraded", "critical"}]
    score = {"excellent": 100, "good": 90, "unknown": 100, "degraded": 60, "critical": 30}[
        status.status
    ]
    score = max(0, score - 15 * open_.get("critical", 0) - 5 * open_.get("warning", 0))
    alerts = open_.get("critical", 0) + open_.get("warning", 0)
    if alerts:
        issues.append(f"{alerts} alert{'s are' if alerts > 1 else ' is'} open.")
    told = "unhealthy" if status.status == "critical" or open_.get("critical") else "degraded"
    calm = status.status not in {"degraded", "critical"} and not alerts
    return SystemHealth(
        status="healthy" if calm else told,
        score=score,
        issues=issues,
        recommendations=list(dict.fromkeys([*recommendations, *_advice(measured)])),
    )


def _grades(measured: Measured) -> list[_Grade]:
    made = [
        _less(measured.errors, ERRORS, _MANY_ERRORS, "of the calls failed"),
        _less(
            measured.slow, SLOW, _MOSTLY_SLOW, f"of the calls took longer than {LATENCY_MS:g} ms"
        ),
        _accuracy(measured.accuracy),
    ]
    return [each for each in made if each is not None]


def _less(found: Estimate, most: float, poor: float, what: str) -> _Grade | None:
    if found.value is None or found.low is None or found.high is None:
        return None
    words = f"{percent(found.value)} {what} ({_between(found)}); {percent(most)} is the most."
    if found.low > poor:
        return _Grade("critical", words)
    if found.low > most:
        return _Grade("degraded", words)
    return _Grade("excellent" if found.high <= most else "good", words)


def _accuracy(found: Estimate) -> _Grade | None:
    if found.value is None or found.low is None or found.high is None:
        return None
    words = (
        f"{percent(found.value)} of {found.n:,} judged answers were right ({_between(found)});"
        f" {percent(ACCURACY)} is wanted."
    )
    if found.high < _POOR_ACCURACY:
        return _Grade("critical", words)
    if found.high < ACCURACY:
        return _Grade("degraded", words)
    return _Grade("excellent" if found.low >= ACCURACY else "good", words)


def _between(found: Estimate) -> str:
    return f"95 %: {percent(found.low)} to {percent(found.high)}"


def _advice(measured: Measured) -> list[str]:
    made: list[str] = []
    accuracy = measured.accuracy
    if accuracy.high is not None and accuracy.high < ACCURACY:
        made.append("Retrain on the corrections, or roll back to the version before.")
    if measured.errors.low is not None and measured.errors.low > ERRORS:
        made.append("See Error patterns; add a fallback to the route that fails.")
    if measured.slow.low is not None and measured.slow.low > SLOW:
        made.append("Let the route choose by response time, or set shorter deadlines.")
    if accuracy.n == 0:
        made.append("Collect feedback: nobody judged an answer, so accuracy is not known.")
    return made
