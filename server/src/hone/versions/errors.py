"""What can go wrong with trained models.

* Conflict 409
  - GateNotPassed, VersionTaken, VersionDeprecated, VersionLive, NotLive, NothingBefore
* Invalid 422
  - NameUnclear, VersionWrong, GateUnknown, NoArtifact, ArtifactWrong
"""

from hone.core.errors import Conflict, Invalid


class GateNotPassed(Conflict):
    """This version has not passed its gates; release it with an override that says why."""

    code = "gate_not_passed"


class VersionTaken(Conflict):
    """This model has a version of that number already."""

    code = "version_taken"


class VersionDeprecated(Conflict):
    """This version is deprecated; train or register another."""

    code = "version_deprecated"


class VersionLive(Conflict):
    """This version is live; promote another first, or say that nothing is to take its place."""

    code = "version_live"


class NotLive(Conflict):
    """Nothing is live there."""

    code = "nothing_live"


class NothingBefore(Conflict):
    """Nothing was live there before; there is nothing to go back to."""

    code = "nothing_to_roll_back_to"


class NameUnclear(Invalid):
    """Say which model is meant: several have versions."""

    code = "name_unclear"


class VersionWrong(Invalid):
    """A version is three numbers, such as 1.2.0."""

    code = "version_wrong"


class GateUnknown(Invalid):
    """There is no such gate."""

    code = "gate_unknown"


class NoArtifact(Invalid):
    """This version has no files, so nothing can serve it."""

    code = "no_artifact"


class ArtifactWrong(Invalid):
    """These files are not an artifact of the trainer."""

    code = "artifact_wrong"
