"""Name the views that analysts know: operations as other systems call them.

Each is a reading of `operations` with the rights of its reader. What a person or model said is sealed
and stands in none of them; it is read through the API.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

VIEWS = {
    "ai_model_operations": """
        SELECT id, organization_id, model AS model_id, provider, kind AS operation_type, user_id,
               conversation_id, external_id, status = 'success' AS success, status, error_code,
               attempts -> -1 ->> 'errorMessage' AS error_message,
               latency_ms AS response_time_ms, input_tokens, output_tokens,
               input_tokens + output_tokens AS total_tokens,
               cost::numeric / 1000000000000 AS cost_usd, confidence, metadata, created_at
        FROM operations""",
    "ai_inference_logs": """
        SELECT id, organization_id, model AS model_name, provider, upstream AS model_version,
               kind AS operation_type, status = 'success' AS success, error_code,
               attempts -> -1 ->> 'errorMessage' AS error_message,
               latency_ms AS response_time_ms, ttft_ms AS first_token_ms,
               confidence AS confidence_score, input_tokens, output_tokens,
               input_tokens + output_tokens AS tokens_used,
               cost::numeric / 1000000000000 AS cost_usd, created_at
        FROM operations""",
    "ai_classifications": """
        SELECT id, organization_id, external_id, model AS model_name, user_id, status,
               confidence AS confidence_score, latency_ms AS processing_time_ms,
               input_tokens + output_tokens AS tokens_used,
               cost::numeric / 1000000000000 AS cost_usd, metadata, created_at
        FROM operations WHERE kind = 'classification'""",
    "ai_suggestions": """
        SELECT id, organization_id, external_id, model AS model_name, user_id, conversation_id, status,
               metadata ->> 'suggestionType' AS suggestion_type,
               metadata -> 'sources' AS source_references,
               confidence AS confidence_score, latency_ms AS processing_time_ms,
               input_tokens + output_tokens AS tokens_used,
               cost::numeric / 1000000000000 AS cost_usd, metadata, created_at
        FROM operations WHERE kind = 'suggestion'""",
}


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} WITH (security_invoker = true) AS {query}")
        op.execute(f"GRANT SELECT ON {name} TO hone_app")


def downgrade() -> None:
    """Hone goes forward only: restore a backup instead."""
    raise NotImplementedError
