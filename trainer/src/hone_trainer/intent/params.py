"""The parameters of a classifier, and the names that others give them."""

from collections.abc import Mapping
from typing import Final

from hone_trainer.params import Schema

OPTIMIZERS: Final = ("adam", "adamw", "lamb", "sgd", "rmsprop")


def _number(words: str, default: float, least: float, most: float, kind: str = "number") -> Schema:
    return {
        "type": kind,
        "description": words,
        "default": default,
        "minimum": least,
        "maximum": most,
    }


def _choice(words: str, default: str | None, *choices: str | None) -> Schema:
    return {
        "type": ["string", "null"] if None in choices else "string",
        "description": words,
        "default": default,
        "enum": list(choices),
    }


PARAMS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "optimizer": _choice(
            "`exact` solves a convex problem at once: least squares with a kernel when there is an "
            "encoder, else a support vector machine. The others go step by step. Absent: `exact`, or "
            "`adam` when a loss is named.",
            None,
            None,
            "exact",
            *OPTIMIZERS,
        ),
        "lossFunction": _choice(
            "What is made small step by step. Absent: what suits the optimizer.",
            None,
            None,
            "cross_entropy",
            "focal",
            "custom",
        ),
        "customLoss": {
            "type": ["string", "null"],
            "description": "Name of an entry point of the group `hone_trainer.losses`.",
            "default": None,
        },
        "focalGamma": _number("How much `focal` looks away from what is easy.", 2.0, 0, 10),
        "learningRate": _number("The length of a step.", 0.02, 1e-6, 10),
        "schedule": {
            "type": "object",
            "description": "How the length of a step changes.",
            "additionalProperties": False,
            "properties": {
                "kind": _choice("Its shape.", "cosine", "constant", "linear", "cosine"),
                "warmup": _number("Share of all steps that grow first.", 0.05, 0, 1),
            },
        },
        "batchSize": _number("Examples in one step.", 128, 1, 65536, "integer"),
        "epochs": _number("How often each example is seen at most.", 20, 1, 10_000, "integer"),
        "earlyStopping": {
            "type": "object",
            "description": "When to stop before the last epoch.",
            "additionalProperties": False,
            "properties": {
                "patience": _number("Epochs without a gain; 0: never.", 4, 0, 10_000, "integer"),
                "minDelta": _number("The least gain in validation accuracy.", 0.0005, 0, 1),
            },
        },
        "regularization": {
            "type": "object",
            "description": "What keeps it from learning by heart.",
            "additionalProperties": False,
            "properties": {
                "l2": {
                    "type": ["number", "null"],
                    "description": "Penalty of weights; absent: what suits the optimizer.",
                    "default": None,
                    "minimum": 0,
                    "maximum": 1000,
                },
                "dropout": _number("Share of features left out of each step.", 0.0, 0, 0.95),
                "labelSmoothing": _number("Share of each label given to all.", 0.0, 0, 0.5),
            },
        },
        "classWeights": {
            "type": ["string", "object"],
            "description": "`none`, `balanced`, or a weight for each label that needs one.",
            "default": "none",
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000},
        },
        "curriculum": _choice(
            "The order of the first epochs.", "none", "none", "short_first", "easy_first"
        ),
        "outOfScope": {
            "type": "object",
            "description": "When to say that a text is none of the labels.",
            "additionalProperties": False,
            "properties": {
                "label": {
                    "type": ["string", "null"],
                    "description": "Examples of this label show what is out of scope.",
                    "default": None,
                },
                "thresholds": {
                    "type": "object",
                    "description": "How sure it must be, from 0 to 1, to say a label that is named here; a "
                    "text that is less sure counts as out of scope.",
                    "default": {},
                    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
                },
                "falseAlarms": _number(
                    "Share of texts in scope that may be called out of it, as the examples tell. "
                    "Texts to come are somewhat stranger than examples: expect up to twice as many.",
                    0.02,
                    0,
                    0.5,
                ),
            },
        },
        "minPerLabel": _number("Fewer examples of a label are too few.", 2, 2, 1000, "integer"),
        "rareLabels": _choice(
            "What to do with labels of too few examples.", "refuse", "refuse", "drop"
        ),
        "encoder": {
            "type": ["string", "null"],
            "description": "Folder of the encoder's weights; absent: the installed one. Only `intent`.",
            "default": None,
        },
        "encoderTuning": _choice(
            "Whether the encoder's upper layers are tuned to the labels; only `intent`. `auto` does it from "
            "300 examples on and keeps what comes of it if more of the examples that had no part in it are "
            "right than before, and than chance would make; up to 20 examples of a label all have a part in it, and it is kept. "
            "`always` keeps it.",
            "auto",
            "never",
            "auto",
            "always",
        ),
        "warmStart": {
            "type": "boolean",
            "description": "Learning step by step starts from the model in `base/` when there is one; "
            "`exact` needs no start, it solves anew from all examples.",
            "default": True,
        },
    },
}

ALIASES: Final[Mapping[str, str]] = {
    "costFunction": "lossFunction",
    "learningSchedule": "schedule",
    "learningRateSchedule": "schedule",
    "earlyStoppingCriteria": "earlyStopping",
    "maxEpochs": "epochs",
}
"""The names of start-training and of others, beside our own."""

LINEAR_SEARCH: Final[Mapping[str, Mapping[str, object]]] = {
    "regularization.l2": {"type": "number", "low": 0.01, "high": 30.0, "log": True},
    "classWeights": {"type": "choice", "choices": ["none", "balanced"]},
}
"""What is worth trying where a machine is solved at once: how firmly, and for whom."""
ENCODED_SEARCH: Final[Mapping[str, Mapping[str, object]]] = {
    "regularization.l2": {"type": "number", "low": 0.05, "high": 20.0, "log": True},
    "regularization.labelSmoothing": {"type": "number", "low": 0.0, "high": 0.2},
    "classWeights": {"type": "choice", "choices": ["none", "balanced"]},
}
