"""Every provider by its kind."""

from collections.abc import Callable

from hone.llm.providers import bedrock
from hone.llm.providers.anthropic import Anthropic
from hone.llm.providers.base import Provider
from hone.llm.providers.bedrock import Bedrock
from hone.llm.providers.compatible import VENDORS
from hone.llm.types import Call

__all__ = ["CHECKS", "CREDENTIALS", "PROVIDERS", "VENDORS", "Provider"]

_BEDROCK = Bedrock()

PROVIDERS: dict[str, Provider] = {**VENDORS, "anthropic": Anthropic(), "bedrock": _BEDROCK}

CREDENTIALS: dict[str, Callable[[str, str], str | None]] = {"bedrock": bedrock.flaw}
"""For kinds whose credentials have a form: what is wrong with one at a base URL, or None."""

CHECKS: dict[str, Callable[[str, str], Call]] = {"bedrock": _BEDROCK.check}
"""For kinds that list no models where they answer: a call that tells whether a credential is good."""
