"""The parameters of what answers from approved answers and pages."""

from typing import Final

from hone_trainer.params import Schema

PARAMS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "alpha": {
            "type": "number",
            "description": "Share of questions that may be answered wrongly; the rest is told that "
            "nothing is known.",
            "default": 0.05,
            "exclusiveMinimum": 0,
            "maximum": 1,
        },
        "unanswerable": {
            "type": "number",
            "description": "Share of questions that nothing known will answer. It learns from questions "
            "whose answer is hidden what they look like.",
            "default": 0.1,
            "minimum": 0,
            "maximum": 0.9,
        },
        "unknownAnswer": {
            "type": "string",
            "description": "What is said when nothing is known.",
            "default": "I don't know.",
        },
        "encoder": {
            "type": "string",
            "description": "Whether meanings are compared beside words: `auto` does when an encoder is "
            "installed, `required` always, `none` never.",
            "default": "auto",
            "enum": ["auto", "required", "none"],
        },
        "sources": {
            "type": "integer",
            "description": "Sources that an answer names at most.",
            "default": 3,
            "minimum": 1,
            "maximum": 20,
        },
        "minPairs": {
            "type": "integer",
            "description": "Questions with approved answers that are needed, or it could not be known "
            "when to say nothing.",
            "default": 20,
            "minimum": 5,
            "maximum": 100_000,
        },
        "learnedFrom": {
            "type": "integer",
            "description": "Questions that ranking and doubt are learned from at most; all of them can "
            "be answered from.",
            "default": 3000,
            "minimum": 5,
            "maximum": 1_000_000,
        },
    },
}
