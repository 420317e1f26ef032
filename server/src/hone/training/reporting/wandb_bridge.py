"""A program of its own: does with the client of Weights & Biases what lines of JSON ask for, and answers each.

It runs in an environment that has `wandb` and nothing of Hone, so it imports nothing of Hone.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

RUNS: dict[str, Any] = {}
DEFINED: set[tuple[str, str]] = set()
SETTINGS = {"init_timeout": 30, "x_disable_stats": True, "x_disable_meta": True}


def begin(asked: dict[str, Any]) -> dict[str, Any]:
    """Open a run, or go on with the one of its name."""
    known = RUNS.pop(asked["id"], None)
    if known is not None:
        known.finish()
    wandb: Any = import_module("wandb")
    run = wandb.init(
        project=asked["project"],
        id=asked["id"],
        name=asked["id"],
        job_type=asked["kind"],
        tags=asked["tags"],
        config=asked["config"],
        resume="allow",
        reinit="create_new",
        settings=wandb.Settings(**SETTINGS),
    )
    RUNS[asked["id"]] = run
    DEFINED.difference_update([each for each in DEFINED if each[0] == asked["id"]])
    return {"url": run.url}


def tell(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell values: each has its number as the step, by which what comes again is dropped."""
    run = RUNS[asked["id"]]
    for row in asked["rows"]:
        group = row["key"].rpartition("/")[0]
        along = f"{group}/step" if group else "step"
        if (asked["id"], row["key"]) not in DEFINED:
            run.define_metric(row["key"], step_metric=along)
            DEFINED.add((asked["id"], row["key"]))
        run.log({row["key"]: row["value"], along: row["step"]}, step=row["number"])
    return {}


def end(asked: dict[str, Any]) -> dict[str, Any]:
    """Say what came of a run, and wait until all of it has left."""
    run = RUNS.pop(asked["id"])
    run.summary.update(asked["summary"])
    run.config.update(asked["config"], allow_val_change=True)
    run.finish(exit_code=asked["code"])
    return {}


DOES = {"begin": begin, "tell": tell, "end": end}


def main() -> None:
    """Answer lines until there are no more; nothing else may write where the answers go."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = DOES[asked["do"]](asked)
        except Exception as error:  # noqa: BLE001 - whatever the client raises is its answer
            said = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
