"""Examples as conversations: what was said, and what is to be said next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hone_trainer.data import Example
from hone_trainer.errors import Refused, insufficient
from hone_trainer.run import Run

SHOWN: Final = 20
Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A conversation with the answer that is wanted, and one that is not."""

    id: str
    messages: Messages
    answer: str
    refused: str | None = None
    """The answer that is worse; of lessons of preference only."""

    def whole(self, answer: str | None = None) -> Messages:
        """Return the conversation with its answer."""
        said = self.answer if answer is None else answer
        return [*self.messages, {"role": "assistant", "content": said}]


def lessons(
    examples: Sequence[Example], *, system: str = "", preference: bool = False
) -> list[Lesson]:
    """Make conversations of examples, or say which of them cannot be."""
    found: list[Lesson] = []
    wrong: list[dict[str, str]] = []
    for example in examples:
        try:
            found.append(_lesson(example, system, preference))
        except ValueError as problem:
            wrong.append({"id": example.id, "problem": str(problem)})
    if wrong:
        raise Refused(
            "DATA_INVALID",
            f"{len(wrong)} examples are no conversations; the first is {wrong[0]['id']}: "
            f"{wrong[0]['problem']}",
            examples=wrong[:SHOWN],
            count=len(wrong),
        )
    return found


def taught(run: Run, least: int) -> list[Lesson]:
    """Return what a run is to teach, or say why it is not enough."""
    found = lessons(
        run.examples.split("train"),
        system=run.params["system"],
        preference=run.spec.task == "dpo",
    )
    if len(found) < least:
        raise insufficient(
            f"There are {len(found)} conversations to learn from; {least} are needed.",
            required=least,
            available=len(found),
            suggestions=[
                "Approve more examples.",
                "Lower the quality from which examples are taken.",
            ],
        )
    return found


def _lesson(example: Example, system: str, preference: bool) -> Lesson:
    messages = _messages(example)
    if system and messages[0]["role"] != "system":
        messages = [{"role": "system", "content": system}, *messages]
    if not preference:
        return Lesson(example.id, messages, _said(example.output, "The output"))
    pair = example.output
    if not isinstance(pair, Mapping):
        raise ValueError("The output has no `chosen` and `rejected`.")
    chosen, refused = (_said(pair.get(name), f"`{name}`") for name in ("chosen", "rejected"))
    if chosen == refused:
        raise ValueError("`chosen` and `rejected` are the same.")
    return Lesson(example.id, messages, chosen, refused)


def _messages(example: Example) -> Messages:
    if isinstance(example.input, str):
        return [{"role": "user", "content": example.input}]
    for message in example.input:
        if not isinstance(message.get("role"), str) or not isinstance(message.get("content"), str):
            raise ValueError("A message has no `role` or no text as `content`.")
    return [{"role": each["role"], "content": each["content"]} for each in example.input]


def _said(output: object, what: str) -> str:
    """Read an answer: text, or messages that end with one."""
    if isinstance(output, list) and output and isinstance(output[-1], Mapping):
        output = output[-1].get("content")
    if not isinstance(output, str) or not output.strip():
        raise ValueError(f"{what} is no text.")
    return output
