"""What can go wrong with improvement.

* Conflict 409
  - PolicyTaken, PolicyChanged, TurnUnderWay, TurnOver, NothingAwaited, GateStands
* Invalid 422
  - PolicyWrong, BoundUnmeasured
"""

from hone.core.errors import Conflict, Invalid


class PolicyTaken(Conflict):
    """This model has an improvement policy already; change that one."""

    code = "improvement_policy_taken"


class PolicyChanged(Conflict):
    """Somebody changed this policy meanwhile; read it again."""

    code = "improvement_policy_changed"


class TurnUnderWay(Conflict):
    """This model has a turn under way; wait until it is over, or reject it."""

    code = "improvement_turn_under_way"


class TurnOver(Conflict):
    """This turn is over."""

    code = "improvement_turn_over"


class NothingAwaited(Conflict):
    """This turn waits for nobody's approval."""

    code = "improvement_nothing_awaited"


class GateStands(Conflict):
    """This version has not passed its gates; to release it anyway, override and say why."""

    code = "improvement_gate_stands"


class PolicyWrong(Invalid):
    """This policy cannot be kept."""

    code = "improvement_policy_wrong"


class BoundUnmeasured(Invalid):
    """Nothing measures this bound, so nothing would hold it."""

    code = "improvement_bound_unmeasured"
