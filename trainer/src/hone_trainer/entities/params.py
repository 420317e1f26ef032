"""The parameters of a tagger, and the names that others give them."""

from collections.abc import Mapping
from typing import Final

from hone_trainer.params import Schema


def _number(words: str, default: float, least: float, most: float, kind: str = "number") -> Schema:
    return {
        "type": kind,
        "description": words,
        "default": default,
        "minimum": least,
        "maximum": most,
    }


PARAMS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "epochs": _number("How often each example is seen at most.", 12, 2, 1000, "integer"),
        "batchSize": _number("Texts in one step.", 24, 1, 1024, "integer"),
        "learningRate": _number("The length of a step.", 0.12, 1e-4, 10),
        "l2": _number("Penalty of weights.", 0.003, 0, 10),
        "dropout": _number("Share of features left out of each step.", 0.25, 0, 0.95),
        "patience": _number(
            "Epochs without a gain on validation examples after which it stops, in the second half "
            "of all epochs; 0: never.",
            3,
            0,
            1000,
            "integer",
        ),
        "minCount": _number("Tokens that a feature must describe to count.", 2, 1, 1000, "integer"),
        "minPerLabel": _number("Entities that each label needs.", 2, 1, 100_000, "integer"),
        "gazetteers": {
            "type": "object",
            "description": "Names that are known beforehand: for each label, or any other word, a list.",
            "default": {},
            "additionalProperties": {"type": "array"},
        },
        "checkpointSeconds": _number("How much work a kill may cost.", 30, 0, 86_400),
    },
}
ALIASES: Final[Mapping[str, str]] = {
    "batch_size": "batchSize",
    "learning_rate": "learningRate",
    "weightDecay": "l2",
    "weight_decay": "l2",
    "numEpochs": "epochs",
    "num_epochs": "epochs",
}

SEARCH: Final[Mapping[str, Mapping[str, object]]] = {
    "learningRate": {"type": "number", "low": 0.03, "high": 0.4, "log": True},
    "l2": {"type": "number", "low": 0.0001, "high": 0.05, "log": True},
    "dropout": {"type": "number", "low": 0.0, "high": 0.5},
    "minCount": {"type": "integer", "low": 1, "high": 4},
}
"""What is worth trying of a tagger."""
