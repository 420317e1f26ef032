"""Facts as the API tells them: pure."""

from collections.abc import Mapping, Sequence

from hone import operations
from hone.feedback import FeedbackClassification, FeedbackShare
from hone.monitoring import grading
from hone.monitoring.assessing import Facts
from hone.monitoring.estimates import Estimate, share
from hone.monitoring.grading import Measured
from hone.monitoring.schemas.metrics import (
    ClassificationMetrics,
    ClassMetrics,
    CostMetrics,
    MetricEstimate,
    MetricShare,
    MetricsOf,
    ModelMetrics,
    PerformanceMetrics,
    SentimentMetrics,
    SuggestionMetrics,
)
from hone.operations import Cell, Sums


def metrics(facts: Facts, kinds: Mapping[str, int]) -> MetricsOf:
    """Show all metrics; `kinds` counts calls by what they were for."""
    said = facts.said
    return MetricsOf(
        classification=_classification(said.classification, facts, kinds),
        suggestion=_suggestion(facts, kinds),
        sentiment=_sentiment(facts, kinds),
        cost=cost(facts.sums),
        performance=performance(facts.sums, facts.measured),
    )


def _classification(
    said: FeedbackClassification, facts: Facts, kinds: Mapping[str, int]
) -> ClassificationMetrics:
    sure = facts.confidence
    accuracy = facts.measured.accuracy
    return ClassificationMetrics(
        total=kinds.get("classification", sure.calls),
        accuracy=accuracy.value,
        accuracy_interval=estimate(accuracy),
        confidence=None if sure.mean is None else round(sure.mean, 4),
        tokens_used=sure.tokens,
        labelled=said.labelled,
        precision=said.precision,
        recall=said.recall,
        f1_score=said.f1_score,
        classes=[
            ClassMetrics(
                label=each.label,
                precision=each.precision,
                recall=each.recall,
                f1_score=each.f1_score,
                told=each.told,
            )
            for each in said.classes
        ],
    )


def _suggestion(facts: Facts, kinds: Mapping[str, int]) -> SuggestionMetrics:
    said = facts.said.suggestions
    told = _told(facts, "suggestion")
    return SuggestionMetrics(
        total=kinds.get("suggestion", 0),
        usage_rate=_value(said.usage_rate),
        helpful_rate=_value(said.helpful_rate),
        usage_interval=_interval(said.usage_rate, told),
        helpful_interval=_interval(said.helpful_rate, told),
    )


def _sentiment(facts: Facts, kinds: Mapping[str, int]) -> SentimentMetrics:
    found = next((each for each in facts.said.by_type if each.name == "sentiment"), None)
    accuracy = None if found is None else _value(found.share_positive)
    return SentimentMetrics(total=kinds.get("sentiment", 0), accuracy=accuracy)


def _told(facts: Facts, kind: str) -> int:
    return next((each.told for each in facts.said.by_type if each.name == kind), 0)


def cost(sums: Sums) -> CostMetrics:
    """Show tokens and money."""
    average = sums.cost_usd / sums.requests if sums.requests else None
    return CostMetrics(
        total_tokens=sums.input_tokens + sums.output_tokens,
        input_tokens=sums.input_tokens,
        output_tokens=sums.output_tokens,
        totalCostUSD=sums.cost_usd,
        averageCostUSD=average,
    )


def performance(sums: Sums, measured: Measured) -> PerformanceMetrics:
    """Show how calls went."""
    rate = sums.error_rate if sums.requests else None
    return PerformanceMetrics(
        requests=sums.requests,
        errors=sums.errors,
        error_rate=rate,
        error_interval=estimate(measured.errors),
        success_rate=None if rate is None else 1 - rate,
        p50_ms=sums.latency_ms(0.5),
        p95_ms=sums.latency_ms(0.95),
        p99_ms=sums.latency_ms(0.99),
    )


def models(cells: Sequence[Cell], graded: Mapping[str, Measured]) -> list[ModelMetrics]:
    """Show what each model did, the busiest first."""
    return [
        ModelMetrics(
            model=model,
            requests=sums.requests,
            error_rate=sums.error_rate if sums.requests else None,
            cost_usd=sums.cost_usd,
            p95_ms=sums.latency_ms(0.95),
            status=grading.grade(graded[model]).status if model in graded else "unknown",
        )
        for model, sums in operations.by_model(cells)
    ]


def shares(counts: Mapping[str, int], most: int = 50) -> list[MetricShare]:
    """Show counts with the share that each has of all, the largest first."""
    whole = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        MetricShare(name=name, count=count, share=round(count / whole, 4))
        for name, count in ordered[:most]
        if count > 0
    ]


def estimate(found: Estimate) -> MetricEstimate:
    """Show an estimate."""
    return MetricEstimate(
        value=_rounded(found.value),
        low=_rounded(found.low),
        high=_rounded(found.high),
        n=found.n,
    )


def estimated(part: int, whole: int) -> MetricEstimate:
    """Show a share."""
    return estimate(share(part, whole))


def _interval(found: FeedbackShare | None, n: int) -> MetricEstimate:
    if found is None:
        return MetricEstimate(value=None, low=None, high=None, n=0)
    return MetricEstimate(value=found.value, low=found.low, high=found.high, n=n)


def _value(found: FeedbackShare | None) -> float | None:
    return None if found is None else found.value


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
