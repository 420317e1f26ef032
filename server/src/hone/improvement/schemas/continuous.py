"""Continuous learning as the requirements print it: new data, a strategy, and what bounds it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from hone.core.schemas import Schema
from hone.improvement.schemas.policies import ModelOfPolicy
from hone.training import ConversationLog, ExpertAnnotation, ModelType

_MOST: Final = 20_000


class NewConversationData(Schema):
    """What is new."""

    conversations: Sequence[ConversationLog] = Field(default=(), max_length=_MOST)
    expert_annotations: Sequence[ExpertAnnotation] = Field(default=(), max_length=_MOST)
    user_feedback: Sequence[Mapping[str, Any]] = Field(
        default=(),
        max_length=_MOST,
        description="With `input` and `correctedCategory` or `correctedAnswer` it is learned from.",
    )
    performance_metrics: Sequence[Mapping[str, Any]] = Field(
        default=(),
        max_length=1000,
        description="What was measured elsewhere: kept with the turn; triggers measure themselves.",
    )


class LearningStrategy(Schema):
    """How it is learned from."""

    incremental_learning: bool = Field(
        default=False, description="Go on from the live version, where the engine can."
    )
    online_adaptation: bool = Field(
        default=False, description="Begin the next turns soon, after few new examples."
    )
    expert_guidance: bool = Field(
        default=False, description="A person is asked before a version is released."
    )
    automatic_validation: bool = Field(
        default=True, description="Learn from the new data at once; else after it was reviewed."
    )


class LearningResources(Schema):
    """What a training may take of a machine."""

    cpu: float | None = Field(default=None, gt=0, le=1024)
    memory_gb: float | None = Field(default=None, gt=0, le=65536, alias="memoryGB")
    gpus: int | None = Field(default=None, ge=0, le=1024, alias="maxGPUs")
    cost_usd: float | None = Field(default=None, ge=0, description="Of one training.")


class LearningConstraints(Schema):
    """What bounds it."""

    max_training_time: float | None = Field(
        default=None, gt=0, le=30 * 86_400, description="Seconds."
    )
    resource_limits: LearningResources = Field(default_factory=LearningResources)
    quality_thresholds: Mapping[str, float] = Field(
        default_factory=dict[str, float],
        max_length=20,
        description="What a version must reach: `accuracy` (0 to 1), `latencyMs`, `dataQuality`.",
    )
    rollback_triggers: Mapping[str, float] = Field(
        default_factory=dict[str, float],
        max_length=20,
        description="When a version is taken back: `accuracy` and `positiveFeedback` below,"
        " `errorRate` and `latencyMs` above.",
    )


class ContinuousLearning(Schema):
    """Let a model go on learning."""

    model_name: ModelOfPolicy | None = Field(default=None, description="Absent: named by its type.")
    model_type: ModelType = "conversational_ai"
    new_conversation_data: NewConversationData = Field(default_factory=NewConversationData)
    learning_strategy: LearningStrategy = Field(default_factory=LearningStrategy)
    constraints: LearningConstraints = Field(default_factory=LearningConstraints)


class LearningUpdate(Schema):
    """What was learned from the request, and what follows."""

    model: str
    dataset: str
    examples: int = Field(description="New examples that are kept.")
    policy: str
    turn: str | None = Field(description="The turn that was begun, or is under way.")
    words: str
    notes: Sequence[str]
