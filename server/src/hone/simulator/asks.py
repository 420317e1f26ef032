"""What a caller asks for, in no vendor's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from hone.simulator import tokens

Json = dict[str, object]
Input = str | list[int]
Choice = Literal["none", "auto", "required"]


class Message(msgspec.Struct):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Json] | None = None
    tool_calls: list[Json] | None = None

    def text(self) -> str:
        """Return the text of the message, parts joined by lines."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(str(part["text"]) for part in self.content or () if "text" in part)

    def token_count(self) -> int:
        """Count the message's tokens as `tokens` documents."""
        others = 0
        if isinstance(self.content, list):
            others = sum(1 for part in self.content if "text" not in part)
        calls = msgspec.json.encode(self.tool_calls).decode() if self.tool_calls else ""
        return (
            tokens.of_text(self.text() + calls)
            + tokens.PER_MESSAGE
            + tokens.PER_OTHER_PART * others
        )


class Function(msgspec.Struct):
    """A function that the model may call."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    parameters: Json | None = None


HOUR = 3600
"""How long, in seconds, what is dear to keep in a prompt cache is kept."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the prompt up to which the caller wants it cached."""

    digest: bytes
    """Of everything before it."""
    tokens: int
    """How many there are before it."""
    seconds: int = 300
    """How long it is kept after its last use."""


class Ask(msgspec.Struct, gc=False):
    """A conversation to be answered."""

    model: str
    messages: Sequence[Message]
    stream: bool = False
    limit: int | None = None
    """The most tokens that the answer may have."""
    seed: int | None = None
    tools: Sequence[Function] = ()
    tool: Function | None = None
    """The function that the caller insists on."""
    may_call: bool = True
    """False where the caller forbids calls."""
    json: bool = False
    """True where the answer is JSON, of `schema` where there is one."""
    schema: Json | None = None
    thinks: bool = False
    """True where the caller wants to see what the model thinks."""
    stops: Sequence[str] = ()
    """Texts before which the answer ends."""
    marks: Sequence[Mark] = ()

    def prompt_tokens(self) -> int:
        """Count the prompt's tokens."""
        return sum(message.token_count() for message in self.messages)

    def last_user_text(self) -> str:
        """Return what the user said last; the last message where no user spoke."""
        for message in reversed(self.messages):
            if message.role == "user":
                return message.text()
        return self.messages[-1].text()

    def prefill(self) -> str:
        """Return the beginning of the answer where the caller wrote it."""
        last = self.messages[-1]
        return last.text() if last.role == "assistant" and not last.tool_calls else ""


class EmbeddingAsk(msgspec.Struct):
    """Texts, or lists of token numbers, to be turned into vectors."""

    model: str
    inputs: list[Input]
    length: int
    """How long the vectors are."""
    packed: bool = False
    """True where a vector is written as base64."""

    def prompt_tokens(self) -> int:
        """Count the inputs' tokens as `tokens` documents."""
        return sum(
            tokens.of_text(each) if isinstance(each, str) else len(each) for each in self.inputs
        )


def choose(
    choice: Choice, name: str | None, functions: Sequence[Function]
) -> tuple[Function | None, bool]:
    """Return the function that must be called, and whether any may be."""
    if name is not None:
        return next((each for each in functions if each.name == name), None), True
    if choice == "required" and functions:
        return functions[0], True
    return None, choice != "none"
