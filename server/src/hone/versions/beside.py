"""Two versions side by side: what differs of their figures, classes, slices and labels. Pure."""

from collections.abc import Mapping
from typing import Any

from hone.versions import evidence, rendering
from hone.versions.evidence import number
from hone.versions.models import ModelVersion
from hone.versions.rendering import Standing
from hone.versions.schemas import FigureDifference, VersionComparison


def compare(a: ModelVersion, b: ModelVersion, standing: Standing) -> VersionComparison:
    """Set one version beside another."""
    return VersionComparison(
        a=rendering.version(a, standing),
        b=rendering.version(b, standing),
        figures=_figures(a.card, b.card),
        per_class=_largest(evidence.f1_by_label(a.card), evidence.f1_by_label(b.card)),
        slices=_largest(evidence.slices(a.card), evidence.slices(b.card)),
        labels_added=sorted(set(b.labels) - set(a.labels)),
        labels_gone=sorted(set(a.labels) - set(b.labels)),
        same_data=a.dataset_digest is not None and a.dataset_digest == b.dataset_digest,
        paired=_paired(a, b),
    )


def _figures(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[FigureDifference]:
    of_a, of_b = evidence.test_figures(a), evidence.test_figures(b)
    named = list(dict.fromkeys([*of_a, *of_b]))
    rows = [_row(each, number(of_a.get(each)), number(of_b.get(each))) for each in named]
    rows += [
        _row("latencyP50Ms", evidence.latency(a, "p50"), evidence.latency(b, "p50")),
        _row("latencyP95Ms", evidence.latency(a, "p95"), evidence.latency(b, "p95")),
        _row("size", number(a.get("size")), number(b.get("size"))),
    ]
    return [each for each in rows if each.a is not None or each.b is not None]


def _largest(a: Mapping[str, float], b: Mapping[str, float]) -> list[FigureDifference]:
    rows = [_row(each, a.get(each), b.get(each)) for each in dict.fromkeys([*a, *b])]
    return sorted(rows, key=lambda each: (-abs(each.difference or 0.0), each.name))


def _row(name: str, a: float | None, b: float | None) -> FigureDifference:
    between = None if a is None or b is None else round(b - a, 6)
    return FigureDifference(name=name, a=a, b=b, difference=between)


def _paired(a: ModelVersion, b: ModelVersion) -> dict[str, Any] | None:
    """Return the test on the same examples, where one was compared with the other."""
    if b.champion_id == a.id:
        return b.comparison
    return a.comparison if a.champion_id == b.id else None
