"""A request to OpenAI's Responses, item by item, as far as another format can say it."""

import msgspec

Raw = msgspec.Raw
NOTHING = Raw(b"")


class Part(msgspec.Struct, gc=False):
    """A part of a message's content, of a reasoning or of what a function returned."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: str | None = None
    detail: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None


class Item(msgspec.Struct, gc=False):
    """A message, a call of a function, what it returned, or a thought."""

    type: str = "message"
    role: str | None = None
    content: str | list[Part] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | list[Part] | None = None
    summary: list[Part] | None = None
    encrypted_content: str | None = None


class Tool(msgspec.Struct, gc=False):
    """A tool that is offered; only functions can be offered to others."""

    type: str
    name: str | None = None
    description: str | None = None
    parameters: Raw = NOTHING
    strict: bool | None = None


class ToolChoice(msgspec.Struct, gc=False):
    """The one tool that must be called."""

    type: str
    name: str | None = None


class Format(msgspec.Struct, gc=False):
    """What shape the answer has."""

    type: str
    name: str = "answer"
    schema: Raw = NOTHING
    strict: bool | None = None


class TextOptions(msgspec.Struct, gc=False):
    """How to write."""

    format: Format | None = None


class Reasoning(msgspec.Struct, gc=False):
    """How much to think."""

    effort: str | None = None


class ResponsesRequest(msgspec.Struct, gc=False):
    """A request; what is not here has no home in another format."""

    input: str | list[Item]
    model: Raw = NOTHING
    instructions: str | None = None
    tools: list[Tool] | None = None
    tool_choice: str | ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    text: TextOptions | None = None
    reasoning: Reasoning | None = None
    user: str | None = None
