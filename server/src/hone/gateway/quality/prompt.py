"""The text that a request asks with: what the user said last."""

import msgspec

from hone.llm.unicode import mend


class _Part(msgspec.Struct, gc=False):
    text: str | None = None


class _Message(msgspec.Struct):
    role: str = ""
    content: str | list[_Part] | None = None


class _Request(msgspec.Struct):
    messages: list[_Message] = []
    input: str | list[_Message] | None = None
    prompt: str | None = None


_decode = msgspec.json.Decoder(_Request).decode


def prompt(content: bytes) -> str:
    """Find it in a request to `/v1`; a request that cannot be read asks nothing."""
    try:
        request = _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            request = _decode(mend(content))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return ""
    except RecursionError:
        return ""
    if isinstance(request.input, str):
        return request.input
    if request.prompt is not None:
        return request.prompt
    messages = request.messages or request.input or []
    said = next((each for each in reversed(messages) if each.role == "user"), None)
    if said is None or said.content is None:
        return ""
    if isinstance(said.content, str):
        return said.content
    return "\n".join(part.text for part in said.content if part.text)
