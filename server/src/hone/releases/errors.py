"""What can go wrong with releases.

* Conflict 409
  - ReleaseUnderWay, ReleaseOver, ReleaseNotThere, ReleaseSuperseded,
    LiveAlready
* Invalid 422
  - PlanWrong
"""

from hone.core.errors import Conflict, Invalid


class ReleaseUnderWay(Conflict):
    """A release of this model is under way; end it first, by rolling back or going on."""

    code = "release_under_way"


class ReleaseOver(Conflict):
    """This release is over; start another."""

    code = "release_over"


class ReleaseNotThere(Conflict):
    """This release is not at a point where that can be done."""

    code = "release_not_there"


class ReleaseSuperseded(Conflict):
    """Another version is live since; go back with a rollback of the model."""

    code = "release_superseded"


class LiveAlready(Conflict):
    """This version is live there already."""

    code = "live_already"


class PlanWrong(Invalid):
    """This plan cannot be followed."""

    code = "release_plan_wrong"
