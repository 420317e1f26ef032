"""A run of the engine `response`: what it answers, from where, and what it does not know."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hone_trainer import artifact
from hone_trainer.errors import ArtifactDamaged
from tests.test_run import lines, model_of, prepare, run, told

ASKED = {
    "Your card is on its way.": ["card", "arrive", "post", "delivery", "letter"],
    "You get your money back in five days.": ["refund", "money", "back", "return", "shop"],
    "Choose a new PIN in the app.": ["pin", "code", "forgot", "blocked", "digits"],
}
FILLER = ["please", "my", "the", "is", "when", "can", "still", "help"]
PAGE = "Parcels abroad take two weeks. Customs may open them.\n\nWe ship to every country but Antarctica."


def rows(count: int) -> list[dict[str, Any]]:
    dice, answers = Random(5), sorted(ASKED)
    found: list[dict[str, Any]] = []
    for number in range(count):
        answer = answers[number % 3]
        said = dice.sample(ASKED[answer], k=2) + dice.sample(FILLER, k=3)
        split = {0: "test", 1: "validation"}.get(number // 3 % 10, "train")
        found.append(
            {"id": f"ex_{number}", "input": " ".join(said), "output": answer, "split": split}
        )
    page = {"id": "page_1", "input": "Shipping abroad", "output": PAGE, "split": "train"}
    return [*found, page | {"source": "knowledge", "group": "help/abroad"}]


def spec(folder: Path, examples: list[dict[str, Any]], **params: Any) -> Path:
    few = {"encoder": "none", "unknownAnswer": "Let me ask a colleague."} | params
    return prepare(folder, examples, task="response", engine="response", params=few)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("responses")
    assert run(spec(folder, rows(180))) == 0
    return folder


def test_a_run_says_how_often_it_is_wrong(trained: Path) -> None:
    card = json.loads((trained / "model_card.json").read_text())
    figures = card["figures"]["test"]
    assert figures["wrong"] <= card["alpha"]
    assert figures["recallAt1"] > 0.9
    assert figures["recallAt1"] <= figures["recallAt5"]
    assert card["library"] == {"answers": 3, "passages": 1}
    said = lines(trained / "predictions.jsonl")
    assert sum(each["right"] for each in said) / len(said) == pytest.approx(
        figures["accuracy"], abs=1e-5
    )


def test_an_answer_names_its_sources(trained: Path) -> None:
    model = artifact.load(trained / "model")
    (known,) = model.predict(["has my card been in the post for delivery"])
    assert known.text == "Your card is on its way."
    assert known.in_scope
    assert known.sources[0]["kind"] == "answer"
    assert known.label == known.sources[0]["id"]
    (abroad,) = model.predict(["how long do parcels take to ship abroad"])
    assert {**abroad.sources[0], "score": 0} == {
        "id": "page_1",
        "kind": "passage",
        "title": "Shipping abroad",
        "page": "help/abroad",
        "text": PAGE.replace("\n\n", "\n"),
        "score": 0,
    }


def test_what_nothing_answers_is_not_answered(trained: Path) -> None:
    model = artifact.load(trained / "model")
    for said in model.predict(["who won the football match yesterday", "", "?!"]):
        assert not said.in_scope
        assert said.text == "Let me ask a colleague."


def test_the_same_run_gives_the_same_bytes(trained: Path, tmp_path: Path) -> None:
    assert run(spec(tmp_path, rows(180))) == 0
    assert model_of(tmp_path) == model_of(trained)


def test_answers_of_other_numbers_are_not_read(trained: Path, tmp_path: Path) -> None:
    made = artifact.read(trained / "model")
    files: dict[str, Any] = {name: trained / "model" / name for name in made.files}
    files["library.json"] = b'{"entries":[],"questions":["a"],"owners":[0]}'
    artifact.write(tmp_path / "model", made, files)
    with pytest.raises(ArtifactDamaged, match="no answers"):
        artifact.load(tmp_path / "model")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([{"id": "ex_x", "input": "a", "output": {"text": "b"}, "split": "train"}], "DATA_INVALID"),
        ([], "INSUFFICIENT_DATA"),
    ],
)
def test_what_cannot_be_learned_from_is_told(tmp_path: Path, wrong: list[Any], code: str) -> None:
    assert run(spec(tmp_path, [*rows(12), *wrong])) == 2
    assert told(tmp_path)["code"] == code
