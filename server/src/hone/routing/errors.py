"""What can go wrong with learned routing.

* AppError 500
  - TrainerFailed, RoutingModelUnreadable, FitLost
* Conflict 409
  - FitRunning, NotActive, NoRoutingModelActive
* Invalid 422
  - InsufficientData, OutcomeWrong
"""

from hone.core.errors import AppError, Conflict, Invalid


class FitRunning(Conflict):
    """A fit is running already; wait until it ends."""

    code = "fit_running"


class NotActive(Conflict):
    """This routing model is not the active one."""

    code = "routing_model_not_active"


class NoRoutingModelActive(Conflict):
    """No routing model is active."""

    code = "no_routing_model_active"


class InsufficientData(Invalid):
    """There are too few outcomes to learn from."""

    code = "INSUFFICIENT_DATA"


class OutcomeWrong(Invalid):
    """This is no outcome that can be kept."""

    code = "outcome_wrong"


class TrainerFailed(AppError):
    """The trainer ended without a routing model."""

    code = "trainer_failed"


class RoutingModelUnreadable(AppError):
    """The file of this routing model cannot be read by this version of Hone: fit a new one."""

    code = "routing_model_unreadable"


class FitLost(AppError):
    """Nobody works at this fit any more; begin another."""

    code = "fit_lost"
