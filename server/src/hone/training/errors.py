"""What can go wrong with training.

* AppError 500
  - TrainerFailed
* BadRequest 400
  - TuningWrong
* NotFound 404
  - TuningJobMissing, TuningFileMissing
* Conflict 409
  - RunOver, NotPaused, ScheduleTaken, ScheduleChanged, KeyUsedOtherwise
* Invalid 422
  - InsufficientData, JobWrong
* Unavailable 503
  - TrainerMissing
"""

from hone.core.errors import AppError, BadRequest, Conflict, Invalid, NotFound


class RunOver(Conflict):
    """This training run is over."""

    code = "training_run_over"


class RunNotPaused(Conflict):
    """This training run is not paused."""

    code = "training_run_not_paused"


class RunGoesOn(Conflict):
    """This training run is not over; cancel it, or wait."""

    code = "training_run_goes_on"


class KeyUsedOtherwise(Conflict):
    """This Idempotency-Key was used with another specification."""

    code = "idempotency_key_reused"


class ScheduleTaken(Conflict):
    """There is a schedule of this name already."""

    code = "schedule_taken"


class ScheduleChanged(Conflict):
    """Somebody changed this schedule meanwhile; read it again."""

    code = "schedule_changed"


class InsufficientData(Invalid):
    """There are too few examples to learn from."""

    code = "INSUFFICIENT_DATA"


class JobWrong(Invalid):
    """This is no training that can be done."""

    code = "training_job_wrong"


class TuningWrong(BadRequest):
    """This is no tuning job that can be done."""

    code = "tuning_job_wrong"


class TuningFilesRead(Conflict):
    """The files of this tuning job are still being read: it can only be cancelled."""

    code = "tuning_files_read"


class TuningJobMissing(NotFound):
    """There is no such tuning job here."""

    code = "tuning_job_not_found"


class TuningFileMissing(NotFound):
    """Hone does not keep the file that is to be learned from."""

    code = "tuning_file_not_found"


class TrainerFailed(AppError):
    """The trainer ended without a model."""

    code = "trainer_failed"
