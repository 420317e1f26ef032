"""A fine-tuning job at a provider, as a run: sent once, followed to its end, and asked what it learned.

What comes of it is no file but a name: the manifest says so, and the provider serves it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.errors import Refused, Stopped
from hone_trainer.params import Schema
from hone_trainer.run import Run
from hone_trainer.tuning.answers import measured
from hone_trainer.tuning.conversations import Lesson, lessons, taught
from hone_trainer.tuning.provider import Body, Provider

CANCEL: Final = "cancel"
"""A file of this name in the run's folder: who stops the run wants the provider's job to end as well."""
OVER: Final = ("succeeded", "failed", "cancelled")

PARAMS: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "model": {
            "type": "string",
            "description": "The provider's model to start from.",
            "default": "gpt-4o-mini-2024-07-18",
        },
        "system": {
            "type": "string",
            "description": "What the system says first in conversations that say nothing of the kind.",
            "default": "",
        },
        "suffix": {"type": "string", "description": "A part of the new name.", "default": ""},
        "hyperparameters": {
            "type": "object",
            "description": "Passed on: `n_epochs`, `batch_size`, `learning_rate_multiplier`, `beta`.",
            "default": {},
            "additionalProperties": {"type": ["number", "string"]},
        },
        "minExamples": {
            "type": "integer",
            "description": "Conversations that are needed; providers ask for ten.",
            "default": 10,
            "minimum": 1,
            "maximum": 1_000_000,
        },
        "pollSeconds": {
            "type": "number",
            "description": "How often the provider is asked how far it is.",
            "default": 10,
            "minimum": 0,
            "maximum": 3600,
        },
        "evaluate": {
            "type": "integer",
            "description": "Test examples that the new model is asked; each is a call that costs.",
            "default": 50,
            "minimum": 0,
            "maximum": 100_000,
        },
    },
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A model that its provider serves."""

    manifest: Manifest

    @property
    def task(self) -> str:
        """What it does."""
        return self.manifest.task

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Say that it must be asked elsewhere."""
        raise Refused(
            "MODEL_ELSEWHERE",
            f"This model is served by its provider, as {self.manifest.settings['model']}.",
            model=self.manifest.settings["model"],
        )


def train(run: Run) -> None:
    """Have a model tuned by a provider."""
    learned = taught(run, run.params["minExamples"])
    provider = Provider.from_environment(run.told)
    try:
        sent = run.stage(
            "files", "Sending the examples.", 0.05, lambda: _send(run, provider, learned)
        )
        begun = run.stage("job", "Beginning the job.", 0.1, lambda: _begin(run, provider, sent))
        job = _follow(run, provider, str(begun["job"]))
        model = str(job["fine_tuned_model"])
        run.event("stage", "Asking the new model.", 0.9)
        figures = _asked(run, provider, model)
    finally:
        provider.close()
    settings = {"model": model, "baseModel": job["model"], "job": job["id"], "served": "provider"}
    run.finish(Manifest(run.spec.task, "provider", (), settings), {})
    run.conclude(
        {
            "task": run.spec.task,
            "engine": "provider",
            "model": model,
            "job": job["id"],
            "trainedTokens": job.get("trained_tokens"),
            "figures": {"test": figures} if figures else {},
            "size": 0,
        }
    )


def load(_: Path, manifest: Manifest) -> Elsewhere:
    """Return the name of the model."""
    return Elsewhere(manifest)


def _send(run: Run, provider: Provider, learned: Sequence[Lesson]) -> Mapping[str, Any]:
    held = lessons(
        run.examples.split("validation"),
        system=run.params["system"],
        preference=run.spec.task == "dpo",
    )
    found = {"training_file": provider.upload("train.jsonl", lines(learned))}
    if held:
        found["validation_file"] = provider.upload("validation.jsonl", lines(held))
    return found


def lines(learned: Sequence[Lesson]) -> bytes:
    """Write lessons as a provider reads them."""
    return "".join(json.dumps(_line(each), ensure_ascii=False) + "\n" for each in learned).encode()


def _line(lesson: Lesson) -> Body:
    if lesson.refused is None:
        return {"messages": lesson.whole()}
    return {
        "input": {"messages": lesson.messages},
        "preferred_output": [{"role": "assistant", "content": lesson.answer}],
        "non_preferred_output": [{"role": "assistant", "content": lesson.refused}],
    }


def _begin(run: Run, provider: Provider, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Begin a job, unless an earlier life of this run did and was killed before it could note it."""
    earlier = provider.begun(run.spec.run)
    if earlier is not None:
        return {"job": earlier["id"]}
    kind = "dpo" if run.spec.task == "dpo" else "supervised"
    given = run.params["hyperparameters"]
    method: Body = {"type": kind, kind: {"hyperparameters": given} if given else {}}
    body: Body = {
        "model": run.params["model"],
        "seed": run.seed % 2**31,
        "method": method,
        "metadata": {"hone_run": run.spec.run},
        **sent,
    }
    if run.params["suffix"]:
        body["suffix"] = run.params["suffix"]
    return {"job": provider.create(body, run.spec.run)["id"]}


def _follow(run: Run, provider: Provider, name: str) -> Body:
    """Wait until the job is over; what the provider tells of it becomes events and curves."""
    while True:
        if run.told.is_set():
            _leave(run, provider, name)
        job = provider.job(name)
        _tell(run, provider, name)
        if job["status"] in OVER:
            break
        run.told.wait(run.params["pollSeconds"])
    if job["status"] == "succeeded" and job.get("fine_tuned_model"):
        return job
    error = job.get("error") or {}
    raise Refused(
        "PROVIDER_FAILED",
        f"The provider's job {job['status']}: {error.get('message') or 'it does not say why'}",
        job=name,
        status=job["status"],
        reason=error.get("code"),
    )


def _leave(run: Run, provider: Provider, name: str) -> NoReturn:
    if (run.folder / CANCEL).exists():
        provider.cancel(name)
        run.event("milestone", f"The provider's job {name} was cancelled.")
    raise Stopped


def _tell(run: Run, provider: Provider, name: str) -> None:
    for event in provider.events(name):
        data: Mapping[str, Any] = event.get("data") or {}
        step, total = data.get("step"), data.get("total_steps")
        if event.get("type") != "metrics" or not isinstance(step, int):
            run.event("progress", str(event["message"]))
            continue
        if isinstance(total, int) and total:
            run.event("progress", f"Step {step} of {total}.", 0.1 + 0.8 * step / total)
        for key, split in (("train_loss", "train"), ("valid_loss", "validation")):
            if isinstance(data.get(key), int | float):
                run.metric("loss", data[key], split=split, step=step)


def _asked(run: Run, provider: Provider, model: str) -> dict[str, Any]:
    examples = run.examples.split("test")[: run.params["evaluate"]]
    preference = run.spec.task == "dpo"
    asked = lessons(examples, system=run.params["system"], preference=preference)
    said: list[str] = []
    for done, lesson in enumerate(asked):
        said.append(provider.answer(model, lesson.messages))
        run.event("progress", f"{done + 1} of {len(asked)} asked.", 0.9)
    return measured(run, asked, said)
