"""What begins a turn by itself."""

from typing import Annotated, Literal

from pydantic import Field

from hone.core.schemas import Schema


class AccuracyBelow(Schema):
    """So many judged answers are wrong that it is no chance."""

    kind: Literal["accuracy_below"] = "accuracy_below"
    below: float = Field(
        default=0.95,
        gt=0,
        lt=1,
        description="It fires when the whole 95 % interval of the accuracy lies below this.",
    )
    window_hours: float = Field(
        default=168, gt=0, le=8784, description="Answers judged in so many hours are counted."
    )
    least: int = Field(default=30, ge=5, le=1_000_000, description="Judged answers it needs.")


class NewExamples(Schema):
    """There is so much to learn that was not there when the model was trained."""

    kind: Literal["new_examples"] = "new_examples"
    count: int = Field(default=1000, ge=1, le=10_000_000)


class Interval(Schema):
    """So long has passed, and something is new."""

    kind: Literal["interval"] = "interval"
    hours: float = Field(default=24, gt=0, le=8784)


class FeedbackBatch(Schema):
    """So many answers were corrected since the model was trained."""

    kind: Literal["feedback_batch"] = "feedback_batch"
    count: int = Field(default=100, ge=1, le=10_000_000)


class Drift(Schema):
    """What the model is asked is no longer like what it was trained on, as a monitor of drift says."""

    kind: Literal["drift"] = "drift"


Trigger = Annotated[
    AccuracyBelow | NewExamples | Interval | FeedbackBatch | Drift, Field(discriminator="kind")
]
TriggerKind = Literal["accuracy_below", "new_examples", "interval", "feedback_batch", "drift"]


def usual() -> list[Trigger]:
    """Return the triggers of a policy that names none: 95 % accuracy, 1,000 examples, a day."""
    return [AccuracyBelow(), NewExamples(), Interval()]


class TriggerLook(Schema):
    """How near a trigger is to firing."""

    kind: TriggerKind
    fires: bool
    near: float = Field(description="0 to 1, where 1 fires.")
    words: str
