"""Anthropic's Messages (API reference, "Messages"), as clients and vendors speak it."""

from hone.llm.formats.base import ClientFormat, ProviderFormat
from hone.llm.formats.messages import answers, asking, reading, streams, writing

CLIENT = ClientFormat(reading.read, answers.write, writing.MessagesWriter)
PROVIDER = ProviderFormat(
    asking.write,
    answers.read,
    streams.MessagesReader,
    frozenset({"temperature", "top_p", "top_k"}),
)
