"""Tune an adapter of a language model with Transformers, PEFT and TRL."""

# The packages of `scripts/setup tuning` are not there where this is checked.
# pyright: reportMissingImports=false

import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import TrainerCallback, set_seed
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from hone_trainer import artifact
from hone_trainer.artifact import Manifest
from hone_trainer.errors import Stopped
from hone_trainer.figures import rounded
from hone_trainer.run import Run
from hone_trainer.tuning import keeping, rendering
from hone_trainer.tuning.adapter import digest, read_base, read_tokenizer
from hone_trainer.tuning.answers import measured
from hone_trainer.tuning.conversations import Lesson, lessons, taught

WORK: Final = "work"
"""Where the libraries write before it is taken over."""
HELD: Final = ("validation", "test")
NAMES: Final[Mapping[str, str]] = {
    "loss": "loss",
    "grad_norm": "gradientNorm",
    "learning_rate": "learningRate",
    "rewards/accuracies": "preferenceAccuracy",
}
OPTIMIZERS: Final = {"adamw": "adamw_torch", "sgd": "sgd", "rmsprop": "rmsprop"}
SCHEDULES: Final = {"constant": "constant_with_warmup", "linear": "linear", "cosine": "cosine"}
LEFT_OUT: Final = ("README.md", "training_args.bin")


class _Watch(TrainerCallback):
    """Tells the run how it goes, and the libraries when to stop."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.trainer: Any = None
        self.measured: dict[str, dict[str, float]] = {}
        """The last figures of each split."""
        self.evaluated = 0
        """The step after which was measured last."""

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
        told: Mapping[str, float] = logs or {}
        split = next((each for each in HELD if f"eval_{each}_loss" in told), "train")
        # Of all figures only the loss has the split in its name.
        prefix = "" if split == "train" else "eval_"
        found = {name: told.get(prefix + key) for key, name in NAMES.items()}
        found["loss"] = told.get("loss" if split == "train" else f"eval_{split}_loss")
        known = {name: float(value) for name, value in found.items() if value is not None}
        epoch = round(float(state.epoch or 0), 6)
        for name, value in known.items():
            self.run.metric(name, value, split=split, step=state.global_step, epoch=epoch)
        self.measured[split] = {name: rounded(value) for name, value in known.items()}

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Begin each step from its own seed, so that one after a checkpoint is what it would have been.

        What is measured between steps takes random numbers as well, and a run that goes on does not measure again.
        """
        begun = state.epoch is not None and float(state.epoch).is_integer() and state.global_step
        if begun and self.trainer.eval_dataset is not None and self.evaluated < state.global_step:
            # Killed between the last step of an epoch and its figures.
            self.trainer.evaluate()
        set_seed(self.run.seed + state.global_step)

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.evaluated = state.global_step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        done = 0.05 + 0.8 * state.global_step / max(state.max_steps, 1)
        self.run.event("progress", f"Step {state.global_step} of {state.max_steps}.", done)
        if self.run.told.is_set():
            control.should_save = True
            control.should_training_stop = True

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        written = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        keeping.take(written, _checkpoints(self.run), state.global_step)
        self.run.event("checkpoint", f"Checkpoint at step {state.global_step}.")


def train(run: Run) -> None:
    """Tune an adapter, write it, and gather its evidence."""
    learned = taught(run, run.params["minExamples"])
    held = {name: _lessons(run, name) for name in ("validation", "test")}
    folder = Path(run.params["model"]) if run.params["model"] else run.folder / "base"
    set_seed(run.seed)
    run.event("stage", "Reading the model.", 0.02)
    model = read_base(folder, _precision(run.params["precision"]))
    tokenizer = read_tokenizer(folder)
    watch = _Watch(run)
    trainer = watch.trainer = _trainer(run, watch, model, tokenizer, learned, held)
    run.event("stage", "Tuning.", 0.05)
    start = keeping.newest(_checkpoints(run))
    trainer.train(resume_from_checkpoint=str(start) if start else None)
    if run.told.is_set():
        raise Stopped
    run.event("stage", "Writing the adapter and measuring it.", 0.87)
    if trainer.eval_dataset is not None:
        trainer.evaluate()
    written = run.folder / WORK / "adapter"
    trainer.model.save_pretrained(written)
    tokenizer.save_pretrained(written)
    serving = read_tokenizer(written)
    proof = rendering.equal(serving, learned, _seen(trainer.train_dataset))
    settings = {
        "base": {"folder": str(folder), "digest": digest(folder)},
        "system": run.params["system"],
        "answerTokens": run.params["answerTokens"],
        "template": {"sha256": rendering.fingerprint(serving)},
    }
    manifest = Manifest(run.spec.task, run.spec.task, (), settings)
    files = {p.name: p for p in written.iterdir() if p.is_file() and p.name not in LEFT_OUT}
    made = run.finish(manifest, files)
    shutil.rmtree(run.folder / WORK)
    run.conclude(_evidence(run, made, watch, held["test"]) | {"template": proof})


def _checkpoints(run: Run) -> Path:
    return run.folder / "checkpoints" / "tuning"


def _lessons(run: Run, split: str) -> list[Lesson]:
    preference = run.spec.task == "dpo"
    return lessons(run.examples.split(split), system=run.params["system"], preference=preference)


def _precision(wish: str) -> Any:
    if wish != "auto":
        return getattr(torch, wish)
    if not torch.cuda.is_available():
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _trainer(
    run: Run,
    watch: _Watch,
    model: Any,
    tokenizer: Any,
    learned: Sequence[Lesson],
    held: Mapping[str, Sequence[Lesson]],
) -> Any:
    params = run.params
    others = {name: _dataset(each) for name, each in held.items() if each}
    adapter = LoraConfig(
        r=params["lora"]["rank"],
        lora_alpha=params["lora"]["alpha"],
        lora_dropout=params["lora"]["dropout"],
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    how = {
        "output_dir": str(run.folder / WORK),
        "num_train_epochs": params["epochs"],
        "per_device_train_batch_size": params["batchSize"],
        "per_device_eval_batch_size": params["batchSize"],
        "gradient_accumulation_steps": params["gradientAccumulation"],
        "gradient_checkpointing": params["gradientCheckpointing"],
        "learning_rate": params["learningRate"],
        "optim": OPTIMIZERS[params["optimizer"]],
        "lr_scheduler_type": SCHEDULES[params["schedule"]],
        "warmup_steps": params["warmup"],
        "weight_decay": params["weightDecay"],
        "max_length": params["maxTokens"],
        "save_strategy": "steps",
        "save_steps": params["checkpointSteps"],
        "eval_strategy": "epoch" if others else "no",
        "logging_steps": 1,
        "seed": run.seed,
        "data_seed": run.seed,
        "bf16": model.dtype == torch.bfloat16,
        "fp16": model.dtype == torch.float16,
        "use_cpu": not torch.cuda.is_available(),
        "report_to": "none",
        "disable_tqdm": True,
    }
    kind, settings = (
        (DPOTrainer, DPOConfig(beta=params["beta"], **how))
        if run.spec.task == "dpo"
        else (SFTTrainer, SFTConfig(completion_only_loss=True, **how))
    )
    return kind(
        model,
        args=settings,
        train_dataset=_dataset(learned),
        eval_dataset=others or None,
        processing_class=tokenizer,
        peft_config=adapter,
        callbacks=[watch],
    )


def _dataset(learned: Sequence[Lesson]) -> Dataset:
    return Dataset.from_list([_row(lesson) for lesson in learned])


def _row(lesson: Lesson) -> dict[str, Any]:
    def said(answer: str) -> list[dict[str, str]]:
        return [{"role": "assistant", "content": answer}]

    if lesson.refused is None:
        return {"prompt": lesson.messages, "completion": said(lesson.answer)}
    return {
        "prompt": lesson.messages,
        "chosen": said(lesson.answer),
        "rejected": said(lesson.refused),
    }


def _seen(dataset: Any) -> list[list[int]]:
    """Return the tokens that training had, of the first conversations."""
    rows = [dataset[row] for row in range(min(len(dataset), rendering.COMPARED))]
    return [
        list(row["input_ids"]) if "input_ids" in row else [*row["prompt_ids"], *row["chosen_ids"]]
        for row in rows
    ]


def _evidence(run: Run, made: Manifest, watch: _Watch, test: Sequence[Lesson]) -> dict[str, Any]:
    tuned: Any = artifact.load(run.folder / "model")
    figures: dict[str, dict[str, Any]] = {
        split: dict(watch.measured[split]) for split in HELD if split in watch.measured
    }
    for each in figures.values():
        if run.spec.task == "sft" and "loss" in each:
            each["perplexity"] = rounded(math.exp(min(each["loss"], 50)))
    some = test[: run.params["evaluate"]]
    said: list[str] = []
    for lesson in some:
        run.pause()
        said.append(tuned.answer(lesson.messages).text or "")
    figures["test"] = {**figures.get("test", {}), **measured(run, some, said)}
    return {
        "task": run.spec.task,
        "engine": run.spec.engine,
        "figures": figures,
        "base": made.settings["base"],
        "size": sum(int(entry["size"]) for entry in made.files.values()),
    }
