"""Document 3: figures, specifications and test scenarios."""

from collections.abc import Mapping
from dataclasses import replace

from tests.requirements.checks import call, file, offers, tested, told
from tests.requirements.documents.chatbot_calls import EXPERIMENT
from tests.requirements.ledger import (
    Block,
    Check,
    Example,
    Kind,
    awaits,
    block,
    prose,
    replaced,
    works,
)

TRAINING = 5
RUNS = call("GET", "/api/training/runs")
RESOURCES = call("GET", "/api/training/resources")
SCHEDULES = call("GET", "/api/training/schedules")
TUNING = call("GET", "/v1/fine_tuning/jobs")
EXAMPLES = call("GET", "/api/ai/training-data")
TRAINER = file("trainer/src/hone_trainer/__main__.py")
_NOT_MEASURED = "no bench measures it"
MEASURED = told(lambda _: _NOT_MEASURED, _NOT_MEASURED)
"""A figure holds when a bench has written it down, not when there is something to measure."""
TESTS = call("GET", "/api/ai/ab-tests")
RELEASED = call("GET", "/api/releases")
MONITORS = call("GET", "/api/monitors")
ANALYSES = offers("POST /api/analysis/conversation-quality")
IMPROVEMENTS = call("GET", "/api/analysis/improvements")
IMPORTS = offers("POST /api/conversations/import")
CLUSTER = file("deploy/kubernetes")
DATASETS = call("GET", "/api/datasets")

CHECKED = offers("POST /api/datasets/{dataset}/checks", "GET /api/datasets/{dataset}/findings")
REVIEWS = call("GET", "/api/reviews")


def _named(path: str, word: str) -> Check:
    """Look for a part that is not there yet, where it would be named."""
    return replace(file(path, word), missing=f"{path} has no {word}")


MLFLOW = _named("trainer/pyproject.toml", "mlflow")
WANDB = _named("trainer/pyproject.toml", "wandb")
STREAMS = _named("server/pyproject.toml", "redis")
_OF_TRAINING = (MEASURED,)
_BUILT = (
    TUNING,
    *(MLFLOW, WANDB),
    *(EXAMPLES, DATASETS, CHECKED, RUNS, RESOURCES, SCHEDULES, TRAINER, MONITORS),
    RELEASED,
    TESTS,
)
_MEASURED: Mapping[str, str] = {
    "95 % of training unattended": "runs without a hand",
    "95 % of training completes unattended": "runs without a hand",
    "98 % of jobs complete": "runs without a hand",
    "98 % of automated training completes": "runs without a hand",
    "98 % without manual intervention": "runs without a hand",
    "98 % complete unattended": "runs without a hand",
    "Feedback is data in under 30 seconds": "feedback to data",
    "Under 30 seconds from feedback to data": "feedback to data",
    "Under 30 seconds to data": "feedback to data",
    "should handle concurrent training jobs efficiently (25)": "25 runs at once",
    "25 concurrent jobs": "25 runs at once",
    "50 concurrent jobs": "50 runs at once",
    "95 % the same over runs": "the same spec again",
    "Metrics within 10 seconds": "a call among the metrics",
    "Progress at least every 500 ms": "progress of a run",
}
"""What `make bench-figures` measures, by what the document calls it: it must be met there."""
Row = tuple[str, str, Check]


def later(kind: Kind, *rows: Row) -> tuple[Example, ...]:
    """Enter what is not built, by the thing that must exist before it can be tried or measured."""
    return tuple(_row(kind, *each) for each in rows)


def _row(kind: Kind, slug: str, name: str, check: Check) -> Example:
    if kind == "figure" and (measured := _MEASURED.get(name)) is not None:
        found = file("bench/results/figures.md", f"| met | {measured} |")
        return works(slug, kind, name, found, "`make bench-figures`")
    if check not in _BUILT:
        return awaits(_issue(check), slug, kind, name, check)
    if kind == "figure":
        return awaits(TRAINING, slug, kind, name, MEASURED)
    return works(slug, kind, name, check)


def _issue(check: Check) -> int | None:
    return TRAINING if check in _OF_TRAINING else None


FIGURES: tuple[Block, ...] = (
    prose(
        "Team A: dashboard",
        works(
            "react",
            "feature",
            "React 19, TypeScript, Tailwind, React Query",
            file("web/package.json", '"react"', '"typescript"', '"tailwindcss"', "react-query"),
        ),
        replaced(
            "plots",
            "feature",
            "Interactive plots",
            file("web/src/components/measured"),
            "SVG of the dashboard's own, with the figures in a table beside it",
        ),
        awaits(
            None,
            "editor",
            "feature",
            "Monaco editor",
            file("web/package.json", "monaco"),
            today="web/package.json has no monaco",
        ),
        *later(
            "feature",
            ("progress", "Progress of training with its status", RUNS),
            ("schedules", "Schedules and triggers", SCHEDULES),
            ("costs", "Use of GPU and CPU, and costs", RESOURCES),
            ("curation", "Filters, labels, duplicates, quality of data", EXAMPLES),
            ("transfer", "Import and export of data sets", DATASETS),
            ("review", "Review by several experts", REVIEWS),
            ("errors", "Patterns of errors, with alerts", MONITORS),
            ("rollback", "Rollback of failed training", RELEASED),
        ),
        works(
            "widths",
            "feature",
            "Desktop and phone",
            file("web/e2e/states.e2e.ts", "1440", "390"),
            "`make states` looks at every state with 1440 and 390 px",
        ),
        works(
            "accessibility",
            "feature",
            "WCAG 2.1 AAA",
            file("web/e2e/browser.ts", "axe", "contrast"),
            "`make states`: axe on every state, light and dark",
        ),
        works(
            "loading",
            "figure",
            "Monitoring answers in under 2 seconds",
            call("GET", "/api/ai/overview?window=1h"),
        ),
        *later(
            "figure",
            ("live", "Progress at least every 500 ms", RUNS),
            ("setup", "A new model in under 10 minutes", RUNS),
            ("workflow", "88 % finish an analysis", ANALYSES),
            ("satisfaction", "94 % are satisfied", RUNS),
            ("ab-setup", "85 % set up an A/B test", TESTS),
        ),
    ),
    prose(
        "Team B: backend",
        *later(
            "feature",
            ("preprocessing", "Preprocessing, labels, augmentation, quality", DATASETS),
            ("patterns", "Patterns, failures, successes, comparisons", ANALYSES),
            ("fine-tuning", "OpenAI fine-tuning", TUNING),
            ("transformers", "Hugging Face Transformers", TRAINER),
            ("mlflow", "MLflow", MLFLOW),
            ("kafka", "Kafka", IMPORTS),
            ("redis", "Redis Streams", STREAMS),
            ("s3", "MinIO or S3 for data and artifacts", DATASETS),
        ),
        *later(
            "figure",
            ("unattended", "95 % of training unattended", RUNS),
            ("improvement", "Over 15 % better conversations", ANALYSES),
            ("incremental", "Under 4 hours incremental, 24 hours full", MEASURED),
            ("status", "Status in 2 seconds, analyses in 5", RUNS),
            ("uptime", "99.5 % uptime", MONITORS),
        ),
    ),
    prose(
        "Team C: integration",
        *later(
            "feature",
            ("streaming", "Live ingestion and validation", IMPORTS),
            ("lineage", "Lineage of data", EXAMPLES),
            ("environments", "Staging, production, A/B test", RELEASED),
            ("blue-green", "Blue-green, rollback by health", RELEASED),
            ("wandb", "Weights & Biases", WANDB),
            ("kubeflow", "Kubeflow, Airflow", CLUSTER),
            ("clouds", "SageMaker, Google Cloud, Azure ML", CLUSTER),
        ),
        *later(
            "figure",
            ("throughput", "10,000 conversations an hour", IMPORTS),
            ("synchronized", "99.8 % synchronized", IMPORTS),
            ("completed", "95 % of training completes unattended", RUNS),
            ("feedback-loop", "Feedback is data in under 30 seconds", EXAMPLES),
            ("deployed", "99.5 % of deployments succeed", RELEASED),
        ),
    ),
    prose(
        "Team D: platform",
        *later(
            "feature",
            ("multi-gpu", "Several GPUs, allocation, memory", MEASURED),
            ("kubernetes", "Kubernetes, Helm, scaling by queue", CLUSTER),
            ("storage", "Storage, cache, versions, clean-up", DATASETS),
        ),
        *later(
            "figure",
            ("completion", "98 % of jobs complete", RUNS),
            ("utilization", "85 % of GPU, 80 % of memory used", RESOURCES),
            ("time", "40 % less time", MEASURED),
            ("concurrent", "50 concurrent jobs", RUNS),
            ("cost", "40 % less cost", RESOURCES),
        ),
    ),
    prose(
        "Team E: quality",
        *later(
            "figure",
            ("coverage", "95 % of training and analysis covered", TRAINER),
            ("reliability", "98 % of automated training completes", RUNS),
            ("improved", "90 % of trained models improve", MEASURED),
            (
                "documented",
                "95 % succeed by the documentation",
                file("docs/tutorials/first-dataset-to-model.md"),
            ),
            ("validated", "All benchmarks hold", MEASURED),
        ),
    ),
    prose(
        "Key performance indicators",
        *later(
            "figure",
            ("efficiency", "Training: time, utilization, cost, success rate", RUNS),
            ("model-quality", "Models: quality, relevance, satisfaction, completion", ANALYSES),
            ("system", "System: jobs an hour, wait in the queue, availability, errors", RUNS),
            ("accuracy", "Results: over 15 % more accurate", MEASURED),
            ("relevance", "Results: over 90 % relevant answers", ANALYSES),
        ),
    ),
    prose(
        "Success criteria",
        *later(
            "figure",
            ("automated", "98 % without manual intervention", RUNS),
            ("better", "Over 15 % better on average", MEASURED),
            ("jobs", "25 concurrent jobs, 85 % used", RUNS),
            ("accuracy", "88 % accuracy of analysis", ANALYSES),
            ("significance", "Significance over 95 %", TESTS),
            ("latency", "Under 30 seconds from feedback to data", EXAMPLES),
            ("hours", "Under 4 and 24 hours of training", MEASURED),
        ),
    ),
)
SCENARIOS: tuple[Block, ...] = (
    block(
        16,
        "30ca182d5cab",
        "Performance specifications",
        *later(
            "figure",
            ("nodes", "scalability: 50 nodes, 20 best", RESOURCES),
            ("throughput", "throughput: 1,000 samples, 50,000 tokens a second", MEASURED),
            ("efficiency", "efficiency: 85 % GPU, 80 % memory", RESOURCES),
            ("fault-tolerance", "fault_tolerance: 1 % fail, back in 300 s", RUNS),
            ("convergence", "convergenceTime: 1 hour small, 24 hours large", MEASURED),
            ("processing", "dataProcessing: 10,000 and 5,000 samples a second", MEASURED),
            ("optimization", "modelOptimization: 4 and 72 hours", RUNS),
            ("cost", "costEfficiency: 40 % less, $1,000 a training", RUNS),
            ("energy", "energyEfficiency: 5 and 8 kW", RESOURCES),
            ("resources", "resourceUtilization: 75, 80 and 70 %", RESOURCES),
            ("availability", "availability: 99.9 %, 4 hours a month", MONITORS),
            ("monitoring", "monitoringLatency: 10 s metrics, 30 s alerts", MONITORS),
        ),
        works(
            "integrity",
            "figure",
            "dataIntegrity: backup back in 1,800 s",
            file("server/tests/cli/test_backup.py", "restore"),
            "`hone backup`, `hone restore`",
        ),
    ),
    block(
        17,
        "d92f5c0fd212",
        "Training pipeline tests",
        *later(
            "feature",
            ("whole", "should complete full training pipeline without manual intervention", RUNS),
            ("failures", "should handle training failures gracefully with proper rollback", RUNS),
            ("improvement", "should validate model improvement through training", RUNS),
        ),
    ),
    block(
        18,
        "2160614a0a02",
        "Conversation analysis tests",
        *later(
            "feature",
            ("patterns", "should accurately identify conversation quality patterns", ANALYSES),
            ("opportunities", "should identify improvement opportunities accurately", IMPROVEMENTS),
        ),
    ),
    block(
        19,
        "7b9ff7620495",
        "A/B testing framework tests",
        works(
            "segments",
            "request",
            "should properly segment users and track experiment results",
            tested("GET", "/api/ai/ab-tests/{id}/results", EXPERIMENT),
        ),
    ),
    block(
        20,
        "4ec63e6793eb",
        "Infrastructure load tests",
        *later(
            "figure",
            ("concurrent", "should handle concurrent training jobs efficiently (25)", RUNS),
            ("scaling", "should scale resources automatically under high demand (50)", RESOURCES),
        ),
    ),
    block(
        21,
        "4daa0a52324a",
        "Real-time processing tests",
        *later(
            "figure",
            ("scale", "should process conversation analysis requests at scale (200 ms)", ANALYSES),
        ),
    ),
    block(
        28,
        "959ac42fbf85",
        "Quality assurance protocols",
        *later(
            "figure",
            ("modelImprovementValidation", "15 % better than the baseline", MEASURED),
            ("trainingReproducibility", "95 % the same over runs", MEASURED),
            ("hyperparameterOptimization", "90 % of an expert's tuning", RUNS),
            ("convergenceValidation", "All converge in time", RUNS),
            ("trainingThroughput", "25 concurrent jobs", RUNS),
            ("resourceUtilization", "85 % of GPU, 80 % of memory", RESOURCES),
            ("scalabilityTesting", "50 jobs at 20 % loss", RUNS),
            ("costOptimization", "40 % less cost", RESOURCES),
            ("conversationAnalysisAccuracy", "88 % accuracy", ANALYSES),
            ("improvementRecommendationRelevance", "85 % accepted", IMPROVEMENTS),
            ("trainingDataCuration", "Every bad example is found", CHECKED),
            ("feedbackIntegration", "Under 30 seconds to data", EXAMPLES),
            ("trainingSetupTime", "10 minutes of set-up", RUNS),
            ("resultInterpretation", "95 % understand results", RUNS),
            ("automationReliability", "98 % complete unattended", RUNS),
            ("performanceMonitoring", "Metrics within 10 seconds", MONITORS),
        ),
    ),
)
