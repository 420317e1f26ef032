"""A request to Anthropic's Messages, block by block, as far as another format can say it."""

import msgspec

Raw = msgspec.Raw
NOTHING = Raw(b"")


class CacheControl(msgspec.Struct, gc=False):
    """Up to where a prompt may be cached."""

    ttl: str | None = None


class Source(msgspec.Struct, gc=False):
    """Where a picture or a document is."""

    type: str
    media_type: str | None = None
    data: str | None = None
    url: str | None = None


class Block(msgspec.Struct, gc=False):
    """A block of content, of any type."""

    type: str
    text: str | None = None
    source: Source | None = None
    title: str | None = None
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    id: str | None = None
    name: str | None = None
    input: Raw = NOTHING
    tool_use_id: str | None = None
    content: Raw = NOTHING
    is_error: bool | None = None
    cache_control: CacheControl | None = None


class Message(msgspec.Struct, gc=False):
    """One turn."""

    role: str
    content: str | list[Block]


class Tool(msgspec.Struct, gc=False):
    """A tool that is offered; one with a `type` of its own is run by Anthropic."""

    name: str
    type: str | None = None
    description: str | None = None
    input_schema: Raw = NOTHING
    strict: bool | None = None
    cache_control: CacheControl | None = None


class ToolChoice(msgspec.Struct, gc=False):
    """Whether a tool must be called."""

    type: str
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class Thinking(msgspec.Struct, gc=False):
    """Whether to think, and for how many tokens."""

    type: str
    budget_tokens: int | None = None


class OutputFormat(msgspec.Struct, gc=False):
    """The schema of the answer."""

    type: str
    schema: Raw = NOTHING


class OutputConfig(msgspec.Struct, gc=False):
    """How to answer."""

    effort: str | None = None
    format: OutputFormat | None = None


class Metadata(msgspec.Struct, gc=False):
    """Who asks."""

    user_id: str | None = None


class MessagesRequest(msgspec.Struct, gc=False):
    """A request; what is not here has no home in another format."""

    messages: list[Message]
    model: Raw = NOTHING
    system: str | list[Block] | None = None
    max_tokens: int | None = None
    tools: list[Tool] | None = None
    tool_choice: ToolChoice | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop_sequences: list[str] | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None
    metadata: Metadata | None = None
