"""Every provider by its kind."""

from hone.llm.providers.anthropic import Anthropic
from hone.llm.providers.base import Provider
from hone.llm.providers.compatible import VENDORS
from hone.llm.providers.google import Google
from hone.llm.providers.ollama import Ollama

__all__ = ["PROVIDERS", "VENDORS", "Provider"]

PROVIDERS: dict[str, Provider] = {
    **VENDORS,
    "anthropic": Anthropic(),
    "google": Google(),
    "ollama": Ollama(),
}
