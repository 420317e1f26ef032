"""Where a run is carried out: each executor starts a command in a folder, watches it and stops it."""

from hone.core.settings import Settings
from hone.training.executors.interface import Executor, Limits, Process, Seen
from hone.training.executors.local import Local
from hone.training.executors.ray import Ray

__all__ = ["Executor", "Limits", "Local", "Process", "Ray", "Seen", "chosen"]


def chosen(settings: Settings) -> Executor:
    """Return the executor that the operator chose."""
    return Ray(settings) if settings.training.executor == "ray" else Local(settings)
