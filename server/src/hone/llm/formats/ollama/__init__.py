"""Ollama's chat (API documentation, "Generate a chat completion"), as the server speaks it."""

from hone.llm.formats.base import ProviderFormat
from hone.llm.formats.ollama import answers, asking

PROVIDER = ProviderFormat(asking.write, answers.read, answers.OllamaReader, serial=False)
