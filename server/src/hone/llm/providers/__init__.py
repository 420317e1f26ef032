"""Every provider by its kind."""

from collections.abc import Callable

from hone.llm.providers import bedrock
from hone.llm.providers.anthropic import Anthropic
from hone.llm.providers.base import Forwarder, Provider
from hone.llm.providers.bedrock import Bedrock
from hone.llm.providers.compatible import VENDORS
from hone.llm.providers.google import Google
from hone.llm.providers.hone import Hone
from hone.llm.providers.ollama import Ollama

__all__ = ["CREDENTIALS", "FORWARDERS", "PROVIDERS", "VENDORS", "Provider"]

PROVIDERS: dict[str, Provider] = {
    **VENDORS,
    "anthropic": Anthropic(),
    "bedrock": Bedrock(),
    "google": Google(),
    "hone": Hone(),
    "ollama": Ollama(),
}

FORWARDERS: dict[str, Forwarder] = {**VENDORS, "anthropic": Anthropic()}
"""Those whose API is that of our own clients."""

CREDENTIALS: dict[str, Callable[[str, str], str | None]] = {"bedrock": bedrock.flaw}
"""For kinds whose credentials have a form: what is wrong with one at a base URL, or None."""
