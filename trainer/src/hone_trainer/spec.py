"""What a run is to do: `spec.json`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hone_trainer.errors import Refused

FORMAT: Final = 1
TASKS: Final = ("intent", "entity", "response", "sft", "dpo")


@dataclass(frozen=True, slots=True)
class Spec:
    """One run."""

    run: str
    task: str
    engine: str
    seed: int
    data: str
    params: dict[str, Any]
    base_model: str | None
    """An artifact to start from, as a path; the folder `base/` where it says nothing."""
    cache: str | None = None
    """A folder for what several runs can use."""
    search: dict[str, Any] | None = None
    """What parameters are to be searched for, if any."""


def read(path: Path) -> Spec:
    """Read and check it."""
    try:
        body: Any = json.loads(path.read_bytes())
    except (OSError, ValueError) as wrong:
        raise Refused("SPEC_INVALID", f"{path.name} cannot be read as JSON.") from wrong
    if not isinstance(body, dict):
        raise Refused("SPEC_INVALID", f"{path.name} is not an object.")
    problems = [*_problems(body)]
    if problems:
        raise Refused("SPEC_INVALID", problems[0], problems=problems)
    return Spec(
        str(body.get("run", "")),
        body["task"],
        body["engine"],
        body.get("seed", 7),
        body.get("data", "data.jsonl"),
        body.get("params") or {},
        body.get("baseModel"),
        body.get("cache"),
        body.get("search"),
    )


def _problems(body: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if body.get("format") != FORMAT:
        found.append(f"`format` is {body.get('format')!r}; this trainer reads {FORMAT}.")
    if body.get("task") not in TASKS:
        found.append(f"`task` is {body.get('task')!r}, not one of {', '.join(TASKS)}.")
    if not isinstance(body.get("engine"), str):
        found.append("`engine` names no engine.")
    seed = body.get("seed", 7)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        found.append("`seed` is not a whole number from 0 to 4294967295.")
    if not isinstance(body.get("params") or {}, dict):
        found.append("`params` is not an object.")
    if not isinstance(body.get("search") or {}, dict):
        found.append("`search` is not an object.")
    data = body.get("data", "data.jsonl")
    if not isinstance(data, str) or Path(data).is_absolute() or ".." in Path(data).parts:
        found.append("`data` is not a file of the run's folder.")
    return found
