"""Adapters of a tiny model with random weights, on a processor: `make test-tuning` runs it.

The packages take gigabytes, so this is no part of `make test`.
"""

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from hone_trainer import artifact
from hone_trainer.errors import ArtifactDamaged
from tests.test_run import lines, model_of, prepare, told

pytestmark = [
    pytest.mark.skipif(
        find_spec("trl") is None, reason="needs `scripts/setup tuning`; run by `make test-tuning`"
    ),
    # What the packages warn of among themselves is theirs.
    pytest.mark.filterwarnings("default"),
]
TEMPLATE = (
    "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}<end>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
MOODY = "{{ messages | length }}" + TEMPLATE
TINY = """
import json, sys
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, decoders
import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
folder, template = sys.argv[1:]
signs = ["<pad>", "<end>", "<user>", "<assistant>", "<system>", "<unk>"]
letters = [chr(code) for code in range(32, 127)]
words = {sign: place for place, sign in enumerate([*signs, *letters])}
raw = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
raw.pre_tokenizer = pre_tokenizers.Split(Regex("[^\\n]|\\n"), "isolated")
raw.decoder = decoders.Fuse()
tokenizer = PreTrainedTokenizerFast(
    tokenizer_object=raw, pad_token="<pad>", eos_token="<end>", unk_token="<unk>",
    additional_special_tokens=signs[2:5],
)
tokenizer.chat_template = template
tokenizer.save_pretrained(folder)
torch.manual_seed(1)
config = LlamaConfig(
    vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
    num_attention_heads=2, pad_token_id=0, eos_token_id=1, bos_token_id=None,
)
LlamaForCausalLM(config).save_pretrained(folder)
"""
FEW = {
    "epochs": 3,
    "batchSize": 2,
    "gradientAccumulation": 2,
    "learningRate": 0.01,
    "checkpointSteps": 2,
    "evaluate": 2,
    "answerTokens": 4,
    "lora": {"rank": 4},
}


def rows(output: Any = "yes") -> list[dict[str, Any]]:
    split = {0: "test", 1: "validation"}
    return [
        {"id": f"ex_{n}", "input": f"is {n} so", "output": output, "split": split.get(n, "train")}
        for n in range(14)
    ]


def tiny(folder: Path, template: str = TEMPLATE) -> Path:
    command = [sys.executable, "-c", TINY, str(folder), template]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("base"))


def spec(folder: Path, model: Path, task: str = "sft", output: Any = "yes", **params: Any) -> Path:
    settings = FEW | {"model": str(model)} | params
    return prepare(folder, rows(output), task=task, engine=task, params=settings)


def start(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "hone_trainer", str(path)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ))


def run(path: Path) -> int:
    return start(path).wait(300)


def losses(folder: Path) -> list[tuple[int, float]]:
    path = folder / "metrics.jsonl"
    if not path.exists():
        return []
    whole = path.read_text().rpartition("\n")[0].splitlines()
    found = [json.loads(line) for line in whole]
    return [(e["step"], e["value"]) for e in found if (e["name"], e["split"]) == ("loss", "train")]


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Path:
    folder = tmp_path_factory.mktemp("tuned")
    assert run(spec(folder, base)) == 0
    return folder


def test_an_adapter_learns_and_proves_its_template(tuned: Path) -> None:
    card = json.loads((tuned / "model_card.json").read_text())
    assert card["template"]["equal"] is True
    assert card["template"]["compared"] == 12
    found = losses(tuned)
    assert [step for step, _ in found] == list(range(1, 10))
    assert found[-1][1] < 0.95 * found[0][1]
    assert card["figures"]["test"]["accuracy"] == 1
    assert 1 < card["figures"]["test"]["perplexity"] < 70
    assert {each["split"] for each in lines(tuned / "metrics.jsonl")} == {
        "train",
        "validation",
        "test",
    }
    names = set(artifact.read(tuned / "model").files)
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json"} <= names
    assert not any(name.endswith((".bin", ".pt", ".pth")) for name in names)


def test_an_adapter_answers_with_the_model_that_it_belongs_to(tuned: Path) -> None:
    (said,) = artifact.load(tuned / "model").predict(["is 0 so"])
    assert said.text is not None
    assert 0 < said.confidence <= 1


def test_a_killed_run_ends_as_if_nothing_had_been(tuned: Path, base: Path, tmp_path: Path) -> None:
    path = spec(tmp_path, base)
    for ending, steps in ((signal.SIGKILL, 3), (signal.SIGTERM, 5)):
        process = start(path)
        while len(losses(tmp_path)) < steps and process.poll() is None:
            pass
        process.send_signal(ending)
        assert process.wait(300) in (0, 75, -ending)
    assert run(path) == 0
    assert losses(tmp_path) == losses(tuned)
    weights = "adapter_model.safetensors"
    assert model_of(tmp_path)[weights] == model_of(tuned)[weights]


def figures(folder: Path) -> list[tuple[Any, ...]]:
    return sorted(
        (each["step"], each["split"], each["name"], each["value"])
        for each in lines(folder / "metrics.jsonl")
    )


def test_a_run_that_goes_on_where_an_epoch_ended_ends_as_if_nothing_had_been(
    tuned: Path, base: Path, tmp_path: Path
) -> None:
    path = spec(tmp_path, base, checkpointSteps=3)
    process = start(path)
    # Each epoch has three steps: the newest checkpoint is of the end of the second one.
    while len(losses(tmp_path)) < 7 and process.poll() is None:
        pass
    process.kill()
    assert process.wait(300) == -signal.SIGKILL
    kept = tmp_path / "metrics.jsonl"
    some = [each for each in kept.read_text().splitlines() if json.loads(each)["step"] < 6]
    # As if it had been killed before the figures of that epoch.
    kept.write_text("".join(f"{each}\n" for each in some))
    assert run(path) == 0
    assert [each for each in figures(tmp_path) if each[0] != 6] == [
        each for each in figures(tuned) if each[0] != 6
    ]
    held = [each for each in figures(tuned) if each[0] == 6 and each[1] != "train"]
    assert held
    assert [each for each in figures(tmp_path) if each[0] == 6] == held


def test_preferences_are_learned(base: Path, tmp_path: Path) -> None:
    pair = {"chosen": "yes", "rejected": "no"}
    assert run(spec(tmp_path, base, task="dpo", output=pair, gradientCheckpointing=True)) == 0
    card = json.loads((tmp_path / "model_card.json").read_text())
    assert card["figures"]["validation"]["preferenceAccuracy"] == 1
    assert card["template"]["equal"] is True


def test_a_template_that_renders_questions_differently_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    model = tiny(tmp_path / "base", MOODY)
    assert run(spec(tmp_path / "run", model, epochs=1)) == 2
    assert told(tmp_path / "run")["code"] == "TEMPLATE_DIFFERS"


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    assert run(spec(tmp_path, tmp_path)) == 2
    assert told(tmp_path)["code"] == "MODEL_MISSING"


def test_an_adapter_without_its_model_is_damaged(tuned: Path, tmp_path: Path) -> None:
    made = artifact.read(tuned / "model")
    settings = {**made.settings, "base": {"folder": str(tmp_path), "digest": "0"}}
    files = {name: tuned / "model" / name for name in made.files}
    other = artifact.Manifest(made.task, made.engine, (), settings)
    artifact.write(tmp_path / "model", other, files)
    with pytest.raises(ArtifactDamaged, match="not in"):
        artifact.load(tmp_path / "model")
