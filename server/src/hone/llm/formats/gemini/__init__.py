"""Google's Gemini (API reference, "Generating content", version v1beta), as the vendor speaks it."""

from hone.llm.formats.base import ProviderFormat
from hone.llm.formats.gemini import answers, asking, streams

PROVIDER = ProviderFormat(asking.write, answers.read, streams.GeminiReader, serial=False)
"""As models before Gemini 3 have it."""

PROVING = ProviderFormat(asking.write_proving, answers.read, streams.GeminiReader, serial=False)
"""As Gemini 3 and later have it: every call must prove that it was the model's own thought."""
