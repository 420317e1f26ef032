"""Document 3: chatbot training."""

from tests.requirements.checks import call, column, file, followed, index, members, partitions
from tests.requirements.documents import chatbot_calls as bodies
from tests.requirements.documents import chatbot_types as types
from tests.requirements.documents.chatbot_figures import FIGURES, SCENARIOS
from tests.requirements.ledger import (
    Block,
    Check,
    Document,
    Example,
    awaits,
    block,
    context,
    prose,
    replaced,
    works,
)
from tests.requirements.tables import TABLES

TRAINING = 5
BUILT = 0
"""In place of the issue that a thing awaits."""
_TRAINING_DATA = next(each for each in TABLES if each.name == "conversation_training_data")
START = "/api/training/chatbot/start-training"
QUALITY = "/api/analysis/conversation-quality"
LEARN = "/api/training/continuous-learning"
ORCHESTRATE = "/api/training/orchestrate"
AUTOMATED = "/api/training/automated/start"


def kind(issue: int | None, name: str, homes: dict[str, str], built: int = 0) -> Example:
    """Enter a printed type; each member has an operation of our API as its home, some of them built."""
    if issue == BUILT:
        return kept(name, homes)
    today = f"{len(homes) - built} of {len(homes)} without a home"
    return awaits(issue, name, "type", name, members(name, homes), _homes(homes), today)


def kept(name: str, homes: dict[str, str]) -> Example:
    """Enter a printed type whose members all have their homes."""
    return works(name, "type", name, members(name, homes), _homes(homes))


def _homes(homes: dict[str, str]) -> str:
    return ", ".join(f"`{each}`" for each in dict.fromkeys(homes.values()))


def request(
    issue: int | None, slug: str, name: str, path: str, body: object, status: int = 202
) -> Example:
    """Enter a request that is printed as a type."""
    if issue == BUILT:
        return works(slug, "request", name, call("POST", path, body, status=status))
    return awaits(issue, slug, "request", name, call("POST", path, body, status=status))


def variants(
    path: str, body: dict[str, object], outer: str, member: str, *values: str
) -> tuple[Example, ...]:
    """Enter each literal of a printed union as a request of its own."""
    issue = None if path == QUALITY else BUILT

    def with_value(value: str) -> dict[str, object]:
        if not outer:
            return {**body, member: value}
        inner = body[outer]
        assert isinstance(inner, dict)
        return {**body, outer: {**inner, member: value}}

    return tuple(
        request(issue, value, f"POST {path}, {member} {value}", path, with_value(value))
        for value in values
    )


def ddl(issue: int | None, name: str, check: Check, note: str) -> Example:
    """Enter an index or a partition."""
    if issue == BUILT:
        return replaced(name, "ddl", name, check, note)
    return awaits(issue, name, "ddl", name, check, note)


INTERFACES = (
    block(
        1,
        "6b442710dab3",
        "Chatbot training dashboard",
        kind(None, "ConversationAnalysisInterface", types.ANALYSIS_INTERFACE, built=1),
        kind(None, "ConversationThreadViewer", types.THREAD_VIEWER),
    ),
    block(
        2,
        "ac115aa00b60",
        "Model performance monitoring",
        kept("ABTestingInterface", types.AB_INTERFACE),
        kept("TestConfigurationWizard", types.AB_WIZARD),
    ),
    block(
        3,
        "d4d8aa32c030",
        "Automated training pipeline",
        kept("ChatbotTrainingAPI", types.TRAINING_API),
        *variants(START, {**bodies.START_TRAINING}, "", "modelType", *bodies.MODEL_TYPES),
        *variants(
            START, {**bodies.START_TRAINING}, "optimization", "costFunction", *bodies.COST_FUNCTIONS
        ),
        *variants(
            START, {**bodies.START_TRAINING}, "optimization", "optimizer", *bodies.OPTIMIZERS
        ),
    ),
    block(
        4,
        "37d6daf15777",
        "Conversation analysis engine",
        kind(None, "ConversationAnalysisEngine", types.ANALYSIS_ENGINE),
        *variants(QUALITY, {**bodies.QUALITY}, "", "analysisDepth", *bodies.DEPTHS),
        awaits(
            None,
            "answer",
            "request",
            "the answer's scores, areas and recommendations",
            call("POST", QUALITY, bodies.QUALITY, shape=bodies.QUALITY_ANSWER),
        ),
    ),
    block(
        5,
        "1a61deb0b95c",
        "Automated improvement system",
        kept("AutomaticImprovementEngine", types.IMPROVEMENT_ENGINE),
        request(BUILT, "learn", f"POST {LEARN}", LEARN, bodies.LEARNING),
    ),
    block(
        6,
        "dc41b1ee51cc",
        "Database schema",
        *(
            works(each.name, "table", each.name, column(each.name, *each.columns))
            if each.built
            else each.awaiting()
            for each in TABLES
            if each.document == 3 and each.name != "conversation_training_data"
        ),
        works(
            "idx_training_sessions_org_status",
            "ddl",
            "idx_training_sessions_org_status",
            index("training_runs", "btree", "organization_id", "state"),
            "an index of `training_runs`",
        ),
        ddl(
            None,
            "idx_quality_analysis_conversation",
            index("conversation_analyses", "btree", "organization_id", "conversation_id"),
            "an index of `conversation_analyses`",
        ),
        works(
            "idx_performance_metrics_session",
            "ddl",
            "idx_performance_metrics_session",
            index("training_metrics", "btree", "run_id", "name"),
            "an index of `training_metrics`",
        ),
        ddl(
            BUILT,
            "idx_model_deployments_org_status",
            index("releases", "btree", "organization_id", "state"),
            "an index of `releases`",
        ),
    ),
    block(
        7,
        "3fd3c1611e7a",
        "Training data pipeline integration",
        kind(TRAINING, "TrainingDataIntegrationHub", types.INTEGRATION_HUB, built=3),
        kind(None, "ConversationDataSourceManager.chatPlatforms", types.CHAT_PLATFORMS),
        kind(None, "ConversationDataSourceManager.analyticsIntegrations", types.ANALYTICS),
        kind(None, "ConversationDataSourceManager.supportSystems", types.SUPPORT),
    ),
    block(
        8,
        "0db3120c5158",
        "Model training infrastructure integration",
        kept("MLTrainingOrchestrator", types.ORCHESTRATOR),
        kind(BUILT, "IntelligentTrainingScheduler", types.SCHEDULER),
        *variants(
            ORCHESTRATE, {**bodies.ORCHESTRATE}, "trainingRequest", "priority", *bodies.PRIORITIES
        ),
    ),
    block(
        9,
        "8241f1bd5e0a",
        "Feedback loop integration",
        kept("ContinuousLearningIntegration", types.LEARNING),
        kept("MultichannelFeedbackCollector.explicitFeedback", types.EXPLICIT),
        kept("MultichannelFeedbackCollector.implicitFeedback", types.IMPLICIT),
        kind(None, "MultichannelFeedbackCollector.contextualFeedback", types.CONTEXTUAL),
    ),
    block(
        10,
        "86f30ce90bbc",
        "Integration architecture",
        kept("dataPipelines", types.DATA_PIPELINES),
        kept("mlInfrastructure", types.ML_INFRASTRUCTURE),
        kept("deploymentSystems", types.DEPLOYMENT_SYSTEMS),
    ),
    block(
        11,
        "da64e4f51a69",
        "Event-driven training architecture",
        kept("TrainingEventSystem", types.EVENT_SYSTEM),
        kept("TrainingEventProcessor", types.EVENT_PROCESSOR),
    ),
    block(
        12,
        "35d87076391e",
        "Distributed training infrastructure",
        kind(BUILT, "DistributedTrainingInfrastructure", types.DISTRIBUTED),
        kind(BUILT, "ComputeClusterManager", types.CLUSTERS),
        kind(BUILT, "IntelligentResourceScheduler", types.RESOURCE_SCHEDULER),
    ),
    block(
        13,
        "7ad1adfabc90",
        "Training performance optimization",
        works(
            "conversation-training-data",
            "table",
            "conversation_training_data",
            column("conversation_training_data", *_TRAINING_DATA.columns),
            "a view of `examples`; what was said is sealed, and null there",
        ),
        ddl(BUILT, "conversation_training_data_y2024m08", partitions("examples"), "`examples`"),
        ddl(BUILT, "conversation_training_data_y2024m09", partitions("examples"), "`examples`"),
        ddl(
            BUILT,
            "idx_training_data_quality_score",
            index("examples", "btree", "organization_id", "quality DESC"),
            "an index of `examples`",
        ),
        ddl(
            BUILT,
            "idx_conversation_patterns",
            index("examples", "btree", "organization_id", "label"),
            "an index of `examples`",
        ),
        ddl(
            BUILT,
            "idx_training_data_timestamp_brin",
            index("examples", "brin", "created_at"),
            "an index of `examples`",
        ),
    ),
    block(
        14,
        "3a4c4b476bc8",
        "Training pipeline optimization",
        kind(BUILT, "TrainingPerformanceOptimizer", types.OPTIMIZER),
    ),
    block(
        15,
        "4031034ce4b8",
        "Scalability and monitoring infrastructure",
        kept("TrainingMonitoringSystem", types.MONITORING),
        kind(None, "RealTimeTrainingMetrics", types.REAL_TIME, built=3),
    ),
)
DOCUMENTATION = (
    block(
        22,
        "37d2c407b676",
        "Technical documentation",
        kept("DataPreparationPipeline", types.PREPARATION),
        works(
            "page",
            "page",
            "Training pipeline explained",
            file("docs/explanation/training.md"),
        ),
    ),
    block(
        23,
        "bb6bea06b124",
        "Start automated training",
        request(BUILT, "start", f"POST {AUTOMATED}", AUTOMATED, bodies.AUTOMATED),
    ),
    block(
        24,
        "710f2b682f8f",
        "Real-time metrics collection",
        kind(
            None,
            "PerformanceMonitoringSystem",
            types.PERFORMANCE_MONITORING,
            built=3,
        ),
    ),
    block(
        25,
        "8d74c430b925",
        "Training pipeline failures",
        works(
            "insufficient-data",
            "request",
            "INSUFFICIENT_DATA with required, available, suggestions",
            call("POST", START, bodies.NO_DATA, status=422, shape=bodies.INSUFFICIENT),
        ),
    ),
    block(
        26,
        "4797dd50c1ba",
        "Integration examples",
        works(
            "use-training-session",
            "sdk",
            "useTrainingSession, as a request",
            followed(AUTOMATED, bodies.AUTOMATED),
            "`GET /api/training/runs/{id}` and its metrics; `/ws` tells them as they come",
        ),
    ),
    block(
        27,
        "1ee9265e7f14",
        "User documentation",
        works(
            "first-session",
            "page",
            "A first training session",
            file("docs/tutorials/training.md"),
        ),
        works(
            "schedules",
            "page",
            "Schedules of training",
            file("docs/how-to/schedule-training.md"),
        ),
        works(
            "trouble",
            "page",
            "When training goes wrong",
            file("docs/how-to/mend-training.md"),
        ),
    ),
)


def _with_figures(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Put the sections of figures and scenarios where the document has them."""
    numbered = sorted((*blocks, *SCENARIOS), key=lambda each: each.number or 0)
    return (*numbered, *FIGURES)


DOCUMENT = Document(
    3,
    "Chatbot training",
    (
        *_with_figures((*INTERFACES, *DOCUMENTATION)),
        prose(
            "Teams and coordination",
            context(
                "teams", "feature", "Teams, hours, dependencies, owners", "how a team was organized"
            ),
            context("other-features", "feature", "WS-239 to WS-247", "other projects, only named"),
            works(
                "postgresql",
                "feature",
                "PostgreSQL with JSONB",
                index("operations", "btree", "organization_id", "created_at DESC"),
            ),
        ),
    ),
)
