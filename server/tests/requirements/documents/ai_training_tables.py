"""Document 4: the tables that it prints, by what is said to be in them."""

from tests.requirements.checks import call, column, select
from tests.requirements.ledger import Example, awaits, replaced, works

FEEDBACK, RELEASES = 5, 6
TRAINING_DATA = "ai_training_data"
CLASSIFICATIONS, SUGGESTIONS, LOGS = "ai_classifications", "ai_suggestions", "ai_inference_logs"


def absent(issue: int, table: str, *columns: str) -> tuple[Example, ...]:
    """Enter a printed table that is not built, with what is said to be in it."""
    return tuple(
        awaits(
            issue, f"{table.replace('_', '-')}.{slug}", "table", f"{table}: {each}", column(table)
        )
        for each in columns
        for slug in (each.lower().replace(" ", "-").replace("/", "-"),)
    )


EXISTING_TABLES = (
    replaced(
        "ai-classifications.results",
        "table",
        "ai_classifications: classification results",
        call("GET", "/api/ai/operations/{operation}", shape={"messages": [{"content": str}]}),
        "contents are sealed and read through the API: decision 0021",
    ),
    works(
        "ai-classifications.confidence",
        "table",
        "ai_classifications: confidence scores",
        select(
            f"SELECT confidence_score FROM {CLASSIFICATIONS} WHERE confidence_score > 0.6", least=1
        ),
    ),
    works(
        "ai-classifications.feedback",
        "table",
        "ai_classifications: was_accepted, corrected_category_id",
        column(CLASSIFICATIONS, "was_accepted", "corrected_category_id", "corrected_category"),
        "a category is known by its name",
    ),
    works(
        "ai-classifications.performance",
        "table",
        "ai_classifications: processing time, tokens",
        select(
            f"SELECT processing_time_ms, tokens_used FROM {CLASSIFICATIONS} WHERE tokens_used = 10",
            least=1,
        ),
    ),
    works(
        "ai-suggestions.type",
        "table",
        "ai_suggestions: suggestion type",
        column(SUGGESTIONS, "suggestion_type", "status"),
        "`metadata.suggestionType`; the content is sealed and read through the API",
    ),
    works(
        "ai-suggestions.usage",
        "table",
        "ai_suggestions: was_used, was_helpful",
        column(SUGGESTIONS, "was_used", "was_helpful"),
    ),
    works(
        "ai-suggestions.comments",
        "table",
        "ai_suggestions: feedback comments",
        column(SUGGESTIONS, "feedback_comment"),
        "`[sealed]` where there is one; it is read through the API: decision 0021",
    ),
    works(
        "ai-suggestions.sources",
        "table",
        "ai_suggestions: source references",
        column(SUGGESTIONS, "source_references"),
        "`metadata.sources`",
    ),
    replaced(
        "ai-training-data.input-output-pairs",
        "table",
        "ai_training_data: Input/output pairs",
        call("GET", "/api/ai/training-data"),
        "what examples say is sealed and read through the API; in the view the columns are null",
    ),
    works(
        "ai-training-data.quality-scores",
        "table",
        "ai_training_data: Quality scores",
        column(TRAINING_DATA, "quality_score", "source"),
    ),
    works(
        "ai-training-data.validation-status",
        "table",
        "ai_training_data: Validation status",
        column(TRAINING_DATA, "validation_status"),
    ),
    works(
        "ai-training-data.review-tracking",
        "table",
        "ai_training_data: Review tracking",
        column(TRAINING_DATA, "reviewed_by", "reviewed_at"),
    ),
)
MADE_TABLES = (
    works(
        "ai-model-versions.version-information",
        "table",
        "ai_model_versions: Version information",
        column("ai_model_versions", "version", "task", "engine", "created_by", "created_at"),
    ),
    works(
        "ai-model-versions.model-configuration",
        "table",
        "ai_model_versions: Model configuration",
        column("ai_model_versions", "configuration"),
    ),
    works(
        "ai-model-versions.performance-statistics",
        "table",
        "ai_model_versions: Performance statistics",
        column("ai_model_versions", "performance", "gate"),
    ),
    works(
        "ai-model-versions.deployment-status",
        "table",
        "ai_model_versions: Deployment status",
        column("ai_model_versions", "deployment_status"),
    ),
    works(
        "ai-model-deployments.deployment-configuration",
        "table",
        "ai_model_deployments: Deployment configuration",
        column("ai_model_deployments", "configuration", "environment"),
    ),
    works(
        "ai-model-deployments.rollout-percentage",
        "table",
        "ai_model_deployments: Rollout percentage",
        column("ai_model_deployments", "rollout_percentage"),
    ),
    works(
        "ai-model-deployments.a-b-test-settings",
        "table",
        "ai_model_deployments: A/B test settings",
        column("ai_model_deployments", "ab_test"),
    ),
    works(
        "ai-model-deployments.deployment-history",
        "table",
        "ai_model_deployments: Deployment history",
        column("ai_model_deployments", "history", "deployed_at", "deactivated_at"),
    ),
    works(
        "ai-inference-logs.performance",
        "table",
        "ai_inference_logs: performance tracking",
        select(f"SELECT response_time_ms, confidence_score, tokens_used FROM {LOGS}", least=1),
    ),
    works(
        "ai-inference-logs.cost",
        "table",
        "ai_inference_logs: cost tracking",
        select(f"SELECT sum(cost_usd) FROM {LOGS} WHERE cost_usd > 0", least=1),
    ),
    works(
        "ai-inference-logs.errors",
        "table",
        "ai_inference_logs: error logging",
        column(LOGS, "success", "error_code", "error_message"),
    ),
)
