"""A run of the engine `entity`: what it finds, what it refuses, and what a kill leaves of it."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hone_trainer import artifact
from hone_trainer.errors import ArtifactDamaged
from tests.test_run import lines, model_of, prepare, run, told

CITIES = ["Paris", "New York", "Rome", "San José", "Oslo", "Kuala Lumpur", "Lima"]
DAYS = ["tomorrow", "Friday", "3 May", "tonight", "next week"]
FORMS = [
    "book {city} for {day}",
    "what is the weather in {city} {day}",
    "{day} i go to {city}",
    "hello",
]
FEW = {"epochs": 4, "minCount": 1, "gazetteers": {"city": ["Reykjavik"]}, "checkpointSeconds": 0}


def rows(count: int) -> list[dict[str, Any]]:
    dice, found = Random(3), []
    for number in range(count):
        text, entities = dice.choice(FORMS), []
        for label, names in sorted({"city": CITIES, "day": DAYS}.items()):
            name = dice.choice(names)
            if "{" + label + "}" in text:
                text = text.replace("{" + label + "}", name)
                entities.append((name, label))
        output = [
            {"start": text.index(name), "end": text.index(name) + len(name), "label": label}
            for name, label in entities
        ]
        split = {0: "test", 1: "validation"}.get(number % 10, "train")
        found.append({"id": f"ex_{number}", "input": text, "output": output, "split": split})
    return found


def spec(folder: Path, examples: list[dict[str, Any]], **params: Any) -> Path:
    return prepare(folder, examples, task="entity", engine="entity", params=FEW | params)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("entities")
    assert run(spec(folder, rows(300))) == 0
    return folder


def test_a_run_leaves_a_tagger_with_its_evidence(trained: Path) -> None:
    card = json.loads((trained / "model_card.json").read_text())
    assert card["figures"]["test"]["f1"] > 0.97
    assert [each["label"] for each in card["perClass"]] == ["city", "day"]
    assert card["latency"]["p95Ms"] > 0
    said = lines(trained / "predictions.jsonl")
    exact = sum(each["expected"] == each["label"] for each in said) / len(said)
    assert exact == pytest.approx(card["figures"]["test"]["accuracy"], abs=1e-5)
    names = {(line["name"], line["split"]) for line in lines(trained / "metrics.jsonl")}
    assert names >= {("loss", "train"), ("f1", "validation")}


def test_entities_lie_where_the_text_has_them(trained: Path) -> None:
    model = artifact.load(trained / "model")
    text = "\n hello,  what is the weather in  New York tomorrow ?"
    one, empty, known = model.predict([text, "", "book Reykjavik for Friday"])
    assert [(each.label, each.text) for each in one.entities] == [
        ("city", "New York"),
        ("day", "tomorrow"),
    ]
    assert all(text[each.start : each.end] == each.text for each in one.entities)
    assert 0 < one.confidence <= min(each.confidence for each in one.entities) <= 1
    assert (list(empty.entities), empty.confidence) == ([], 1.0)
    assert known.entities[0].text == "Reykjavik"
    assert [each.entities for each in model.predict(["hello", text])][1] == one.entities


def test_a_killed_run_ends_as_if_nothing_had_been(trained: Path, tmp_path: Path) -> None:
    path = spec(tmp_path, rows(300))
    command = [sys.executable, "-u", "-m", "hone_trainer", str(path)]
    for ending in (signal.SIGKILL, signal.SIGTERM):
        before = len(epochs(tmp_path))
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(epochs(tmp_path)) == before and process.poll() is None:
            pass
        process.send_signal(ending)
        assert process.wait(60) in (0, 75, -signal.SIGKILL)
    assert run(path) == 0
    assert model_of(tmp_path) == model_of(trained)
    assert epochs(tmp_path) == epochs(trained)


def epochs(folder: Path) -> list[tuple[int, float]]:
    path = folder / "metrics.jsonl"
    whole = path.read_text().rpartition("\n")[0].splitlines() if path.exists() else []
    found = [json.loads(line) for line in whole]
    return [(each["epoch"], each["value"]) for each in found if each["name"] == "loss"]


def test_a_model_of_other_numbers_is_not_read(trained: Path, tmp_path: Path) -> None:
    made = artifact.read(trained / "model")
    files = {name: trained / "model" / name for name in made.files}
    other = artifact.Manifest(made.task, made.engine, [*made.labels, "third"])
    artifact.write(tmp_path / "model", other, files)
    with pytest.raises(ArtifactDamaged, match="other tags"):
        artifact.load(tmp_path / "model")


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("city", "not a list"),
        (["city"], "not an object"),
        ([{"start": 0, "end": 99, "label": "city"}], "from 0 to 99 in a text of 5"),
        ([{"start": 1.5, "end": 3, "label": "city"}], "from 1.5"),
        ([{"start": 0, "end": 5}], "no `label`"),
    ],
)
def test_entities_that_cannot_be_are_refused_in_words(
    tmp_path: Path, output: Any, problem: str
) -> None:
    wrong = {"id": "ex_bad", "input": "Paris", "output": output, "split": "train"}
    assert run(spec(tmp_path, [*rows(30), wrong])) == 2
    body = told(tmp_path)
    assert (body["code"], body["details"]["examples"][0]["id"]) == ("DATA_INVALID", "ex_bad")
    assert problem in body["message"]


def test_too_few_entities_are_told_with_what_helps(tmp_path: Path) -> None:
    assert run(spec(tmp_path, rows(30), minPerLabel=500)) == 2
    body = told(tmp_path)
    assert body["code"] == "INSUFFICIENT_DATA"
    assert body["details"]["required"] == 500
    assert set(body["details"]["labels"]) == {"city", "day"}
