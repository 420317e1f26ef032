"""The parameters of what tunes a language model here, and the names that others give them."""

from collections.abc import Mapping
from typing import Any, Final

from hone_trainer.params import Schema


def _number(words: str, default: float, least: float, most: float, kind: str = "number") -> Schema:
    return {
        "type": kind,
        "description": words,
        "default": default,
        "minimum": least,
        "maximum": most,
    }


_BOTH: Final[Mapping[str, Any]] = {
    "model": {
        "type": ["string", "null"],
        "description": "Folder of the model to start from, as Transformers writes one; absent: the run's `base/`.",
        "default": None,
    },
    "system": {
        "type": "string",
        "description": "What the system says first in conversations that say nothing of the kind.",
        "default": "",
    },
    "epochs": _number("How often each conversation is seen.", 3, 1, 1000, "integer"),
    "batchSize": _number("Conversations that are computed at once.", 4, 1, 4096, "integer"),
    "gradientAccumulation": _number(
        "Batches that make one step: more memory than one batch needs is never used.",
        4,
        1,
        4096,
        "integer",
    ),
    "gradientCheckpointing": {
        "type": "boolean",
        "description": "Compute twice what would otherwise be kept in memory.",
        "default": False,
    },
    "precision": {
        "type": "string",
        "description": "`auto` takes bfloat16 or float16 where the hardware has it, else float32.",
        "default": "auto",
        "enum": ["auto", "float32", "bfloat16", "float16"],
    },
    "learningRate": _number("The length of a step.", 2e-4, 1e-8, 1),
    "optimizer": {
        "type": "string",
        "description": "How a slope becomes a step.",
        "default": "adamw",
        "enum": ["adamw", "sgd", "rmsprop"],
    },
    "schedule": {
        "type": "string",
        "description": "How the length of a step changes after the first ones grew.",
        "default": "linear",
        "enum": ["constant", "linear", "cosine"],
    },
    "warmup": _number("Share of all steps that grow first.", 0.05, 0, 1),
    "weightDecay": _number("Penalty of weights.", 0.0, 0, 10),
    "maxTokens": _number(
        "Tokens of a conversation; longer ones are cut.", 1024, 8, 1_000_000, "integer"
    ),
    "checkpointSteps": _number("Steps that a kill may cost.", 50, 1, 1_000_000, "integer"),
    "evaluate": _number(
        "Test conversations that the new model answers.", 20, 0, 100_000, "integer"
    ),
    "answerTokens": _number("Tokens of such an answer.", 64, 1, 100_000, "integer"),
    "minExamples": _number("Conversations that are needed.", 10, 1, 1_000_000, "integer"),
    "lora": {
        "type": "object",
        "description": "The adapter that is learned; the model itself stays as it is.",
        "additionalProperties": False,
        "properties": {
            "rank": _number("Its width.", 16, 1, 1024, "integer"),
            "alpha": _number("How much it counts, in its rank's units.", 32, 1, 4096),
            "dropout": _number("Share of it left out of each step.", 0.05, 0, 0.95),
        },
    },
}
SFT: Final[Schema] = {"type": "object", "additionalProperties": False, "properties": dict(_BOTH)}
DPO: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **_BOTH,
        "learningRate": _number("The length of a step.", 5e-6, 1e-8, 1),
        "beta": _number("How near to the model before it stays.", 0.1, 1e-4, 10),
    },
}
ALIASES: Final[Mapping[str, str]] = {
    "batch_size": "batchSize",
    "learning_rate": "learningRate",
    "gradient_accumulation_steps": "gradientAccumulation",
    "gradient_checkpointing": "gradientCheckpointing",
    "weight_decay": "weightDecay",
    "num_epochs": "epochs",
    "max_length": "maxTokens",
}

SEARCH: Final[Mapping[str, Mapping[str, object]]] = {
    "learningRate": {"type": "number", "low": 2e-5, "high": 1e-3, "log": True},
    "epochs": {"type": "integer", "low": 1, "high": 5},
    "lora.rank": {"type": "choice", "choices": [4, 8, 16, 32]},
}
"""What is worth trying of an adapter."""
