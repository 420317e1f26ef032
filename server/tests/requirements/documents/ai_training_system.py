"""Document 4: AI training system."""

from tests.requirements.checks import call, offers
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

FEEDBACK, RELEASES = 5, 6
CORRECTION = {
    "operationType": "classification",
    "operationId": 123,
    "feedback": "negative",
    "correctedCategory": "Technical Issue",
}
SUGGESTION = {"operationType": "suggestion", "operationId": 123, "feedback": "positive"}
AB_TEST = {"action": "ab-test", "versionA": "v1.1.0", "versionB": "v1.2.0", "splitPercentage": 50}
REGISTER = {"action": "register", "name": "ticket-classifier", "version": "v1.1.0"}
DEPLOY = {"action": "deploy", "version": "v1.1.0", "strategy": "canary", "rolloutPercentage": 10}
METRICS = "/api/ai/metrics?period=day&includeDetails=true"
METRICS_SHAPE = {
    "systemHealth": {"status": str},
    "metrics": {"classification": {"accuracy": float}, "cost": {"totalCostUSD": float}},
}


def post(path: str, body: object) -> Check:
    """Send a body; it must be taken."""
    return call("POST", path, body, status=201 if path.endswith("feedback") else 200)


def later(issue: int, slug: str, name: str, check: Check) -> Example:
    """Enter a feature that is not built."""
    return awaits(issue, slug, "feature", name, check)


METHODS = {
    "collectTrainingData": (FEEDBACK, "GET /api/ai/training-data"),
    "addTrainingData": (FEEDBACK, "POST /api/ai/training-data"),
    "processFeedback": (FEEDBACK, "POST /api/ai/feedback"),
    "calculatePerformanceMetrics": (RELEASES, "POST /api/ai/metrics"),
    "shouldRetrain": (FEEDBACK, "POST /api/ai/train"),
    "trainModel": (FEEDBACK, "POST /api/ai/train"),
    "exportTrainingData": (FEEDBACK, "GET /api/ai/training-data/export"),
    "getDataQualityStats": (FEEDBACK, "GET /api/ai/train"),
    "registerModel": (FEEDBACK, "POST /api/ai/models"),
    "deployModel": (RELEASES, "POST /api/ai/models"),
    "deprecateModel": (FEEDBACK, "POST /api/ai/models"),
    "getActiveModel": (RELEASES, "GET /api/ai/models"),
    "updateModelPerformance": (RELEASES, "GET /api/ai/metrics"),
    "setupABTest": (RELEASES, "POST /api/ai/ab-tests"),
    "getABTestResults": (RELEASES, "GET /api/ai/ab-tests/{id}/results"),
    "getModelHealth": (RELEASES, "GET /api/ai/metrics"),
}
ENDPOINTS = (
    awaits(
        FEEDBACK,
        "train",
        "request",
        "POST /api/ai/train",
        post("/api/ai/train", {"action": "check"}),
    ),
    awaits(FEEDBACK, "train-read", "request", "GET /api/ai/train", call("GET", "/api/ai/train")),
    awaits(FEEDBACK, "models", "request", "POST /api/ai/models", post("/api/ai/models", REGISTER)),
    awaits(FEEDBACK, "models-read", "request", "GET /api/ai/models", call("GET", "/api/ai/models")),
    awaits(
        FEEDBACK,
        "feedback",
        "request",
        "POST /api/ai/feedback",
        post("/api/ai/feedback", CORRECTION),
    ),
    awaits(
        FEEDBACK,
        "feedback-read",
        "request",
        "GET /api/ai/feedback",
        call("GET", "/api/ai/feedback"),
    ),
    awaits(
        RELEASES, "metrics-read", "request", "GET /api/ai/metrics", call("GET", "/api/ai/metrics")
    ),
    awaits(
        RELEASES,
        "metrics",
        "request",
        "POST /api/ai/metrics",
        post("/api/ai/metrics", {"action": "calculate", "period": "week"}),
    ),
)
TRAINING = (
    ("accuracy-trigger", "Training starts below 95 % accuracy", "GET", "/api/ai/train", FEEDBACK),
    ("volume-trigger", "Training starts at 1,000 new examples", "GET", "/api/ai/train", FEEDBACK),
    ("time-trigger", "Training starts every 24 hours", "GET", "/api/ai/train", FEEDBACK),
    ("manual-trigger", "An administrator starts training", "GET", "/api/ai/train", FEEDBACK),
    ("quality", "Quality of examples from 0.0 to 1.0", "GET", "/api/ai/training-data", FEEDBACK),
    ("sources", "Source: user, expert, automated", "GET", "/api/ai/training-data", FEEDBACK),
    ("review", "Review and approval of examples", "GET", "/api/ai/training-data", FEEDBACK),
    ("versions", "Semantic versions", "GET", "/api/ai/models", FEEDBACK),
    ("rollout", "Gradual rollout, canary, rollback", "GET", "/api/releases", RELEASES),
    ("deprecation", "Old versions are deprecated", "GET", "/api/ai/models", FEEDBACK),
    ("splitting", "Traffic split by percentage", "GET", "/api/ai/ab-tests", RELEASES),
    ("winner", "A winner with confidence", "GET", "/api/ai/ab-tests", RELEASES),
    ("periods", "Metrics by hour, day, week, month, all time", "GET", METRICS, RELEASES),
    ("f1", "Accuracy, precision, recall, F1", "GET", METRICS, RELEASES),
    ("usage", "Usage and helpfulness of suggestions", "GET", METRICS, RELEASES),
    ("health", "Health: healthy, degraded, unhealthy", "GET", METRICS, RELEASES),
    ("distribution", "Distribution by category, priority, type", "GET", METRICS, RELEASES),
    ("history", "History of training", "GET", "/api/ai/train", FEEDBACK),
    (
        "compare",
        "Versions are compared",
        "GET",
        "/api/ai/models/compare?a=v1.0.0&b=v1.1.0",
        FEEDBACK,
    ),
    ("error-rate", "Success and error rate of a version", "GET", METRICS, RELEASES),
    (
        "finetune-export",
        "Export in OpenAI's format",
        "GET",
        "/api/ai/training-data/export?format=openai",
        FEEDBACK,
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
OF_RELEASES = {"/api/ai/metrics", "/api/releases", "/api/ai/ab-tests"}
INTEGRATION = (
    ("feedback-classification", "classification feedback", post("/api/ai/feedback", CORRECTION), 5),
    ("feedback-suggestion", "suggestion feedback", post("/api/ai/feedback", SUGGESTION), 5),
    ("feedback-statistics", "feedback statistics", call("GET", "/api/ai/feedback"), 5),
    ("metrics-comprehensive", "comprehensive metrics", call("GET", METRICS), 6),
    ("metrics-time", "time-based filtering", call("GET", "/api/ai/metrics?period=hour"), 6),
    (
        "metrics-export",
        "export of metrics",
        post("/api/ai/metrics", {"action": "export", "format": "csv"}),
        6,
    ),
)
STORY = (
    ("submit", "A user submits feedback", "/api/ai/feedback", FEEDBACK),
    ("data", "Training data is made", "/api/ai/training-data", FEEDBACK),
    ("recalculated", "Performance is calculated anew", "/api/ai/metrics", RELEASES),
    ("retrained", "Training starts at the threshold", "/api/ai/train", FEEDBACK),
    ("deployed", "The new version is deployed", "/api/releases", RELEASES),
    ("compared", "An A/B test compares old and new", "/api/ai/ab-tests", RELEASES),
    ("selected", "The winner is chosen", "/api/ai/ab-tests", RELEASES),
)
DOCUMENT = Document(
    4,
    "AI training system",
    (
        prose(
            "Methods",
            *(
                awaits(issue, name, "feature", f"{name}()", offers(home), f"`{home}`")
                for name, (issue, home) in METHODS.items()
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
            awaits(
                FEEDBACK,
                "feedback-p95",
                "figure",
                "Feedback in under 100 ms (p95)",
                post("/api/ai/feedback", CORRECTION),
            ),
            awaits(
                RELEASES,
                "metrics-p95",
                "figure",
                "Metrics in under 200 ms (p95)",
                call("GET", METRICS),
            ),
            awaits(
                FEEDBACK,
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
                later(issue, slug, name, call(method, path))
                for slug, name, method, path, issue in TRAINING
            ),
        ),
        block(
            3,
            "5350f2f18c0e",
            "Unit tests",
            *(
                later(RELEASES if path in OF_RELEASES else FEEDBACK, slug, name, call("GET", path))
                for slug, name, path in TESTED
            ),
        ),
        block(
            4,
            "978085db4306",
            "Integration tests",
            *(later(issue, slug, name, check) for slug, name, check, issue in INTEGRATION),
        ),
        prose(
            "End-to-end test",
            *(later(issue, slug, name, call("GET", path)) for slug, name, path, issue in STORY),
        ),
        block(
            5,
            "9d696b1cf583",
            "Submit feedback",
            awaits(
                FEEDBACK,
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
            awaits(
                RELEASES,
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
            awaits(
                RELEASES,
                "fetch",
                "request",
                "fetch POST /api/ai/models, action ab-test",
                post("/api/ai/models", AB_TEST),
            ),
            awaits(
                RELEASES,
                "deploy",
                "request",
                "POST /api/ai/models, action deploy",
                post("/api/ai/models", DEPLOY),
            ),
        ),
        prose(
            "Next steps and statistics",
            context("next-steps", "feature", "Next steps of that project", "plans of its authors"),
            context("files", "feature", "Files and lines of code", "names of another code base"),
        ),
    ),
)
