"""Document 5: AI model management."""

from functools import partial

from tests.requirements.checks import (
    call,
    column,
    command,
    every,
    file,
    hears,
    index,
    metric,
    offers,
    recovers,
    refuses,
    secured,
    tested,
    told,
    unsplit,
)
from tests.requirements.ledger import (
    Check,
    Document,
    Example,
    Stage,
    awaits,
    block,
    context,
    prose,
    replaced,
    works,
)

LOG = {
    "modelId": "planner",
    "operationType": "chat",
    "input": "Which task comes first?",
    "output": "The survey.",
    "responseTimeMs": 310.5,
    "inputTokens": 6,
    "outputTokens": 3,
    "confidence": 0.9,
    "success": False,
    "errorMessage": "took too long",
    "userId": "u-7",
    "metadata": {"project": "p-1"},
}
LOGGED = {
    "id": str,
    "createdAt": str,
    "modelName": "planner",
    "status": "error",
    "latencyMs": 310.5,
    "totalTokens": 9,
    "confidence": 0.9,
    "metadata": {"project": "p-1"},
    "attempts": [{"errorMessage": "took too long"}],
}
RATING = {"operationId": "{operation}", "feedbackType": "helpful", "rating": 4, "comment": "Good."}
TEST = {"name": "t", "modelA": "v1.0.0", "modelB": "v1.1.0", "trafficSplit": 0.5}
FEEDBACK, RELEASES = 5, 6


def both(method: str, path: str, body: object = None, status: int = 200) -> Check:
    """Send a request as it is printed, and with the prefix that the rest of the API has."""
    return every(*(call(method, f"{each}{path}", body, status=status) for each in ("", "/api")))


def split(method: str, path: str) -> Check:
    """Ask of a test of two, with and without the prefix; what else splits the calls is ended first."""
    return every(
        *(unsplit(tested(method, f"{each}{path}", TEST), live="v1.0.0") for each in ("", "/api"))
    )


def endpoint(issue: int, slug: str, printed: str, check: Check) -> Example:
    """Enter an endpoint that is not built."""
    return awaits(issue, slug, "request", printed, check)


def feature(issue: int | None, slug: str, name: str, check: Check) -> Example:
    """Enter a feature that is not built."""
    return awaits(issue, slug, "feature", name, check)


def _exported(stage: Stage, kind: str) -> str:
    answer = stage.client.get("/api/ai/training-data/export", params={"format": kind})
    media = answer.headers.get("content-type", "")
    return "" if answer.is_success and kind in media else f"{answer.status_code} {media}"


def _found_by_filter(stage: Stage) -> str:
    found = stage.client.get("/api/ai/operations", params={"status": "error", "model": "planner"})
    return "" if found.json()["items"] else "not found"


_OPEN = """
INSERT INTO alerts (id, organization_id, key, kind, severity, state, title, words, recommendation,
    opened_at, last_seen_at)
SELECT gen_random_uuid(), id, 'ledger', 'accuracy', 'warning', 'open', 'Answers are wrong', '', '',
    now(), now() FROM organizations RETURNING id
"""


def _resolved(stage: Stage) -> str:
    for prefix in ("", "/api"):
        ((made,),) = stage.rows(_OPEN)
        path = f"{prefix}/ai/alerts/alert_{str(made).replace('-', '')}/resolve"
        answer = stage.client.post(path)
        if answer.status_code != 200 or answer.json()["state"] != "resolved":
            return f"{answer.status_code} {answer.text[:80]}"
    return ""


def _kept(stage: Stage) -> str:
    first, second = (stage.client.get("/api/ai/metrics").json()["asOf"] for _ in range(2))
    return "" if first == second else f"{first}, {second}"


ENDPOINTS = (
    works(
        "operations-log",
        "request",
        "POST /ai/operations/log",
        every(
            call("POST", "/ai/operations/log", LOG, status=201, shape=LOGGED),
            call("POST", "/api/ai/operations/log", LOG, status=201, shape=LOGGED),
        ),
        "with and without the prefix `/api`",
    ),
    works(
        "metrics",
        "request",
        "GET /ai/metrics/{model_id}",
        both("GET", "/ai/metrics/ticket-classifier"),
    ),
    works("statistics", "request", "GET /ai/statistics", both("GET", "/ai/statistics")),
    works(
        "feedback-submit",
        "request",
        "POST /ai/feedback/submit",
        both("POST", "/ai/feedback/submit", RATING, 201),
    ),
    works(
        "feedback-summary",
        "request",
        "GET /ai/feedback/summary",
        both("GET", "/ai/feedback/summary"),
    ),
    works(
        "feedback-trends", "request", "GET /ai/feedback/trends", both("GET", "/ai/feedback/trends")
    ),
    works(
        "training-data",
        "request",
        "GET /ai/training-data",
        both("GET", "/ai/training-data"),
        "with and without the prefix `/api`",
    ),
    works(
        "training-data-export",
        "request",
        "GET /ai/training-data/export",
        both("GET", "/ai/training-data/export?format=jsonl"),
        "with and without the prefix `/api`",
    ),
    works("ab-tests", "request", "POST /ai/ab-tests", split("POST", "/ai/ab-tests")),
    works(
        "ab-tests-assignment",
        "request",
        "GET /ai/ab-tests/{test_id}/assignment",
        split("GET", "/ai/ab-tests/{id}/assignment?userId=u1"),
    ),
    works(
        "ab-tests-results",
        "request",
        "GET /ai/ab-tests/{test_id}/results",
        split("GET", "/ai/ab-tests/{id}/results"),
    ),
    works("alerts", "request", "GET /ai/alerts", both("GET", "/ai/alerts")),
    works(
        "alerts-resolve",
        "request",
        "POST /ai/alerts/{alert_id}/resolve",
        told(_resolved),
        "with and without the prefix `/api`",
    ),
)
TABLES = (
    works(
        "ai-model-operations",
        "table",
        "ai_model_operations",
        column("ai_model_operations", "response_time_ms", "total_tokens", "confidence", "success",
               "error_message", "metadata"),
        "a view of `operations`",
    ),
    works(
        "user-feedback",
        "table",
        "user_feedback",
        column("user_feedback", "operation_id", "user_id", "feedback_type", "rating", "comment"),
        "a view of `feedback`; comments are sealed",
    ),
    works(
        "feedback-analysis",
        "table",
        "feedback_analysis",
        column("feedback_analysis", "feedback_id", "sentiment", "sentiment_score", "quality_score"),
        "a view of `feedback`",
    ),
    works(
        "ab-tests",
        "table",
        "ab_tests",
        column("ab_tests", "configuration", "traffic_split", "results"),
        "a view of `experiments`",
    ),
    works(
        "performance-alerts",
        "table",
        "performance_alerts",
        column("performance_alerts", "model_id", "alert_type", "severity", "message",
               "current_value", "threshold_value", "resolved", "resolved_at", "created_at"),
        "a view of `alerts`",
    ),
)  # fmt: skip
TRAINING_DATA = works(
    "model-training-data",
    "table",
    "model_training_data",
    column("model_training_data", "quality", "weight", "feedback"),
    "a view of `examples`",
)
LOGGING = (
    works(
        "logging",
        "feature",
        "Every operation is logged",
        call("GET", "/api/ai/operations/{operation}"),
    ),
    works(
        "performance-metrics",
        "feature",
        "Response time, tokens and confidence of each operation",
        call(
            "GET",
            "/api/ai/operations/{operation}",
            shape={
                "latencyMs": float,
                "inputTokens": int,
                "outputTokens": int,
                "confidence": float,
            },
        ),
    ),
    works(
        "failures",
        "feature",
        "Success and failure with the error's message",
        told(_found_by_filter),
    ),
    works(
        "metadata",
        "feature",
        "Metadata for context",
        call(
            "POST",
            "/api/ai/operations/log",
            LOG,
            status=201,
            shape={"metadata": {"project": "p-1"}},
        ),
    ),
)
FEATURES = (
    works("real-time", "feature", "Metrics in real time", hears("model_metrics", "model_metrics")),
    works(
        "status",
        "feature",
        "Status excellent, good, degraded or critical",
        call("GET", "/api/ai/metrics", shape={"status": {"status": str, "words": str}}),
    ),
    works(
        "alerting",
        "feature",
        "Alerts when performance degrades",
        call("GET", "/api/ai/alerts", shape={"open": {"critical": int}}),
    ),
    works(
        "confidence-intervals",
        "feature",
        "Statistics with confidence intervals",
        call(
            "GET",
            "/api/ai/statistics",
            shape={"models": [{"modelId": str, "errorRate": {"low": float, "high": float}}]},
        ),
    ),
    works(
        "ab-configuration",
        "feature",
        "A/B tests are configured",
        call("GET", "/api/ai/ab-tests"),
    ),
    works(
        "ab-splitting",
        "feature",
        "Traffic is split by a hash of the user",
        split("GET", "/ai/ab-tests/{id}/assignment?userId=u1"),
    ),
    works(
        "ab-significance",
        "feature",
        "Significance, a winner on several metrics, recommendations",
        split("GET", "/ai/ab-tests/{id}/results"),
    ),
    works(
        "feedback-kinds",
        "feature",
        "Feedback of four kinds: helpful, accurate, relevant, fast",
        call("POST", "/api/ai/feedback/submit", RATING, status=201),
    ),
    works(
        "rating",
        "feature",
        "Rating from 1 to 5 with a comment",
        call("POST", "/api/ai/feedback/submit", {**RATING, "rating": 5}, status=201),
    ),
    works(
        "sentiment",
        "feature",
        "Sentiment and quality score",
        call(
            "GET",
            "/api/ai/feedback/summary",
            shape={"sentiment": {"positive": int, "neutral": int, "negative": int}},
        ),
    ),
    works(
        "quality-weights",
        "feature",
        "Training data from feedback, weighted by quality",
        call("GET", "/api/ai/training-data?minQuality=0.7"),
    ),
    *(
        works(
            f"export-{kind}",
            "feature",
            f"Training data as {kind.upper()}",
            told(partial(_exported, kind=kind)),
        )
        for kind in ("json", "jsonl", "csv")
    ),
)
SCALE = (
    works(
        "cache",
        "feature",
        "Metrics are cached for 5 minutes",
        told(_kept),
        "`asOf` says from when they are",
    ),
    works(
        "asynchronous",
        "feature",
        "Operations are processed asynchronously",
        metric("hone_gateway_overhead_seconds"),
        "the gateway writes a spool, another process the database: decision 0012",
    ),
    works(
        "batches",
        "feature",
        "Batches for large sets",
        call("GET", "/v1/batches", shape={"object": str, "has_more": bool}),
        "`/v1/files` and `/v1/batches`, in OpenAI's shapes",
    ),
    works(
        "indexing",
        "feature",
        "Indexes for each query",
        index("operations", "btree", "organization_id", "created_at DESC"),
    ),
    works("recovery", "feature", "Pooled connections that recover from errors", recovers()),
    works(
        "forecasts",
        "feature",
        "Trends and forecasts",
        call(
            "GET",
            "/api/ai/statistics",
            shape={"forecasts": [{"metric": str, "trend": str, "words": str}]},
        ),
    ),
    feature(
        None,
        "resources",
        "Use of resources is monitored",
        metric("process_resident_memory_bytes"),
    ),
)
SECURITY = (
    works("rls", "feature", "Row-level security", secured("operations")),
    works("authentication", "feature", "Authentication", refuses(401, "GET", "/api/ai/operations")),
    works(
        "permissions",
        "feature",
        "Access by permission",
        refuses(403, "GET", "/api/ai/operations", "ai:query"),
    ),
    works(
        "validation",
        "feature",
        "Input is validated",
        call("POST", "/ai/operations/log", {"modelId": 7}, status=422),
    ),
    works(
        "audit",
        "feature",
        "Audit trail of all changes",
        command("audit", "verify"),
        "a chain of hashes: decision 0004",
    ),
    works("retention", "feature", "Retention of data", call("GET", "/api/retention")),
    works("anonymization", "feature", "Erasure of a person", command("erase")),
    works(
        "export",
        "feature",
        "Secure export",
        offers("GET /api/ai/operations/export"),
        "CSV and JSONL",
    ),
)
DOCUMENT = Document(
    5,
    "AI model management",
    (
        prose("Endpoints", *ENDPOINTS),
        prose("Database schema", *TABLES, TRAINING_DATA),
        prose("AI operation logging", *LOGGING),
        prose("Features", *FEATURES),
        prose("Performance and scalability", *SCALE),
        prose("Security and compliance", *SECURITY),
        block(
            1,
            "02d2f5cdb174",
            "Test results",
            replaced(
                "suites",
                "command",
                "Suites for system, endpoints, authentication, monitoring, feedback, pipeline",
                file("scripts/test", "pytest"),
                "`make test` runs every suite",
            ),
        ),
        prose(
            "Files and business value",
            context("files", "feature", "Names of files and scripts", "names of another code base"),
            context("value", "feature", "Value delivered", "describes the endpoints above"),
        ),
    ),
)
