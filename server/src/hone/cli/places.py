"""Things that are named, as `module:attribute`, and imported when they are needed."""

import gc
import importlib


def find(place: str) -> object:
    """Import what a place names.

    What is imported stays: to look through it for garbage on the way takes a fifth of the time.
    """
    module, _, attribute = place.partition(":")
    collecting = gc.isenabled()
    gc.disable()
    try:
        return getattr(importlib.import_module(module), attribute)
    finally:
        if collecting:
            gc.enable()
