"""What is said of the predictor, wherever it is told."""

from typing import Final

IDLE: Final = "No trained model is live, so no predictor runs."
MISSING: Final = (
    "Trained models are live, and no predictor runs: calls of them are refused. Install the trainer with"
    " `scripts/setup trainer` and start Hone again, or set HONE_PREDICTOR__URL."
)
SILENT: Final = (
    "The predictor does not answer: calls of trained models wait for it, and are refused after some seconds."
    " It is started again by itself; its log says why it ended."
)
STARTING: Final = "The predictor has just started; calls of trained models wait for it."


def summed(models: int, failed: int) -> str:
    """Say how many are served, and how many cannot be loaded."""
    if failed:
        return (
            f"{failed} of {models} live versions of trained models cannot be loaded; what was live before"
            " answers, where it is still in memory. `hone doctor` says which and why."
        )
    return (
        f"The predictor serves {models} live version{'' if models == 1 else 's'} of trained models."
    )
