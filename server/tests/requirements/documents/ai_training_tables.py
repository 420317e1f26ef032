"""Document 4: the tables that it prints, by what is said to be in them."""

from tests.requirements.checks import call, column, select
from tests.requirements.ledger import Example, awaits, replaced, works

FEEDBACK, RELEASES = 5, 6
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
    awaits(
        FEEDBACK,
        "ai-classifications.feedback",
        "table",
        "ai_classifications: was_accepted, corrected_category_id",
        column(CLASSIFICATIONS, "was_accepted", "corrected_category_id"),
        today='column "was_accepted" does not exist',
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
    awaits(
        FEEDBACK,
        "ai-suggestions.usage",
        "table",
        "ai_suggestions: was_used, was_helpful",
        column(SUGGESTIONS, "was_used", "was_helpful"),
        today='column "was_used" does not exist',
    ),
    awaits(
        FEEDBACK,
        "ai-suggestions.comments",
        "table",
        "ai_suggestions: feedback comments",
        column(SUGGESTIONS, "feedback_comment"),
        today='column "feedback_comment" does not exist',
    ),
    works(
        "ai-suggestions.sources",
        "table",
        "ai_suggestions: source references",
        column(SUGGESTIONS, "source_references"),
        "`metadata.sources`",
    ),
    *absent(
        FEEDBACK,
        "ai_training_data",
        "Input/output pairs",
        "Quality scores",
        "Validation status",
        "Review tracking",
    ),
)
MADE_TABLES = (
    *absent(
        FEEDBACK,
        "ai_model_versions",
        "Version information",
        "Model configuration",
        "Performance statistics",
        "Deployment status",
    ),
    *absent(
        RELEASES,
        "ai_model_deployments",
        "Deployment configuration",
        "Rollout percentage",
        "A/B test settings",
        "Deployment history",
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
