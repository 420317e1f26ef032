"""What is said to a model and what it answers, in nobody's format.

Every dialect is read into these values and written from them, so that each vendor is translated
once and not once for every other. What only one vendor knows is not here: it passes through where
both sides speak that vendor's dialect, and is refused by name (`Untranslatable`) where they do not.
JSON that nobody looks into (schemas, arguments) stays the bytes that it was.
"""

from enum import StrEnum

import msgspec

from hone.llm.types import Usage

Raw = msgspec.Raw


class Text(msgspec.Struct, frozen=True, gc=False):
    """Text of a message."""

    text: str
    cache: str | None = None
    """How long the provider may cache the prompt up to here: `5m` or `1h`."""


class Media(msgspec.Struct, frozen=True, gc=False):
    """A picture or a document, by its bytes or by where it lies."""

    kind: str
    """`image` or `file`."""
    media_type: str = ""
    """Such as `image/png`; empty where only the address is known."""
    data: str = ""
    """Base64 of the bytes; empty for an address."""
    url: str = ""
    name: str = ""
    detail: str = ""
    """OpenAI's `low`, `high` or `auto`."""
    cache: str | None = None


class Sound(msgspec.Struct, frozen=True, gc=False):
    """A recording."""

    format: str
    data: str


class Thought(msgspec.Struct, frozen=True, gc=False):
    """What a model thought before it answered; it goes back unchanged with the next turn."""

    text: str = ""
    signature: str = ""
    """The vendor's proof that it was the model that thought this."""
    sealed: str = ""
    """A thought that only the vendor can read."""


class Asked(msgspec.Struct, frozen=True, gc=False):
    """A tool that the model wants to be called."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it: it may be cut or wrong."""
    signature: str = ""
    """Gemini's `thoughtSignature`, without which it refuses the next turn."""
    cache: str | None = None


class Result(msgspec.Struct, frozen=True, gc=False):
    """What a tool returned."""

    id: str
    """Of the call that it answers."""
    parts: tuple["Text | Media", ...]
    failed: bool = False
    cache: str | None = None


Part = Text | Media | Sound | Thought | Asked | Result


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    DEVELOPER = "developer"
    USER = "user"
    """Also for what tools returned."""
    ASSISTANT = "assistant"


class Message(msgspec.Struct, frozen=True, gc=False):
    """One turn."""

    role: Role
    parts: tuple[Part, ...]
    name: str = ""


class Tool(msgspec.Struct, frozen=True, gc=False):
    """A function that the model may ask for."""

    name: str
    description: str = ""
    schema: Raw = Raw(b"")
    """JSON Schema of its arguments; empty where there are none."""
    strict: bool | None = None
    cache: str | None = None


class Format(msgspec.Struct, frozen=True, gc=False):
    """The shape that an answer must have: any JSON, or what a schema allows."""

    schema: Raw = Raw(b"")
    """Empty: any JSON object."""
    name: str = "answer"
    strict: bool | None = None


class Sampling(msgspec.Struct, frozen=True, gc=False):
    """How words are drawn; what a vendor does not have is left out, and said so."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None


class Request(msgspec.Struct, frozen=True, gc=False):
    """What is asked of a model."""

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    choice: str | None = None
    """`auto`, `none`, `required`, or `=` and the name of the one tool to call."""
    parallel: bool | None = None
    """Whether several tools may be asked for at once."""
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    sampling: Sampling = Sampling()
    format: Format | None = None
    effort: str | None = None
    """How much to think, in OpenAI's words: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`."""
    budget: int | None = None
    """How much to think, in tokens."""
    choices: int = 1
    logprobs: int | None = None
    """How many alternatives to tell for each token; None: none are told."""
    user: str | None = None
    dropped: tuple[str, ...] = ()
    """Parameters without which an answer is still one; the client is told their names."""


class Finish(StrEnum):
    """Why a model stopped, in OpenAI's words."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"


class Choice(msgspec.Struct, frozen=True, gc=False):
    """One alternative of an answer."""

    parts: tuple[Part, ...]
    finish: Finish
    sequence: str | None = None
    """The stop sequence that was met."""
    logprobs: Raw = Raw(b"")
    """In OpenAI's shape."""


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a model answered."""

    choices: tuple[Choice, ...]
    usage: Usage | None
    id: str = ""
    model: str = ""


class Began(msgspec.Struct, frozen=True, gc=False):
    """A stream's first word."""

    id: str = ""
    model: str = ""
    usage: Usage | None = None
    """What is known of the prompt already."""


class Wrote(msgspec.Struct, frozen=True, gc=False):
    """More of the answer's text."""

    text: str
    choice: int = 0
    logprobs: Raw = Raw(b"")


class Mused(msgspec.Struct, frozen=True, gc=False):
    """More of a thought; `signature` and `sealed` come whole."""

    text: str = ""
    signature: str = ""
    sealed: str = ""
    choice: int = 0


class Called(msgspec.Struct, frozen=True, gc=False):
    """A tool is asked for; its arguments follow."""

    index: int
    """Counts the calls of a choice."""
    id: str
    name: str
    signature: str = ""
    choice: int = 0


class Argued(msgspec.Struct, frozen=True, gc=False):
    """More of the arguments of a call."""

    index: int
    text: str
    choice: int = 0


class Ended(msgspec.Struct, frozen=True, gc=False):
    """A choice is complete."""

    finish: Finish
    sequence: str | None = None
    choice: int = 0


class Counted(msgspec.Struct, frozen=True, gc=False):
    """What it took; the last one counts."""

    usage: Usage


class Closed(msgspec.Struct, frozen=True, gc=False):
    """Nothing follows."""


Delta = Began | Wrote | Mused | Called | Argued | Ended | Counted | Closed
