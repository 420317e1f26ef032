"""How a conversation becomes tokens, in training and in serving: it must be the same, byte by byte.

A model that learned from one form of a conversation and is asked in another answers badly, and nothing says why.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final, Protocol

from hone_trainer.errors import Refused
from hone_trainer.tuning.conversations import Lesson, Messages

COMPARED: Final = 256
"""Conversations that are rendered both ways."""
PROBES: Final[tuple[Messages, ...]] = (
    [{"role": "user", "content": "Why?"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": " a\n\tb "}],
    [
        {"role": "user", "content": "{{ 日 }} <x>"},
        {"role": "assistant", "content": "é"},
        {"role": "user", "content": ""},
    ],
)
"""Conversations whose rendering tells a template from others."""


class Tokenizer(Protocol):
    """What renders conversations."""

    def apply_chat_template(self, conversation: Messages, **how: Any) -> Any:
        """Render one, as text or as tokens."""
        ...


def asked(tokenizer: Tokenizer, messages: Messages) -> str:
    """Render a conversation as it is served: up to where the answer begins."""
    return tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)


def whole(tokenizer: Tokenizer, lesson: Lesson) -> str:
    """Render a conversation with its answer."""
    return tokenizer.apply_chat_template(lesson.whole(), tokenize=False)


def tokens(tokenizer: Tokenizer, lesson: Lesson) -> list[int]:
    """Return the tokens of a conversation with its answer."""
    found = tokenizer.apply_chat_template(lesson.whole(), tokenize=True, return_dict=True)
    return list(found["input_ids"])


def fingerprint(tokenizer: Tokenizer) -> str:
    """Return what tells how a model's conversations are rendered from how another's are."""
    digest = sha256()
    for probe in PROBES:
        digest.update(asked(tokenizer, probe).encode() + b"\0")
    return digest.hexdigest()


def equal(
    serving: Tokenizer, learned: Sequence[Lesson], trained: Iterable[Sequence[int]]
) -> dict[str, Any]:
    """Compare what was trained on with what is served, or refuse; return the proof.

    `trained` are the tokens of each lesson as the trainer had them, which may be cut at their end.
    """
    digest = sha256()
    count = 0
    for lesson, had in zip(learned[:COMPARED], trained, strict=False):
        text, question = whole(serving, lesson), asked(serving, lesson.messages)
        if not text.startswith(question):
            raise _differs(lesson, "a question is rendered differently when its answer follows")
        served = tokens(serving, lesson)
        if not had or served[: len(had)] != list(had):
            raise _differs(lesson, "training saw other tokens than serving makes")
        digest.update(text.encode())
        count += 1
    return {"equal": True, "compared": count, "sha256": digest.hexdigest()}


def _differs(lesson: Lesson, why: str) -> Refused:
    return Refused(
        "TEMPLATE_DIFFERS",
        f"The model's chat template cannot be trusted: of {lesson.id}, {why}.",
        example=lesson.id,
    )
