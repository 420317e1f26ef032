"""Every provider by its kind."""

from collections.abc import Callable

from hone.llm.providers import bedrock
from hone.llm.providers.anthropic import Anthropic
from hone.llm.providers.base import Provider
from hone.llm.providers.bedrock import Bedrock
from hone.llm.providers.compatible import VENDORS

__all__ = ["CREDENTIALS", "PROVIDERS", "VENDORS", "Provider"]

PROVIDERS: dict[str, Provider] = {**VENDORS, "anthropic": Anthropic(), "bedrock": Bedrock()}

CREDENTIALS: dict[str, Callable[[str, str], str | None]] = {"bedrock": bedrock.flaw}
"""For kinds whose credentials have a form: what is wrong with one at a base URL, or None."""
