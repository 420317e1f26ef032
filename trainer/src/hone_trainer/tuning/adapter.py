"""A tuned model in memory: the model it started from, with its adapter."""

# The packages of `scripts/setup tuning` are not there where this is checked.
# pyright: reportMissingImports=false

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from hone_trainer import disk
from hone_trainer.artifact import Manifest, Prediction
from hone_trainer.errors import ArtifactDamaged, Refused
from hone_trainer.tuning import rendering
from hone_trainer.tuning.conversations import Messages


@dataclass(frozen=True, slots=True)
class Tuned:
    """A language model that answers."""

    manifest: Manifest
    model: Any
    tokenizer: Any

    @property
    def task(self) -> str:
        """What it does."""
        return self.manifest.task

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        """Answer questions."""
        system = self.manifest.settings["system"]
        before: Messages = [{"role": "system", "content": system}] if system else []
        return [self.answer([*before, {"role": "user", "content": text}]) for text in inputs]

    def answer(self, messages: Messages) -> Prediction:
        """Say what comes next, always the likeliest token; its confidence is the mean chance of a token."""
        text = rendering.asked(self.tokenizer, messages)
        given = self.tokenizer(text, return_tensors="pt", add_special_tokens=False)
        given = {name: each.to(self.model.device) for name, each in given.items()}
        with torch.no_grad():
            made = self.model.generate(
                **given,
                max_new_tokens=self.manifest.settings["answerTokens"],
                do_sample=False,
                return_dict_in_generate=True,
                output_scores=True,
                pad_token_id=self.tokenizer.pad_token_id,
            )
        said = made.sequences[0, given["input_ids"].shape[1] :]
        scores = self.model.compute_transition_scores(
            made.sequences, made.scores, normalize_logits=True
        )
        sure = float(scores[0].exp().mean()) if len(said) else 0.0
        return Prediction(
            confidence=sure, text=self.tokenizer.decode(said, skip_special_tokens=True).strip()
        )


def read_tokenizer(folder: Path) -> Any:
    """Read a tokenizer; one that does not render conversations is of no use."""
    found = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if not found.chat_template:
        told = f"The tokenizer in {folder.name} has no chat template, so it cannot render conversations."
        raise Refused("TEMPLATE_MISSING", told)
    if found.pad_token is None:
        found.pad_token = found.eos_token
    return found


def read_base(folder: Path, precision: Any = "auto") -> Any:
    """Read the model to start from; weights must be safetensors, and no code comes with them."""
    if not (folder / "config.json").is_file():
        told = f"There is no model in {folder}: it has no config.json."
        raise Refused("MODEL_MISSING", told)
    return AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=precision
    )


def digest(folder: Path) -> str:
    """Return what tells a model from others: the digests of its settings and weights."""
    parts = {
        each.name: disk.digest(each)
        for each in sorted(folder.iterdir())
        if each.suffix == ".safetensors" or each.name == "config.json"
    }
    return json.dumps(parts, sort_keys=True)


def load(folder: Path, manifest: Manifest) -> Tuned:
    """Read an adapter, and the model that it belongs to, which must be what it was."""
    base = Path(manifest.settings["base"]["folder"])
    if not base.is_dir() or digest(base) != manifest.settings["base"]["digest"]:
        raise ArtifactDamaged(
            f"The model that {folder.name} was tuned from is not in {base} any more."
        )
    model = PeftModel.from_pretrained(read_base(base), folder)
    model.eval()
    return Tuned(manifest, model, read_tokenizer(folder))
