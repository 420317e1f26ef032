"""How near what a tuned model says is to what was wanted: exactly, and by the words that both have."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hone_trainer import disk
from hone_trainer.figures import rounded
from hone_trainer.response.library import same, words
from hone_trainer.run import Run
from hone_trainer.tuning.conversations import Lesson


def measured(run: Run, asked: Sequence[Lesson], said: Sequence[str]) -> dict[str, Any]:
    """Compare answers with those that were wanted, and write `predictions.jsonl`."""
    near = [nearness(lesson.answer, each) for lesson, each in zip(asked, said, strict=True)]
    right = [same(lesson.answer) == same(each) for lesson, each in zip(asked, said, strict=True)]
    lines = [
        json.dumps(
            {"id": lesson.id, "expected": lesson.answer, "label": each, "confidence": None},
            ensure_ascii=False,
        )
        for lesson, each in zip(asked, said, strict=True)
    ]
    disk.write(run.folder / "predictions.jsonl", "".join(f"{line}\n" for line in lines).encode())
    if not asked:
        return {}
    figures = {
        "accuracy": rounded(sum(right) / len(right)),
        "wordF1": rounded(sum(near) / len(near)),
        "examples": float(len(asked)),
    }
    for name in ("accuracy", "wordF1"):
        run.metric(name, figures[name], split="test")
    return figures


def nearness(wanted: str, said: str) -> float:
    """Return the F1 of words, each counted as often as it is said."""
    one, other = Counter(words(wanted)), Counter(words(said))
    both = sum((one & other).values())
    total = sum(one.values()) + sum(other.values())
    return 2 * both / total if total else 1.0
