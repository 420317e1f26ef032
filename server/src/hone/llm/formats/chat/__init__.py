"""OpenAI's chat completions (API reference, "Chat Completions"), as clients and vendors speak it."""

from hone.llm.formats.base import ALL_SAMPLING, ClientFormat, ProviderFormat
from hone.llm.formats.chat import answers, asking, reading, streams

CLIENT = ClientFormat(reading.read, answers.write, streams.ChatWriter)

_DRAWS = ALL_SAMPLING - {"top_k"}
OPENAI = ProviderFormat(asking.write, answers.read, streams.ChatReader, _DRAWS)
"""As OpenAI itself has it: `max_completion_tokens`, developers and schemas."""

COMMON = ProviderFormat(asking.write_common, answers.read, streams.ChatReader, _DRAWS)
"""As everybody else has it: `max_tokens`, and no role of a developer."""
