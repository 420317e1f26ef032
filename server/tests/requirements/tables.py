"""Every table that the documents print, each of its columns, and where that is in Hone."""

from dataclasses import dataclass, field

from tests.requirements.checks import column
from tests.requirements.ledger import Example, awaits, works


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table: our table, and the home of each printed column there."""

    document: int
    name: str
    ours: str
    columns: dict[str, str] = field(default_factory=dict[str, str])
    built: bool = False
    issue: int | None = None
    awaited: tuple[str, ...] = ()
    """Columns of a table that is built which are not."""

    def home(self, printed: str) -> str:
        """Name the table and column that hold a printed column; without a dot it is computed."""
        told = self.columns[printed] or printed
        return told if "." in told or " " in told else f"{self.ours}.{told}"

    def awaiting(self) -> Example:
        """Enter the table as it is printed: all of its columns must be selectable by name."""
        slug = self.name.replace("_", "-")
        if self.built:
            return works(slug, "table", self.name, column(self.name, *self.columns))
        return awaits(self.issue, slug, "table", self.name, column(self.name, *self.columns))


def same(names: str, **others: str) -> dict[str, str]:
    """Map columns to ours of the same name, and others to what they are called here."""
    return dict.fromkeys(names.split(), "") | others


TABLES = (
    Table(
        1,
        "ai_requests",
        "operations",
        same(
            "user_id status satisfaction_score created_at",
            model_name="model",
            cost_usd="operations.cost, in pico-dollars",
            revenue_usd="operations.revenue, in pico-dollars",
        ),
        built=True,
    ),
    Table(
        3,
        "chatbot_training_sessions",
        "training_runs",
        same(
            "id organization_id hyperparameters started_at created_at",
            model_name="model",
            training_type="kind",
            training_configuration="spec",
            training_data_hash="dataset_hash",
            training_status="state",
            completed_at="finished_at",
            training_metrics="metrics",
            resource_usage="resources",
        ),
        built=True,
    ),
    Table(
        3,
        "conversation_quality_analysis",
        "conversation_analyses",
        same(
            "id conversation_id organization_id aspect_scores analyzed_at analyst_type",
            analysis_version="analyzer_version",
            overall_quality_score="score",
            improvement_suggestions="improvements",
            analysis_confidence="confidence",
        ),
    ),
    Table(
        3,
        "training_performance_metrics",
        "training_metrics",
        same(
            "id",
            training_session_id="run_id",
            metric_name="name",
            metric_value="value",
            metric_context="context",
            measurement_epoch="epoch",
            timestamp="at",
        ),
        built=True,
    ),
    Table(
        3,
        "chatbot_model_deployments",
        "model_history",
        same(
            "id organization_id",
            model_id="version_id",
            training_session_id="model_versions.run_id",
            deployment_type="environment",
            deployment_config="model_versions.configuration",
            deployment_status="the newest row of an environment is live",
            performance_benchmarks="model_versions.card, figures",
            deployed_at="at",
            deactivated_at="the next row of the environment, at",
            created_at="at",
        ),
        built=True,
    ),
    Table(
        3,
        "chatbot_ab_tests",
        "experiments",
        same(
            "id organization_id hypothesis started_at ended_at created_at",
            test_name="name",
            control_model_id="arms, ref of the first",
            treatment_model_id="arms, ref of the second",
            traffic_split="arms, share",
            success_metrics="metrics",
            test_status="state",
            statistical_significance="experiment_looks.verdict, p of the last",
            test_results="experiment_looks.verdict and numbers of the last",
        ),
        built=True,
    ),
    Table(
        3,
        "conversation_training_data",
        "examples",
        same(
            "created_at",
            quality_score="quality",
            intent_category="label",
            user_satisfaction_score="operations.satisfaction_score",
            response_time_ms="operations.latency_ms",
            conversation_text="examples.sealed, read through the API",
            model_response="examples.sealed, read through the API",
        ),
        built=True,
    ),
    Table(
        4,
        "ai_classifications",
        "operations",
        {
            "confidence_score": "confidence",
            "processing_time_ms": "latency_ms",
            "tokens_used": "operations.input_tokens + output_tokens",
            "was_accepted": "feedback.positive",
            "corrected_category_id": "feedback.expected",
        },
        built=True,
    ),
    Table(
        4,
        "ai_suggestions",
        "operations",
        {
            "suggestion_type": "operations.metadata, suggestionType",
            "source_references": "operations.metadata, sources",
            "was_used": "feedback.was_used",
            "was_helpful": "feedback.was_helpful",
            "feedback_comment": "feedback.sealed, read through the API",
        },
        built=True,
    ),
    Table(
        4,
        "ai_training_data",
        "examples",
        {
            "input_text": "examples.sealed, read through the API",
            "expected_output": "examples.sealed, read through the API",
            "quality_score": "quality",
            "validation_status": "status",
            "reviewed_by": "reviewer",
        },
        built=True,
    ),
    Table(
        4,
        "ai_model_versions",
        "model_versions",
        {
            "version": "model_versions.major, minor, patch",
            "configuration": "",
            "performance": "model_versions.card, figures",
            "deployment_status": "model_history, its newest row of each environment",
        },
        built=True,
    ),
    Table(
        4,
        "ai_model_deployments",
        "model_history",
        {
            "configuration": "model_versions.configuration, with reason and override",
            "rollout_percentage": "100 while live, until releases go step by step",
            "ab_test": "model_history.environment = 'ab_test'",
            "history": "model_history.action, actor, at",
        },
        built=True,
    ),
    Table(
        4,
        "ai_inference_logs",
        "operations",
        {
            "response_time_ms": "latency_ms",
            "confidence_score": "confidence",
            "tokens_used": "operations.input_tokens + output_tokens",
            "cost_usd": "operations.cost, in pico-dollars",
            "success": "operations.status = 'success'",
            "error_code": "",
            "error_message": "operations.attempts, errorMessage of the last",
        },
        built=True,
    ),
    Table(
        5,
        "ai_model_operations",
        "operations",
        {
            "model_id": "model",
            "operation_type": "kind",
            "response_time_ms": "latency_ms",
            "total_tokens": "operations.input_tokens + output_tokens",
            "confidence": "",
            "success": "operations.status = 'success'",
            "error_message": "operations.attempts, errorMessage of the last",
            "metadata": "",
        },
        built=True,
    ),
    Table(
        5,
        "user_feedback",
        "feedback",
        {
            "feedback_type": "metric",
            "rating": "",
            "comment": "feedback.sealed, read through the API",
            "sentiment_score": "sentiment",
            "quality_score": "quality",
        },
        built=True,
    ),
    Table(
        5,
        "ab_tests",
        "experiments",
        {
            "configuration": "arms, unit, method, alpha, power, minimum_effect",
            "traffic_split": "arms, share",
            "results": "experiment_looks.verdict and numbers of the last",
        },
        built=True,
    ),
    Table(
        5,
        "performance_alerts",
        "alerts",
        {"metric": "kind", "severity": "", "resolved_at": ""},
        built=True,
    ),
    Table(
        5,
        "model_training_data",
        "examples",
        {"quality": "", "weight": "", "feedback": "feedback_id"},
        built=True,
    ),
    Table(
        5,
        "feedback_analysis",
        "feedback",
        {
            "sentiment": "feedback.sentiment, as a word",
            "sentiment_score": "sentiment",
            "quality_score": "quality",
        },
        built=True,
    ),
)
