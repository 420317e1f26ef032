"""What can be wrong with what a run was given, told in words: `error.json` and exit 2."""

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """What the run was given cannot be trained on."""

    def __init__(self, code: str, message: str, **details: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: Mapping[str, object] = details


class Stopped(Exception):
    """The run was told to stop; its checkpoint is on the disk."""


class ArtifactDamaged(Exception):
    """A file of a trained model is missing, or is not what its manifest says."""


def insufficient(
    message: str, *, required: int, available: int, suggestions: Sequence[str], **more: object
) -> Refused:
    """Say that there are too few examples, and what helps."""
    return Refused(
        "INSUFFICIENT_DATA",
        message,
        required=required,
        available=available,
        suggestions=list(suggestions),
        **more,
    )
