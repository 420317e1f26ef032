"""What can go wrong with experiments.

* Conflict 409
  - NameSplitAlready, ExperimentRunning, ExperimentState, ExperimentChanged
* Invalid 422
  - ArmUnknown, ArmsWrong, TargetUnknown, WinnerOther
"""

from hone.core.errors import Conflict, Invalid


class NameSplitAlready(Conflict):
    """The calls of this name are split already; end that first."""

    code = "name_split_already"


class ExperimentRunning(Conflict):
    """This experiment is under way: a change would spoil what was counted."""

    code = "experiment_running"


class ExperimentState(Conflict):
    """This cannot be done with the experiment as it is."""

    code = "experiment_state"


class ExperimentChanged(Conflict):
    """Somebody changed this experiment meanwhile; read it again."""

    code = "experiment_changed"


class ArmUnknown(Invalid):
    """This experiment has no such arm."""

    code = "arm_unknown"


class ArmsWrong(Invalid):
    """The arms of this experiment cannot be compared."""

    code = "arms_wrong"


class TargetUnknown(Invalid):
    """Clients can send nothing of this name as `model`."""

    code = "target_unknown"


class WinnerOther(Invalid):
    """This experiment was not decided for this version."""

    code = "winner_other"
