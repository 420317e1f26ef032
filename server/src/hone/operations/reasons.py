"""Why a call went where it went: as the row keeps it, and as the API tells it."""

from typing import Any

from pydantic import Field

from hone.core import ids
from hone.core.schemas import Schema
from hone.gateway import Reason


class CandidateRead(Schema):
    """A target that was available, and its chance to be tried first."""

    model: str
    propensity: float = Field(description="The chance that it had; all sum to 1.")


class Weighed(Schema):
    """A target that was compared with the others."""

    model: str
    quality: float = Field(description="How good its answer was expected to be, 0 to 1.")
    score: float = Field(description="Quality, cost and speed by the route's factors.")


class ReasonRead(Schema):
    """Why the first target was chosen; routes of the policy `intelligent` tell it."""

    said: str = Field(description="The same in a sentence.")
    routing_model: str | None = Field(
        description="What predicted quality; null where it is what you said of the models."
    )
    trust: float | None = Field(
        description="1: the prompt is like those that were learned from; 0: it is unlike all of them."
    )
    weighed: list[Weighed] = Field(description="The best eight, the chosen one first.")


def kept(reason: Reason) -> dict[str, Any]:
    """Write a reason as the row keeps it."""
    return {
        "model": reason.model and reason.model.hex(),
        "trust": reason.trust,
        "weighed": [
            {"model": model, "quality": quality, "score": score}
            for model, quality, score in reason.weighed
        ],
    }


def read(stored: dict[str, Any] | None) -> ReasonRead | None:
    """Tell a reason as the API does."""
    if stored is None or not stored["weighed"]:
        return None
    model = ids.parse("", stored["model"] or "")
    return ReasonRead(
        said=_said(stored),
        routing_model=None if model is None else ids.public("rm", model),
        trust=stored["trust"],
        weighed=[Weighed(**each) for each in stored["weighed"]],
    )


def _said(stored: dict[str, Any]) -> str:
    first, *others = stored["weighed"]
    whence = "as you said of the models"
    if stored["trust"] is not None:
        whence = "predicted from the prompt" if stored["trust"] else "the prompt is a strange one"
    said = f"{first['model']} had the best score: quality {first['quality']:.2f} ({whence})"
    if others:
        said += f", against {others[0]['quality']:.2f} of {others[0]['model']}"
    return f"{said}; cost and speed by the route's factors."
