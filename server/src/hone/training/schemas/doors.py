"""The other ways in which a training may be asked for; each becomes a `TrainingJob`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import AliasChoices, Field

from hone.core.schemas import Schema
from hone.training.schemas.job import DateRange, Name, Priority
from hone.training.schemas.runs import RunRead

ModelType = Literal[
    "conversational_ai", "intent_classification", "entity_extraction", "response_generation"
]
_MOST: Final = 20_000
"""Conversations, annotations and the like in one request."""


class Message(Schema):
    """Something that was said."""

    role: str = Field(max_length=40)
    text: str = Field(validation_alias=AliasChoices("text", "content"), max_length=100_000)
    at: datetime | None = None


class ConversationLog(Schema):
    """What was said in one conversation."""

    id: str | None = Field(default=None, max_length=200)
    messages: Sequence[Message] = Field(min_length=1, max_length=2000)


class ExpertAnnotation(Schema):
    """What an expert says of a message: its intent, its entities, or the right answer."""

    conversation: int | str = Field(description="Its place in `conversationLogs`, or its id.")
    message: int | None = Field(
        default=None, ge=0, description="Its place; absent: the first of the customer."
    )
    label: str | None = Field(default=None, max_length=256)
    entities: Sequence[Mapping[str, Any]] | None = Field(default=None, max_length=500)
    answer: str | None = Field(default=None, max_length=100_000)


class TrainingData(Schema):
    """What a chatbot learns from, in the request."""

    conversation_logs: Sequence[ConversationLog] = Field(default=(), max_length=_MOST)
    expert_annotations: Sequence[ExpertAnnotation] = Field(default=(), max_length=_MOST)
    feedback_data: Sequence[Mapping[str, Any]] = Field(default=(), max_length=_MOST)
    domain_knowledge: Mapping[str, Any] | Sequence[Any] = Field(
        default_factory=dict[str, Any],
        description="`faqs`: questions with answers; they are learned from as conversations are."
        " `pages`: texts, or objects with title and text; a model of answers searches them.",
    )


class Hyperparameters(Schema):
    """How it learns."""

    learning_rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    batch_size: int | None = Field(default=None, ge=1)
    epochs: int | None = Field(default=None, ge=1)
    validation_split: float | None = Field(default=None, gt=0, lt=0.9)
    regularization: Mapping[str, Any] | None = None


class Optimization(Schema):
    """What it makes small, and how."""

    cost_function: Literal["cross_entropy", "focal_loss", "custom"] | None = None
    custom_loss: str | None = Field(
        default=None, max_length=200, description="Entry point of `hone_trainer.losses`."
    )
    optimizer: Literal["adam", "adamw", "lamb", "sgd", "rmsprop"] | None = None
    learning_schedule: Mapping[str, Any] | None = None
    early_stopping_criteria: Mapping[str, Any] | None = None


class StartTraining(Schema):
    """Train a chatbot on what stands in the request."""

    model_type: ModelType
    model_name: Name | None = Field(default=None, description="Absent: named by its type.")
    training_data: TrainingData
    hyperparameters: Hyperparameters = Field(default_factory=Hyperparameters)
    optimization: Optimization = Field(default_factory=Optimization)


class ResourceRequirements(Schema):
    """What a training needs."""

    gpu_count: int = Field(default=0, ge=0, le=1024)
    memory_gb: float = Field(default=1.0, gt=0, alias="memoryGB")
    disk_space_gb: float = Field(default=2.0, gt=0, alias="diskSpaceGB")
    max_duration_hours: float = Field(default=2.0, gt=0, le=720)


class TrainingRequest(Schema):
    """What is to be trained."""

    model_type: str = Field(max_length=80)
    model_name: Name | None = None
    dataset_id: Name
    priority: Priority = "normal"
    resource_requirements: ResourceRequirements = Field(default_factory=ResourceRequirements)


class SchedulingPreferences(Schema):
    """When and how it is best."""

    preferred_start_time: datetime | None = None
    max_wait_time: float | None = Field(default=None, gt=0, description="Seconds.")
    cost_optimization: bool = False
    performance_optimization: bool = False


class Orchestrate(Schema):
    """Train a model when it is best."""

    training_request: TrainingRequest
    scheduling_preferences: SchedulingPreferences = Field(default_factory=SchedulingPreferences)


class ModelConfiguration(Schema):
    """What is to become of what."""

    base_model: str | None = Field(default=None, max_length=256)
    customization_level: str | None = Field(default=None, max_length=80)
    training_objectives: Sequence[str] = Field(default=(), max_length=50)


class ChosenData(Schema):
    """What is learned from, of what is kept."""

    conversation_log_ids: Sequence[str] = Field(default=(), max_length=_MOST)
    expert_annotation_ids: Sequence[str] = Field(default=(), max_length=_MOST)
    quality_threshold: float = Field(default=0.0, ge=0, le=1)
    date_range: DateRange | None = None


class TrainingParameters(Schema):
    """How it learns, and what it is to reach."""

    max_training_time: float = Field(default=7200, gt=0, description="Seconds.")
    target_accuracy_improvement: float | None = Field(default=None, ge=0, le=1)
    validation_split: float | None = Field(default=None, gt=0, lt=0.9)
    early_stopping_patience: int | None = Field(default=None, ge=0)


class ResourceConfiguration(Schema):
    """What it may take at most."""

    max_gpus: int = Field(default=0, ge=0, le=1024, alias="maxGPUs")
    memory_limit_gb: float | None = Field(default=None, gt=0, alias="memoryLimitGB")
    priority_level: Priority = "normal"


class AutomatedStart(Schema):
    """Train on conversations that are kept."""

    training_name: Name
    model_configuration: ModelConfiguration = Field(default_factory=ModelConfiguration)
    training_data: ChosenData
    training_parameters: TrainingParameters = Field(default_factory=TrainingParameters)
    resource_configuration: ResourceConfiguration = Field(default_factory=ResourceConfiguration)


class StartedRead(RunRead):
    """The run that was begun, and what of the request was read otherwise than one may think."""

    notes: Sequence[str]


class Thresholds(Schema):
    """When a model is to be trained anew."""

    accuracy: float = Field(default=0.95, ge=0, le=1, description="Below this.")
    new_examples: int = Field(default=1000, ge=1, description="With so many new ones.")
    hours: float = Field(default=24.0, gt=0, description="After so long, where anything is new.")


class TrainAction(Schema):
    """What is to be done."""

    action: Literal["train", "check", "auto-retrain"]
    name: Name | None = Field(
        default=None, description="The model; may be left out while there is one."
    )
    dataset: Name | None = None
    engine: Name | None = None
    thresholds: Thresholds = Field(default_factory=Thresholds)


class Advice(Schema):
    """Whether a model is to be trained anew, and why."""

    name: str
    dataset: str
    should_retrain: bool
    reasons: Sequence[str]
    accuracy: float | None
    new_examples: int
    last_trained_at: datetime | None
    left_to_policy: bool = Field(
        description="A policy of improvement says when this model learns anew, within its budget and"
        " with its approvals: `auto-retrain` begins nothing beside it."
    )


class TrainActed(Schema):
    """What was found, and what was begun."""

    action: str
    should_retrain: bool
    models: Sequence[Advice]
    runs: Sequence[RunRead]


class DataQuality(Schema):
    """How good the data of a model is."""

    dataset: str
    validated: int
    average_quality: float | None


class TrainRead(Schema):
    """How training stands."""

    metrics: Mapping[str, Mapping[str, Any]] = Field(
        description="Figures of each model's last run."
    )
    history: Sequence[RunRead]
    data_quality: Sequence[DataQuality]
    models: Sequence[Advice]
    thresholds: Thresholds
