"""HTTP routes of training."""

from hone.core import http
from hone.training.routes import doors, runs, schedules, tuning

router = http.gather((doors.router, runs.router, schedules.router, tuning.router, tuning.ours))

__all__ = ["router"]
