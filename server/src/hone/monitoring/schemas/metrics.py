"""Reports of metrics as the API takes and gives them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from hone.core.schemas import Schema

MetricsPeriod = Literal["hour", "day", "week", "month", "all"]
HealthStatus = Literal["healthy", "degraded", "unhealthy"]
QualityStatus = Literal["excellent", "good", "degraded", "critical", "unknown"]


class MetricsQuery(Schema):
    """Which metrics are wanted."""

    period: MetricsPeriod = "day"
    include_details: bool = Field(default=False, description="Also by class, model and kind.")


class MetricsAction(Schema):
    """What to do with metrics."""

    action: Literal["calculate", "export"] = Field(
        description="`calculate` reckons anew what is kept for five minutes."
    )
    period: MetricsPeriod = "day"
    format: Literal["json", "csv"] = Field(default="json", description="Of an `export`.")


class MetricEstimate(Schema):
    """A figure, where it may really be (95 %), and of how many it is."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class ModelStatus(Schema):
    """How good a model is, as far as what was measured can tell."""

    status: QualityStatus
    words: str
    reasons: list[str]


class ClassMetrics(Schema):
    """One class of what is classified."""

    label: str
    precision: float | None
    recall: float | None
    f1_score: float | None
    told: int


class ClassificationMetrics(Schema):
    """Classifications: what was answered, and what people said of it."""

    total: int = Field(description="Classifications that were asked for.")
    accuracy: float | None = Field(description="Of those that somebody judged.")
    accuracy_interval: MetricEstimate
    confidence: float | None = Field(description="How sure the models were, on average.")
    tokens_used: int
    labelled: int
    precision: float | None = Field(description="Macro: each class counts alike.")
    recall: float | None
    f1_score: float | None
    classes: list[ClassMetrics]


class SuggestionMetrics(Schema):
    """Suggestions: whether they were used, and helped."""

    total: int
    usage_rate: float | None
    helpful_rate: float | None
    usage_interval: MetricEstimate
    helpful_interval: MetricEstimate


class SentimentMetrics(Schema):
    """Sentiment analyses: how many were asked for, and how many judged right."""

    total: int
    accuracy: float | None


class CostMetrics(Schema):
    """Tokens, and what they cost."""

    total_tokens: int
    input_tokens: int
    output_tokens: int
    total_cost_usd: float = Field(alias="totalCostUSD")
    average_cost_usd: float | None = Field(alias="averageCostUSD")


class PerformanceMetrics(Schema):
    """How calls went."""

    requests: int
    errors: int
    error_rate: float | None
    error_interval: MetricEstimate
    success_rate: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class MetricsOf(Schema):
    """All metrics of a period."""

    classification: ClassificationMetrics
    suggestion: SuggestionMetrics
    sentiment: SentimentMetrics
    cost: CostMetrics
    performance: PerformanceMetrics


class SystemHealth(Schema):
    """How everything is, as one word and one number from 0 to 100."""

    status: HealthStatus
    score: int
    issues: list[str]
    recommendations: list[str]


class MetricShare(Schema):
    """How many of something there were."""

    name: str
    count: int
    share: float


class ModelMetrics(Schema):
    """What one model did."""

    model: str
    requests: int
    error_rate: float | None
    cost_usd: float
    p95_ms: float | None
    status: QualityStatus


class MetricsDistribution(Schema):
    """What calls were of."""

    by_category: list[MetricShare] = Field(description="Right labels, where somebody told them.")
    by_priority: list[MetricShare] = Field(description="By `priority` in the metadata of calls.")
    by_type: list[MetricShare]
    by_status: list[MetricShare]
    by_error: list[MetricShare]


class MetricsDetails(Schema):
    """The same, taken apart."""

    distribution: MetricsDistribution
    models: list[ModelMetrics]


class MetricsReport(Schema):
    """Metrics of a period; they are made anew after five minutes."""

    as_of: datetime
    period: MetricsPeriod
    since: datetime | None
    status: ModelStatus
    system_health: SystemHealth
    metrics: MetricsOf
    details: MetricsDetails | None = None


class MetricForecast(Schema):
    """Where a metric goes, if it goes on as it did."""

    metric: str
    trend: Literal["rising", "falling", "steady", "unknown"]
    slope_per_day: float | None
    days: int = Field(description="So many days ahead the forecast is.")
    value: float | None
    low: float | None
    high: float | None
    words: str


class ModelReport(Schema):
    """How one model is, and where that goes."""

    as_of: datetime
    model_id: str
    period: MetricsPeriod
    status: ModelStatus
    metrics: MetricsOf
    forecasts: list[MetricForecast]


class ModelStatistics(Schema):
    """One model among all."""

    model_id: str
    status: ModelStatus
    requests: int
    error_rate: MetricEstimate
    accuracy: MetricEstimate
    p95_ms: float | None
    cost_usd: float
    average_cost_usd: float | None


class StatisticsReport(Schema):
    """All models side by side, and where the whole goes."""

    as_of: datetime
    period: MetricsPeriod
    totals: PerformanceMetrics
    cost: CostMetrics
    models: list[ModelStatistics]
    forecasts: list[MetricForecast]
