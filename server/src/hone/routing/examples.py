"""What a predictor is made from: prompts with the score of each model's answer, and what is enough.

This is where outcomes come together. `told` are those that somebody judged: what was uploaded, and what
feedback says of answers.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from hone.routing.errors import InsufficientData
from hone.routing.schemas import Basis

LEAST_PROMPTS: Final = 200
LEAST_OF_MODEL: Final = 100
LEAST_OF_KIND: Final = 5
"""Good and poor answers that there must be: what never varies cannot be learned."""
LEAST_MODELS: Final = 2
MOST_PROMPTS: Final = 50_000
MOST_MODELS: Final = 32
USUAL_OUTPUT: Final = 256
"""Tokens of an answer of a model that has not answered yet."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a model's answer to a prompt costs, in pico-dollars."""

    per_input: int
    per_answer: float

    def of(self, prompt: str) -> float:
        """Estimate it: four bytes are a token."""
        return self.per_input * len(prompt.encode()) / 4 + self.per_answer


@dataclass(slots=True)
class Examples:
    """Prompts and scores, gathered; of the same prompt and model told twice, the mean counts."""

    basis: Basis
    scores: dict[str, dict[str, tuple[float, int]]] = field(
        default_factory=dict[str, dict[str, tuple[float, int]]]
    )
    """By prompt and the hex of the model's id: a sum and a count."""

    def add(self, prompt: str, model: str, score: float) -> None:
        """Take one outcome; prompts beyond what is learned from are left."""
        of = self.scores.get(prompt)
        if of is None:
            if self.full:
                return
            of = self.scores[prompt] = {}
        total, count = of.get(model, (0.0, 0))
        of[model] = (total + score, count + 1)

    @property
    def full(self) -> bool:
        """Tell whether there are as many as are learned from."""
        return len(self.scores) >= MOST_PROMPTS

    def counts(self) -> Counter[str]:
        """Count outcomes by model."""
        return Counter(model for of in self.scores.values() for model in of)

    def lines(self, models: Sequence[str], rates: Mapping[str, Rate]) -> Iterator[bytes]:
        """Write what the trainer reads: JSON lines of prompt, scores and costs."""
        for prompt, of in self.scores.items():
            known = {name: of[name][0] / of[name][1] for name in models if name in of}
            if not known:
                continue
            line: dict[str, object] = {"prompt": prompt, "scores": known}
            if all(name in rates for name in models):
                line["costs"] = {name: rates[name].of(prompt) for name in models}
            yield json.dumps(line).encode() + b"\n"


def enough(examples: Examples, names: Mapping[UUID, str]) -> list[str]:
    """Choose the models that there is enough of; raise `InsufficientData` where these are too few."""
    known = {each.hex for each in names}
    counts = Counter({name: n for name, n in examples.counts().items() if name in known})
    chosen = [name for name, n in counts.most_common(MOST_MODELS) if n >= LEAST_OF_MODEL]
    used = set(chosen)
    prompts = sum(not used.isdisjoint(of) for of in examples.scores.values())
    marks = [
        of[name][0] / of[name][1] for of in examples.scores.values() for name in used & set(of)
    ]
    good, poor = sum(mark > 0.5 for mark in marks), sum(mark <= 0.5 for mark in marks)
    if (
        len(chosen) >= LEAST_MODELS
        and prompts >= LEAST_PROMPTS
        and min(good, poor) >= LEAST_OF_KIND
    ):
        return sorted(chosen)
    available = {
        "prompts": len(examples.scores),
        "models": {names[UUID(name)]: n for name, n in counts.most_common()},
        "good": sum(sum(s / n > 0.5 for s, n in of.values()) for of in examples.scores.values()),
        "poor": sum(sum(s / n <= 0.5 for s, n in of.values()) for of in examples.scores.values()),
    }
    raise InsufficientData(
        f"There are outcomes of {len(examples.scores)} prompts, and {len(chosen)} models with at"
        f" least {LEAST_OF_MODEL}: too few to learn from.",
        details={
            "required": {
                "prompts": LEAST_PROMPTS,
                "models": LEAST_MODELS,
                "outcomesPerModel": LEAST_OF_MODEL,
                "goodAndPoorEach": LEAST_OF_KIND,
            },
            "available": available,
            "suggestions": _suggestions(examples, counts, chosen, good, poor),
        },
    )


def _suggestions(
    examples: Examples, counts: Mapping[str, int], chosen: Sequence[str], good: int, poor: int
) -> list[str]:
    missing = LEAST_PROMPTS - len(examples.scores)
    found: list[str] = []
    if missing > 0:
        found.append(f"Tell the outcomes of {missing} more prompts: hone routing outcomes FILE.")
    if len(chosen) < LEAST_MODELS:
        short = sum(1 for n in counts.values() if n < LEAST_OF_MODEL)
        found.append(
            f"Let two models at least answer the same {LEAST_OF_MODEL} prompts or more, and tell how"
            f" good each answer was; {short} of your models have fewer."
        )
    elif min(good, poor) < LEAST_OF_KIND:
        kind = "poor" if poor < good else "good"
        found.append(f"Tell {kind} answers too: there are {min(good, poor)}, and what never varies"
                     " cannot be learned.")  # fmt: skip
    if examples.basis == "observed":
        found.append("Keep contents (privacy settings): without prompts nothing is observed.")
    return found
