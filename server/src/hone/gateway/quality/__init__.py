"""The quality that is to be expected of each model for a prompt, predicted in microseconds.

`prompt` finds what a request asks, `read` reads it, a `Predictor` judges it, `pack` and `unpack` carry predictors as bytes.
They are made offline, by `hone_trainer.routing`, with this very `read`.
"""

from hone.gateway.quality.artifact import ArtifactUnreadable, pack, unpack
from hone.gateway.quality.features import Features, read
from hone.gateway.quality.predictor import (
    Familiar,
    Head,
    Limits,
    Prediction,
    Predictor,
    predicts,
)
from hone.gateway.quality.prompt import prompt

__all__ = [
    "ArtifactUnreadable",
    "Familiar",
    "Features",
    "Head",
    "Limits",
    "Prediction",
    "Predictor",
    "pack",
    "predicts",
    "prompt",
    "read",
    "unpack",
]
