"""What can go wrong with monitoring.

* Conflict 409
  - MonitorTaken, MonitorChanged, AlertOver, ChannelTaken, ChannelChanged
* Invalid 422
  - RuleWrong, ChannelWrong, UntilPassed, NothingToReview
* Unavailable 503
  - NoMailServer, ComparisonFailed
"""

from hone.core.errors import Conflict, Invalid, Unavailable


class MonitorTaken(Conflict):
    """There is a monitor of this name already."""

    code = "monitor_taken"


class MonitorChanged(Conflict):
    """Somebody changed this monitor meanwhile; read it again."""

    code = "monitor_changed"


class AlertOver(Conflict):
    """This alert is resolved."""

    code = "alert_resolved"


class ChannelTaken(Conflict):
    """There is a channel of this name already."""

    code = "channel_taken"


class ChannelChanged(Conflict):
    """Somebody changed this channel meanwhile; read it again."""

    code = "channel_changed"


class RuleWrong(Invalid):
    """A monitor of this kind cannot have this rule."""

    code = "monitor_rule_wrong"


class ChannelWrong(Invalid):
    """A channel of this kind cannot be like this."""

    code = "channel_wrong"


class UntilPassed(Invalid):
    """The end of a silence lies in the future."""

    code = "until_passed"


class NothingToReview(Invalid):
    """Of none of these calls is it known what was asked and answered."""

    code = "nothing_to_review"


class ComparisonFailed(Unavailable):
    """What takes the trainer could not be compared."""

    code = "comparison_failed"


class NoMailServer(Unavailable):
    """There is no mail server: set HONE_MAIL__HOST, and what else it wants."""

    code = "no_mail_server"
