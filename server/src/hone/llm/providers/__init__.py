"""Every provider by its kind."""

from hone.llm.providers.anthropic import Anthropic
from hone.llm.providers.base import Forwarder, Provider
from hone.llm.providers.compatible import VENDORS
from hone.llm.providers.google import Google
from hone.llm.providers.ollama import Ollama

__all__ = ["FORWARDERS", "PROVIDERS", "VENDORS", "Provider"]

PROVIDERS: dict[str, Provider] = {
    **VENDORS,
    "anthropic": Anthropic(),
    "google": Google(),
    "ollama": Ollama(),
}

FORWARDERS: dict[str, Forwarder] = {**VENDORS, "anthropic": Anthropic()}
"""Those whose API is that of our own clients."""
