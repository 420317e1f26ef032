"""Document 5: AI model management."""

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
    told,
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


def endpoint(issue: int, slug: str, printed: str, check: Check) -> Example:
    """Enter an endpoint that is not built."""
    return awaits(issue, slug, "request", printed, check)


def feature(issue: int | None, slug: str, name: str, check: Check) -> Example:
    """Enter a feature that is not built."""
    return awaits(issue, slug, "feature", name, check)


def _found_by_filter(stage: Stage) -> str:
    found = stage.client.get("/api/ai/operations", params={"status": "error", "model": "planner"})
    return "" if found.json()["items"] else "not found"


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
    endpoint(RELEASES, "metrics", "GET /ai/metrics/{model_id}", both("GET", "/ai/metrics/planner")),
    endpoint(RELEASES, "statistics", "GET /ai/statistics", both("GET", "/ai/statistics")),
    endpoint(
        FEEDBACK,
        "feedback-submit",
        "POST /ai/feedback/submit",
        both("POST", "/ai/feedback/submit", RATING, 201),
    ),
    endpoint(
        FEEDBACK,
        "feedback-summary",
        "GET /ai/feedback/summary",
        both("GET", "/ai/feedback/summary"),
    ),
    endpoint(
        FEEDBACK, "feedback-trends", "GET /ai/feedback/trends", both("GET", "/ai/feedback/trends")
    ),
    endpoint(FEEDBACK, "training-data", "GET /ai/training-data", both("GET", "/ai/training-data")),
    endpoint(
        FEEDBACK,
        "training-data-export",
        "GET /ai/training-data/export",
        both("GET", "/ai/training-data/export?format=jsonl"),
    ),
    endpoint(
        RELEASES, "ab-tests", "POST /ai/ab-tests", both("POST", "/ai/ab-tests", TEST, status=201)
    ),
    endpoint(
        RELEASES,
        "ab-tests-assignment",
        "GET /ai/ab-tests/{test_id}/assignment",
        both("GET", "/ai/ab-tests/exp_1/assignment?userId=u1"),
    ),
    endpoint(
        RELEASES,
        "ab-tests-results",
        "GET /ai/ab-tests/{test_id}/results",
        both("GET", "/ai/ab-tests/exp_1/results"),
    ),
    endpoint(RELEASES, "alerts", "GET /ai/alerts", both("GET", "/ai/alerts")),
    endpoint(
        RELEASES,
        "alerts-resolve",
        "POST /ai/alerts/{alert_id}/resolve",
        both("POST", "/ai/alerts/alert_1/resolve"),
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
    *(
        awaits(issue, table.replace("_", "-"), "table", table, column(table))
        for issue, table in (
            (FEEDBACK, "user_feedback"),
            (RELEASES, "ab_tests"),
            (RELEASES, "performance_alerts"),
            (FEEDBACK, "model_training_data"),
            (FEEDBACK, "feedback_analysis"),
        )
    ),
)  # fmt: skip
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
    feature(
        RELEASES,
        "status",
        "Status excellent, good, degraded or critical",
        call("GET", "/api/ai/metrics"),
    ),
    feature(
        RELEASES, "alerting", "Alerts when performance degrades", call("GET", "/api/ai/alerts")
    ),
    feature(
        RELEASES,
        "confidence-intervals",
        "Statistics with confidence intervals",
        call("GET", "/api/ai/statistics"),
    ),
    feature(
        RELEASES, "ab-configuration", "A/B tests are configured", call("GET", "/api/ai/ab-tests")
    ),
    feature(
        RELEASES,
        "ab-splitting",
        "Traffic is split by a hash of the user",
        call("GET", "/api/ai/ab-tests/exp_1/assignment?userId=u1"),
    ),
    feature(
        RELEASES,
        "ab-significance",
        "Significance, a winner on several metrics, recommendations",
        call("GET", "/api/ai/ab-tests/exp_1/results"),
    ),
    feature(
        FEEDBACK,
        "feedback-kinds",
        "Feedback of four kinds: helpful, accurate, relevant, fast",
        call("POST", "/api/ai/feedback/submit", RATING, status=201),
    ),
    feature(
        FEEDBACK,
        "rating",
        "Rating from 1 to 5 with a comment",
        call("POST", "/api/ai/feedback/submit", {**RATING, "rating": 5}, status=201),
    ),
    feature(
        FEEDBACK,
        "sentiment",
        "Sentiment and quality score",
        call("GET", "/api/ai/feedback/summary"),
    ),
    feature(
        FEEDBACK,
        "quality-weights",
        "Training data from feedback, weighted by quality",
        call("GET", "/api/ai/training-data?minQuality=0.7"),
    ),
    *(
        feature(
            FEEDBACK,
            f"export-{kind}",
            f"Training data as {kind.upper()}",
            call("GET", f"/api/ai/training-data/export?format={kind}"),
        )
        for kind in ("json", "jsonl", "csv")
    ),
)
SCALE = (
    feature(
        RELEASES,
        "cache",
        "Metrics are cached for 5 minutes",
        call("GET", "/api/ai/metrics"),
    ),
    works(
        "asynchronous",
        "feature",
        "Operations are processed asynchronously",
        metric("hone_gateway_overhead_seconds"),
        "the gateway writes a spool, another process the database: decision 0012",
    ),
    feature(4, "batches", "Batches for large sets", call("GET", "/v1/batches")),
    works(
        "indexing",
        "feature",
        "Indexes for each query",
        index("operations", "btree", "organization_id", "created_at DESC"),
    ),
    works("recovery", "feature", "Pooled connections that recover from errors", recovers()),
    feature(RELEASES, "forecasts", "Trends and forecasts", call("GET", "/api/ai/statistics")),
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
        prose("Database schema", *TABLES),
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
