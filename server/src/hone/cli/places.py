"""Things that are named, as `module:attribute`, and imported when they are needed."""

import importlib


def find(place: str) -> object:
    """Import what a place names."""
    module, _, attribute = place.partition(":")
    return getattr(importlib.import_module(module), attribute)
