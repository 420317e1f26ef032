"""How vendors are told that the last message is the beginning of their answer.

Most see it from the message's role: Anthropic (API reference, "Prefill Claude's response"), Bedrock
and Ollama. Some want to be told: Mistral (API, "Prefix"), DeepSeek ("Chat Prefix Completion", at its
address `/beta`), vLLM and SGLang (`continue_final_message`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import msgspec

from hone.llm.types import Call

Raw = msgspec.Raw
_encode = msgspec.json.Encoder().encode
_object = msgspec.json.Decoder(dict[str, Raw]).decode
_list = msgspec.json.Decoder(list[Raw]).decode
_YES: Final = Raw(b"true")
_NO: Final = Raw(b"false")


def mark(kind: str, call: Call) -> Call:
    """Say to a vendor that wants to be told that the last message is not yet complete."""
    change = _MARKS.get(kind)
    return call if change is None else replace(call, body=_encode(change(_object(call.body))))


def _prefix(body: dict[str, Raw]) -> dict[str, Raw]:
    *before, last = _list(body["messages"])
    marked = Raw(_encode({**_object(last), "prefix": _YES}))
    return {**body, "messages": Raw(_encode([*before, marked]))}


def _unended(body: dict[str, Raw]) -> dict[str, Raw]:
    return {**body, "continue_final_message": _YES, "add_generation_prompt": _NO}


_MARKS: Final[Mapping[str, Callable[[dict[str, Raw]], dict[str, Raw]]]] = {
    "mistral": _prefix,
    "deepseek": _prefix,
    "vllm": _unended,
    "sglang": _unended,
}
