"""What is known of a search's trials: `trials.jsonl`, which a killed run reads when it goes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hone_trainer.journal import Journal

FILE: Final = "trials.jsonl"


@dataclass(frozen=True, slots=True)
class Trial:
    """One try, as far as it came."""

    number: int
    state: str
    """running, complete, pruned or failed."""
    params: Mapping[str, Any]
    """By path; nothing of the first one, which is what the run itself asks for."""
    value: float | None = None
    figures: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seconds: float = 0.0
    error: str | None = None
    curve: Mapping[int, float] = field(default_factory=dict[int, float])
    """What was measured on its way, by step."""


class Book:
    """All trials of a search, in the order of their numbers."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder / FILE, ("number", "state"))
        self.trials: dict[int, Trial] = {}
        for line in (folder / FILE).read_text(encoding="utf-8").splitlines():
            self._keep(_read(json.loads(line)))

    def write(self, trial: Trial) -> None:
        """Write how a trial stands."""
        self._journal.write(
            number=trial.number,
            state=trial.state,
            params=dict(trial.params),
            value=trial.value,
            figures=dict(trial.figures),
            seconds=trial.seconds,
            error=trial.error,
            curve={str(step): value for step, value in trial.curve.items()},
        )
        self._keep(trial)

    def ended(self) -> list[Trial]:
        """Return the trials that are over."""
        return [each for _, each in sorted(self.trials.items()) if each.state != "running"]

    def open(self) -> list[Trial]:
        """Return the trials that were begun and are not over."""
        return [each for _, each in sorted(self.trials.items()) if each.state == "running"]

    def close(self) -> None:
        """Close the file."""
        self._journal.close()

    def _keep(self, trial: Trial) -> None:
        known = self.trials.get(trial.number)
        if known is None or known.state == "running":
            self.trials[trial.number] = trial


def _read(line: Mapping[str, Any]) -> Trial:
    return Trial(
        line["number"],
        line["state"],
        line["params"],
        line["value"],
        line["figures"],
        line["seconds"],
        line["error"],
        {int(step): value for step, value in line["curve"].items()},
    )
