"""Every provider by its kind."""

from hone.llm.providers.base import Body, Piece, Provider, Reply
from hone.llm.providers.compatible import VENDORS

__all__ = ["PROVIDERS", "VENDORS", "Body", "Piece", "Provider", "Reply"]

PROVIDERS: dict[str, Provider] = {**VENDORS}
