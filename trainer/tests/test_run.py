"""A training run is a folder: what comes out of it, what is refused, and what survives a kill."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hone_trainer import artifact
from hone_trainer.__main__ import train
from hone_trainer.errors import ArtifactDamaged

WORDS = {
    "card": ["card", "arrive", "post", "delivery", "waiting", "plastic"],
    "refund": ["refund", "money", "back", "merchant", "return", "shop"],
    "pin": ["pin", "code", "forgot", "blocked", "digits", "change"],
}
FILLER = ["please", "my", "the", "is", "when", "can", "help", "still"]


def rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Make examples of three labels, a tenth each for validation and test."""
    dice = Random(seed)
    found: list[dict[str, Any]] = []
    for number in range(count):
        label = sorted(WORDS)[number % 3]
        said = dice.choices(WORDS[label], k=3) + dice.choices(FILLER, k=4)
        dice.shuffle(said)
        split = {0: "test", 1: "validation"}.get(number // 3 % 10, "train")
        found.append(
            {
                "id": f"ex_{number}",
                "input": " ".join(said),
                "output": label,
                "split": split,
                "source": dice.choice(["user", "expert"]),
            }
        )
    return found


def prepare(folder: Path, examples: list[dict[str, Any]], **spec: Any) -> Path:
    """Write a run's folder and return its spec."""
    folder.mkdir(exist_ok=True)
    lines = "".join(json.dumps(row) + "\n" for row in examples)
    (folder / "data.jsonl").write_text(lines)
    body = {"format": 1, "run": "trun_1", "task": "intent", "engine": "linear", "seed": 7} | spec
    (folder / "spec.json").write_text(json.dumps(body))
    return folder / "spec.json"


def run(spec: Path) -> int:
    """Run the program, as an executor does."""
    command = [sys.executable, "-m", "hone_trainer", str(spec)]
    return subprocess.run(command, check=False, capture_output=True, timeout=300).returncode


def start(spec: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "hone_trainer", str(spec)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def model_of(folder: Path) -> Mapping[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted((folder / "model").iterdir())}


def told(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "error.json").read_text())


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    assert run(prepare(folder, rows(300))) == 0
    return folder


def test_a_run_leaves_a_model_with_its_evidence(trained: Path) -> None:
    card = json.loads((trained / "model_card.json").read_text())
    assert card["figures"]["test"]["accuracy"] > 0.9
    assert {each["label"] for each in card["perClass"]} == set(WORDS)
    assert card["data"]["examples"] == {"train": 240, "validation": 30, "test": 30}
    assert {each["slice"] for each in card["slices"]} == {"length", "source"}
    said = lines(trained / "predictions.jsonl")
    right = sum(each["expected"] == each["label"] for each in said) / len(said)
    assert right == pytest.approx(card["figures"]["test"]["accuracy"], abs=1e-5)
    assert {each["split"] for each in lines(trained / "metrics.jsonl")} >= {"validation", "test"}
    assert lines(trained / "events.jsonl")[-1]["done"] == 1.0


def test_what_was_trained_is_read_and_asked(trained: Path) -> None:
    model = artifact.load(trained / "model")
    (found,) = model.predict(["when is my card delivery"], top=2)
    assert found.label == "card"
    assert next(label for label, _ in found.labels) == "card"
    assert len(found.labels) == 2


def test_what_serves_loads_nothing_that_trains(trained: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from hone_trainer import artifact;"
        f"artifact.load(Path({str(trained / 'model')!r})).predict(['card']);"
        "print(sorted({'sklearn', 'cleanlab', 'pandas', 'onnx'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "[]\n"


def test_the_same_run_gives_the_same_bytes(trained: Path, tmp_path: Path) -> None:
    assert run(prepare(tmp_path, rows(300))) == 0
    assert model_of(tmp_path) == model_of(trained)


def test_a_champion_is_asked_the_same(trained: Path, tmp_path: Path) -> None:
    spec = prepare(tmp_path, rows(150))
    shutil.copytree(trained / "model", tmp_path / "champion")
    assert run(spec) == 0
    found = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    assert found["examples"] == 15


def test_a_run_that_is_done_does_nothing(trained: Path) -> None:
    before = (trained / "model_card.json").stat().st_mtime_ns
    assert run(trained / "spec.json") == 0
    assert (trained / "model_card.json").stat().st_mtime_ns == before


def test_a_damaged_model_is_not_read(trained: Path, tmp_path: Path) -> None:
    for name, content in model_of(trained).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "features.json").write_bytes(b"{}")
    with pytest.raises(ArtifactDamaged, match=r"features\.json is not what"):
        artifact.load(tmp_path)


def test_too_little_data_is_told_with_what_helps(tmp_path: Path) -> None:
    one = [row for row in rows(30) if row["output"] == "card"]
    assert run(prepare(tmp_path, one)) == 2
    body = told(tmp_path)
    assert body["code"] == "INSUFFICIENT_DATA"
    assert (body["details"]["required"], body["details"]["available"]) == (2, 1)
    assert body["details"]["suggestions"]
    assert not (tmp_path / "model").exists()


STEPS = {"optimizer": "adamw", "epochs": 6, "lossFunction": "focal", "curriculum": "easy_first"}


def test_a_label_can_ask_for_more_certainty(tmp_path: Path) -> None:
    params = {"epochs": 9, "outOfScope": {"falseAlarms": 0, "thresholds": {"pin": 1.0}}}
    assert train(prepare(tmp_path / "a", rows(240), params=params)) == 0
    said = artifact.load(tmp_path / "a" / "model").predict(
        ["forgot my pin code", "money back from the shop"]
    )
    assert [(each.label, each.in_scope) for each in said] == [("pin", False), ("refund", True)]
    (warning,) = [e for e in lines(tmp_path / "a" / "events.jsonl") if e["kind"] == "warning"]
    assert "epochs had no say" in warning["message"]
    wrong = {"outOfScope": {"thresholds": {"coin": 0.5}}}
    assert train(prepare(tmp_path / "b", rows(240), params=wrong)) == 2
    assert "no label 'coin'" in told(tmp_path / "b")["message"]


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stepped")
    assert run(prepare(folder, rows(150), params=STEPS)) == 0
    return folder


def test_steps_leave_a_curve(stepped: Path) -> None:
    curve = [each for each in lines(stepped / "metrics.jsonl") if each["name"] == "loss"]
    assert [each["epoch"] for each in curve] == list(range(1, len(curve) + 1))
    assert curve[-1]["value"] < curve[0]["value"]


def test_a_run_that_is_killed_again_and_again_ends_as_if_it_never_was(
    stepped: Path, tmp_path: Path
) -> None:
    spec = prepare(tmp_path, rows(150), params=STEPS)
    dice = Random(5)
    undisturbed = len(lines(stepped / "events.jsonl"))
    for _ in range(2):
        process = start(spec)
        # Killed when it has written so many lines: whatever it does then is lost.
        wanted = dice.randint(1, undisturbed - 2)
        while process.poll() is None and len(_whole(tmp_path / "events.jsonl")) < wanted:
            pass
        process.kill()
        process.wait()
    assert run(spec) == 0
    assert model_of(tmp_path) == model_of(stepped)
    assert _figures(tmp_path) == _figures(stepped)
    names = [
        (m["step"], m["epoch"], m["split"], m["name"]) for m in lines(tmp_path / "metrics.jsonl")
    ]
    assert len(names) == len(set(names))


def test_a_run_that_is_told_to_stop_goes_on_later(stepped: Path, tmp_path: Path) -> None:
    spec = prepare(tmp_path, rows(150), params=STEPS)
    process = start(spec)
    while not _whole(tmp_path / "events.jsonl"):
        assert process.poll() is None
    process.terminate()
    assert process.wait(60) == 75
    assert any((tmp_path / "checkpoints").iterdir())
    assert run(spec) == 0
    assert model_of(tmp_path) == model_of(stepped)


def test_a_full_disk_is_told_and_nothing_is_lost(stepped: Path, tmp_path: Path) -> None:
    spec = prepare(tmp_path, rows(150), params=STEPS)
    # What is written there finds no room, as on a full disk.
    full = tmp_path / "predictions.jsonl.tmp"
    full.symlink_to("/dev/full")
    assert run(spec) == 70
    assert told(tmp_path)["code"] == "DISK_FULL"
    full.unlink()
    assert run(spec) == 0
    assert not (tmp_path / "error.json").exists()
    assert model_of(tmp_path) == model_of(stepped)


def test_a_run_starts_from_a_model_that_knows_some_of_it(stepped: Path, tmp_path: Path) -> None:
    shutil.copytree(stepped / "model", tmp_path / "base")
    assert run(prepare(tmp_path, rows(150, seed=2), params={"optimizer": "sgd", "epochs": 1})) == 0
    card = json.loads((tmp_path / "model_card.json").read_bytes())
    assert card["warmStart"]
    assert card["figures"]["test"]["accuracy"] > 0.8


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"format": 2}, "SPEC_INVALID"),
        ({"engine": "oracle"}, "ENGINE_UNKNOWN"),
        ({"task": "sft"}, "ENGINE_UNFIT"),
        ({"params": {"epochs": 0}}, "PARAMS_INVALID"),
        ({"params": {"speed": 1}}, "PARAMS_INVALID"),
        ({"params": {"optimizer": "exact", "lossFunction": "focal"}}, "PARAMS_INVALID"),
        ({"params": {"lossFunction": "custom", "customLoss": "mine"}}, "LOSS_UNKNOWN"),
        ({"data": "../data.jsonl"}, "SPEC_INVALID"),
    ],
)
def test_what_is_wrong_with_a_run_is_told(tmp_path: Path, spec: dict[str, Any], code: str) -> None:
    assert train(prepare(tmp_path, rows(30), **spec)) == 2
    assert told(tmp_path)["code"] == code


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"id":"a","input":"x","split":"train"}', "no `output`"),
        ('{"id":"a","input":"x","output":"y","split":"tset"}', "not one of train"),
        ('{"id":"a","input":7,"output":"y","split":"train"}', "neither text nor"),
        ('{"id":"a","input":"x","output":"y","split":"train","weight":-1}', "above 0"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_example_is_told(tmp_path: Path, line: str, problem: str) -> None:
    spec = prepare(tmp_path, rows(30))
    with (tmp_path / "data.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert train(spec) == 2
    assert told(tmp_path)["details"]["lines"][0]["line"] == 31
    assert problem in told(tmp_path)["details"]["lines"][0]["problem"]


def _whole(path: Path) -> list[bytes]:
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1].splitlines()


def _figures(folder: Path) -> Any:
    card = json.loads((folder / "model_card.json").read_bytes())
    return [card[name] for name in ("figures", "perClass", "calibration", "slices", "labelNoise")]
