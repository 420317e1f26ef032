"""Document 4: AI training system."""

from tests.requirements.checks import call, file, offers, unsplit
from tests.requirements.documents.ai_training_tables import EXISTING_TABLES, MADE_TABLES
from tests.requirements.ledger import (
    Check,
    Document,
    Example,
    awaits,
    block,
    context,
    prose,
    works,
)

FEEDBACK = 5
BUILT = 0
"""In place of the issue that a thing awaits."""
CORRECTION = {
    "operationType": "classification",
    "operationId": 123,
    "feedback": "negative",
    "correctedCategory": "Technical Issue",
}
SUGGESTION = {"operationType": "suggestion", "operationId": 123, "feedback": "positive"}
STATISTICS = {"items": [{"id": str, "operationType": str}], "statistics": {"told": int}}
AB_TEST = {"action": "ab-test", "versionA": "v1.1.0", "versionB": "v1.2.0", "splitPercentage": 50}
REGISTER = {"action": "register", "name": "ticket-classifier", "version": "v1.3.0"}
DEPLOY = {"action": "deploy", "version": "v1.1.0", "strategy": "canary", "rolloutPercentage": 10}
METRICS = "/api/ai/metrics?period=day&includeDetails=true"
METRICS_SHAPE = {
    "systemHealth": {"status": str},
    "metrics": {"classification": {"accuracy": float}, "cost": {"totalCostUSD": float}},
}


def post(path: str, body: object) -> Check:
    """Send a body; it must be taken."""
    return call("POST", path, body, status=201 if path.endswith("feedback") else 200)


def later(issue: int | None, slug: str, name: str, check: Check, note: str = "") -> Example:
    """Enter a feature, with the issue that it awaits or as built."""
    if issue == BUILT:
        return works(slug, "feature", name, check, note)
    return awaits(issue, slug, "feature", name, check, note)


METHODS = {
    "collectTrainingData": (BUILT, "GET /api/ai/training-data"),
    "addTrainingData": (BUILT, "POST /api/ai/training-data"),
    "calculatePerformanceMetrics": (BUILT, "POST /api/ai/metrics"),
    "shouldRetrain": (BUILT, "POST /api/ai/train"),
    "trainModel": (BUILT, "POST /api/ai/train"),
    "exportTrainingData": (BUILT, "GET /api/ai/training-data/export"),
    "getDataQualityStats": (BUILT, "GET /api/datasets/{dataset}/statistics"),
    "registerModel": (BUILT, "POST /api/ai/models"),
    "deployModel": (BUILT, "POST /api/ai/models"),
    "deprecateModel": (BUILT, "POST /api/ai/models"),
    "getActiveModel": (BUILT, "GET /api/ai/models"),
    "updateModelPerformance": (BUILT, "GET /api/ai/metrics"),
    "setupABTest": (BUILT, "POST /api/ai/ab-tests"),
    "getABTestResults": (BUILT, "GET /api/ai/ab-tests/{test_id}/results"),
    "getModelHealth": (BUILT, "GET /api/ai/metrics"),
}
ENDPOINTS = (
    works(
        "train",
        "request",
        "POST /api/ai/train",
        post("/api/ai/train", {"action": "check"}),
    ),
    works("train-read", "request", "GET /api/ai/train", call("GET", "/api/ai/train")),
    works("models", "request", "POST /api/ai/models", post("/api/ai/models", REGISTER)),
    works("models-read", "request", "GET /api/ai/models", call("GET", "/api/ai/models")),
    works(
        "feedback",
        "request",
        "POST /api/ai/feedback",
        post("/api/ai/feedback", CORRECTION),
    ),
    works(
        "feedback-read",
        "request",
        "GET /api/ai/feedback",
        call("GET", "/api/ai/feedback", shape=STATISTICS),
    ),
    works("metrics-read", "request", "GET /api/ai/metrics", call("GET", "/api/ai/metrics")),
    works(
        "metrics",
        "request",
        "POST /api/ai/metrics",
        post("/api/ai/metrics", {"action": "calculate", "period": "week"}),
    ),
)
TRAINING = (
    ("accuracy-trigger", "Training starts below 95 % accuracy", "GET", "/api/ai/train", BUILT),
    ("volume-trigger", "Training starts at 1,000 new examples", "GET", "/api/ai/train", BUILT),
    ("time-trigger", "Training starts every 24 hours", "GET", "/api/ai/train", BUILT),
    ("manual-trigger", "An administrator starts training", "GET", "/api/ai/train", BUILT),
    ("quality", "Quality of examples from 0.0 to 1.0", "GET", "/api/ai/training-data", BUILT),
    ("sources", "Source: user, expert, automated", "GET", "/api/ai/training-data", BUILT),
    ("review", "Review and approval of examples", "GET", "/api/ai/training-data", BUILT),
    ("versions", "Semantic versions", "GET", "/api/ai/models", FEEDBACK),
    ("rollout", "Gradual rollout, canary, rollback", "GET", "/api/releases", BUILT),
    ("deprecation", "Old versions are deprecated", "GET", "/api/ai/models", FEEDBACK),
    ("splitting", "Traffic split by percentage", "GET", "/api/ai/ab-tests", BUILT),
    ("winner", "A winner with confidence", "GET", "/api/ai/ab-tests", BUILT),
    ("periods", "Metrics by hour, day, week, month, all time", "GET", METRICS, BUILT),
    ("f1", "Accuracy, precision, recall, F1", "GET", METRICS, BUILT),
    ("usage", "Usage and helpfulness of suggestions", "GET", METRICS, BUILT),
    ("health", "Health: healthy, degraded, unhealthy", "GET", METRICS, BUILT),
    ("distribution", "Distribution by category, priority, type", "GET", METRICS, BUILT),
    ("history", "History of training", "GET", "/api/ai/train", BUILT),
    (
        "compare",
        "Versions are compared",
        "GET",
        "/api/ai/models/compare?a=v1.1.0&b=v1.2.0",
        FEEDBACK,
    ),
    ("error-rate", "Success and error rate of a version", "GET", METRICS, BUILT),
    (
        "finetune-export",
        "Export in OpenAI's format",
        "GET",
        "/api/ai/training-data/export?format=openai",
        BUILT,
    ),
)
TESTED = (
    (
        "quality-score",
        "should add training data with correct quality score",
        "/api/ai/training-data",
    ),
    ("needs-retraining", "should detect when retraining is needed", "/api/ai/train"),
    ("accurate-metrics", "should calculate accurate performance metrics", "/api/ai/metrics"),
    ("register", "should register new model version", "/api/ai/models"),
    ("gradual", "should deploy model with gradual rollout", "/api/releases"),
    ("ab-setup", "should setup A/B test correctly", "/api/ai/ab-tests"),
)
WORKING = {
    "/api/ai/metrics",
    "/api/ai/training-data",
    "/api/ai/train",
    "/api/ai/models",
    "/api/releases",
    "/api/ai/ab-tests",
}


def _awaited(path: str) -> int | None:
    if path in WORKING:
        return BUILT
    return FEEDBACK


INTEGRATION = (
    ("metrics-comprehensive", "comprehensive metrics", call("GET", METRICS), BUILT),
    ("metrics-time", "time-based filtering", call("GET", "/api/ai/metrics?period=hour"), BUILT),
    (
        "metrics-export",
        "export of metrics",
        post("/api/ai/metrics", {"action": "export", "format": "json"}),
        BUILT,
    ),
)
STORY = (
    ("data", "Training data is made", "/api/ai/training-data", BUILT),
    ("recalculated", "Performance is calculated anew", "/api/ai/metrics", BUILT),
    ("retrained", "Training starts at the threshold", "/api/ai/train", BUILT),
    ("deployed", "The new version is deployed", "/api/releases", BUILT),
    ("compared", "An A/B test compares old and new", "/api/ai/ab-tests", BUILT),
    ("selected", "The winner is chosen", "/api/ai/ab-tests", BUILT),
)
DOCUMENT = Document(
    4,
    "AI training system",
    (
        prose(
            "Methods",
            *(
                later(issue, name, f"{name}()", offers(home), f"`{home}`")
                for name, (issue, home) in METHODS.items()
            ),
            works(
                "processFeedback",
                "feature",
                "processFeedback()",
                offers("POST /api/ai/feedback"),
                "`POST /api/ai/feedback`",
            ),
            works(
                "logInference",
                "feature",
                "logInference()",
                offers("POST /api/ai/operations/log"),
                "`POST /api/ai/operations/log`",
            ),
        ),
        prose("API routes", *ENDPOINTS),
        block(1, "e38a0220368c", "Existing tables utilized", *EXISTING_TABLES),
        block(2, "b5dec77ac41c", "Tables created by model manager", *MADE_TABLES),
        prose(
            "Performance targets",
            works(
                "feedback-p95",
                "figure",
                "Feedback in under 100 ms (p95)",
                file("bench/results/feedback.md"),
                "`make bench-feedback` sends 500 a second: 16 ms on two cores",
            ),
            works(
                "metrics-p95",
                "figure",
                "Metrics in under 200 ms (p95)",
                call("GET", METRICS),
                "they are kept for five minutes",
            ),
            works(
                "models-p95",
                "figure",
                "Model operations in under 500 ms (p95)",
                call("GET", "/api/ai/models"),
            ),
            works(
                "cost-tracking",
                "feature",
                "Cost tracking",
                call("GET", "/api/ai/overview?window=24h", shape={"totals": {"costUsd": float}}),
            ),
        ),
        prose(
            "Key features",
            *(
                works(slug, "feature", name, call(method, path))
                if path.startswith("/api/ai/models")
                else later(issue, slug, name, call(method, path))
                for slug, name, method, path, issue in TRAINING
            ),
        ),
        block(
            3,
            "5350f2f18c0e",
            "Unit tests",
            *(later(_awaited(path), slug, name, call("GET", path)) for slug, name, path in TESTED),
        ),
        block(
            4,
            "978085db4306",
            "Integration tests",
            works(
                "feedback-classification",
                "feature",
                "classification feedback",
                post("/api/ai/feedback", CORRECTION),
            ),
            works(
                "feedback-suggestion",
                "feature",
                "suggestion feedback",
                post("/api/ai/feedback", SUGGESTION),
            ),
            works(
                "feedback-statistics",
                "feature",
                "feedback statistics",
                call("GET", "/api/ai/feedback", shape=STATISTICS),
            ),
            *(later(issue, slug, name, check) for slug, name, check, issue in INTEGRATION),
        ),
        prose(
            "End-to-end test",
            works(
                "submit",
                "feature",
                "A user submits feedback",
                post("/api/ai/feedback", CORRECTION),
            ),
            *(later(issue, slug, name, call("GET", path)) for slug, name, path, issue in STORY),
        ),
        block(
            5,
            "9d696b1cf583",
            "Submit feedback",
            works(
                "fetch",
                "request",
                "fetch POST /api/ai/feedback, operation 123",
                post("/api/ai/feedback", CORRECTION),
            ),
        ),
        block(
            6,
            "b96a67f7915c",
            "Get metrics",
            works(
                "fetch",
                "request",
                "fetch GET /api/ai/metrics?period=day&includeDetails=true",
                call("GET", METRICS, shape=METRICS_SHAPE),
            ),
        ),
        block(
            7,
            "e7e13c87c0d2",
            "Set up an A/B test",
            works(
                "fetch",
                "request",
                "fetch POST /api/ai/models, action ab-test",
                unsplit(post("/api/ai/models", AB_TEST), live="v1.1.0"),
            ),
            works(
                "deploy",
                "request",
                "POST /api/ai/models, action deploy",
                unsplit(post("/api/ai/models", DEPLOY), live="v1.0.0"),
            ),
        ),
        prose(
            "Next steps and statistics",
            context("next-steps", "feature", "Next steps of that project", "plans of its authors"),
            context("files", "feature", "Files and lines of code", "names of another code base"),
        ),
    ),
)
