"""Python's garbage collector, set for processes that make many short-lived objects and few cycles.

Reference counting frees almost everything on the way of a call; the default thresholds would still
look for cycles every 700 allocations. What it saves shows in the core time that `make bench` prints.
"""

import gc

_YOUNG, _MIDDLE, _OLD = 50_000, 20, 20


def relax() -> None:
    """Look for cycles less often, and never again among what is alive now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
