"""A chat completion's request, message by message, as far as another format can say it.

Beside OpenAI's own fields stand those that clients of other vendors send in this format:
`cache_control` (OpenRouter, LiteLLM), `thinking` and `thinking_blocks` (LiteLLM),
`reasoning_content` (DeepSeek), `extra_content` (Gemini's OpenAI-compatible API).
"""

import msgspec

Raw = msgspec.Raw
NOTHING = Raw(b"")


class CacheControl(msgspec.Struct, gc=False):
    """Anthropic's mark up to where a prompt may be cached."""

    ttl: str | None = None


class ImageUrl(msgspec.Struct, gc=False):
    """A picture: an address, or `data:` with its bytes."""

    url: str
    detail: str | None = None


class File(msgspec.Struct, gc=False):
    """A document: `data:` with its bytes, or an id at the provider."""

    filename: str | None = None
    file_data: str | None = None
    file_id: str | None = None


class InputAudio(msgspec.Struct, gc=False):
    """A recording."""

    data: str
    format: str


class Part(msgspec.Struct, gc=False):
    """A part of a message's content."""

    type: str
    text: str | None = None
    refusal: str | None = None
    image_url: ImageUrl | None = None
    file: File | None = None
    input_audio: InputAudio | None = None
    cache_control: CacheControl | None = None


class Function(msgspec.Struct, gc=False):
    """The call of a function."""

    name: str | None = None
    arguments: str | None = None


class Google(msgspec.Struct, gc=False):
    """What Gemini tells beside a call."""

    thought_signature: str | None = None


class ExtraContent(msgspec.Struct, gc=False):
    """What vendors tell beside a call."""

    google: Google | None = None


class ToolCall(msgspec.Struct, gc=False):
    """A call that the model asks for; in a stream, a piece of one."""

    id: str | None = None
    index: int | None = None
    type: str | None = None
    function: Function | None = None
    extra_content: ExtraContent | None = None


class ThinkingBlock(msgspec.Struct, gc=False):
    """Anthropic's `thinking` or `redacted_thinking`."""

    type: str
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None


class Message(msgspec.Struct, gc=False):
    """One message."""

    role: str
    content: str | list[Part] | None = None
    name: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None
    reasoning_content: str | None = None
    thinking_blocks: list[ThinkingBlock] | None = None


class FunctionTool(msgspec.Struct, gc=False):
    """What a function is for, and what it takes."""

    name: str
    description: str | None = None
    parameters: Raw = NOTHING
    strict: bool | None = None


class Tool(msgspec.Struct, gc=False):
    """A tool that is offered."""

    type: str
    function: FunctionTool | None = None
    cache_control: CacheControl | None = None


class Named(msgspec.Struct, gc=False):
    """A function by its name."""

    name: str


class ToolChoice(msgspec.Struct, gc=False):
    """The one tool that must be called."""

    type: str
    function: Named | None = None


class JsonSchema(msgspec.Struct, gc=False):
    """A schema for the answer."""

    name: str = "answer"
    schema: Raw = NOTHING
    strict: bool | None = None


class ResponseFormat(msgspec.Struct, gc=False):
    """What shape the answer has."""

    type: str
    json_schema: JsonSchema | None = None


class Thinking(msgspec.Struct, gc=False):
    """Anthropic's parameter, as LiteLLM's clients send it."""

    type: str
    budget_tokens: int | None = None


class ChatRequest(msgspec.Struct, gc=False):
    """A request; what is not here has no home in another format."""

    messages: list[Message]
    model: Raw = NOTHING
    tools: list[Tool] | None = None
    tool_choice: str | ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    response_format: ResponseFormat | None = None
    reasoning_effort: str | None = None
    thinking: Thinking | None = None
    modalities: list[str] | None = None
    user: str | None = None
