"""Waiting for facts, with a deadline."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

import psutil

Fact = TypeVar("Fact")


def wait_for(fact: Callable[[], Fact], within: float = 60.0) -> Fact:
    """Return the first true value of `fact`."""
    deadline = time.monotonic() + within
    while not (value := fact()):
        assert time.monotonic() < deadline, "this did not become true in time"
        time.sleep(0.01)
    return value


def promised(seconds: float) -> float:
    """Return how long what is promised may take: alone as said, among other tests some time more.

    A test of the mark `promise` runs alone.
    """
    return seconds * 4 if "PYTEST_XDIST_WORKER" in os.environ else seconds


def alive(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
