"""A search finds parameters by trials, survives what kills it, and says what it did."""

import json
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hone_trainer.errors import Refused
from hone_trainer.searching import space
from tests.test_run import lines, prepare, rows, run, start, told
from tests.tiny import encoder

SEARCH: dict[str, Any] = {"trials": 3, "concurrency": 2}


def searched(folder: Path, **search: Any) -> Path:
    """Write the folder of a search over texts of which a third have a wrong label."""
    dice = Random(5)
    made = rows(90)
    for row in made:
        if row["split"] == "train" and dice.random() < 0.3:
            row["output"] = dice.choice(["card", "refund", "pin"])
    return prepare(folder, made, search=SEARCH | search)


def trials(folder: Path) -> list[tuple[Any, ...]]:
    """Read what was tried and what it was worth."""
    found = [each for each in lines(folder / "trials.jsonl") if each["state"] != "running"]
    return sorted((each["number"], str(each["params"]), each["value"]) for each in found)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Search once, undisturbed."""
    folder = tmp_path_factory.mktemp("search") / "run"
    assert run(searched(folder)) == 0
    return folder


def test_the_best_trial_is_the_model(calm: Path) -> None:
    card = json.loads((calm / "model_card.json").read_text())
    found = trials(calm)
    assert [each[0] for each in found] == [0, 1, 2]
    assert found[0][1] == "{}", "the first one is what the run itself asks for"
    told = card["search"]
    assert told["value"] == max(each[2] for each in found) >= told["first"]
    assert card["figures"]["validation"]["macroF1"] == told["value"]
    chosen = lines(calm / "trials.jsonl")
    params = next(each["params"] for each in chosen if each["number"] == told["chosen"])
    assert space.taken(card["params"], "classWeights") == params.get("classWeights", "none")
    assert (calm / "model" / "manifest.json").exists()
    others = [each for each in (calm / "trials").iterdir() if (each / "model").exists()]
    assert [int(each.name) for each in others] == [told["chosen"]]
    measured = [each for each in lines(calm / "metrics.jsonl") if each["split"] == "search"]
    assert sorted(each["step"] for each in measured) == [0, 1, 2]


def test_a_trial_that_lost_leaves_no_encoder_of_its_own(tmp_path: Path) -> None:
    params = {"encoder": str(encoder(tmp_path / "tiny")), "encoderTuning": "always"}
    search = {"trials": 2, "concurrency": 1}
    spec = prepare(tmp_path / "run", rows(90), engine="intent", params=params, search=search)
    assert run(spec) == 0
    chosen = json.loads((spec.parent / "model_card.json").read_text())["search"]["chosen"]
    left = {int(each.parts[-2]) for each in (spec.parent / "trials").glob("*/*-tuned*")}
    assert left == {chosen}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_search_that_was_ended_finds_the_same(
    calm: Path, tmp_path: Path, how: signal.Signals
) -> None:
    spec = searched(tmp_path / "run")
    process = start(spec)
    path = spec.parent / "trials.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (path.exists() and len(lines(path)) >= 3):
        time.sleep(0.02)
    process.send_signal(how)
    assert process.wait() in {-9, 75}
    assert not (spec.parent / "model_card.json").exists()
    assert run(spec) == 0
    assert trials(spec.parent) == trials(calm)
    first, again = (
        json.loads((each / "model_card.json").read_text())["search"] for each in (calm, spec.parent)
    )
    assert {**first, "seconds": 0} == {**again, "seconds": 0}


def test_trials_that_do_no_good_are_ended_early(tmp_path: Path) -> None:
    spec = searched(
        tmp_path / "run",
        trials=5,
        concurrency=1,
        prune="median",
        space={"learningRate": {"type": "number", "low": 1e-6, "high": 0.05, "log": True}},
    )
    body = json.loads(spec.read_text())
    body["params"] = {"optimizer": "adam", "epochs": 60, "earlyStopping": {"patience": 0}}
    spec.write_text(json.dumps(body))
    assert run(spec) == 0
    states = {each["state"] for each in lines(spec.parent / "trials.jsonl")}
    assert {"complete", "running"} <= states <= {"complete", "running", "pruned"}


def test_what_cannot_be_searched_is_refused_in_words(tmp_path: Path) -> None:
    for number, (search, words) in enumerate(
        (
            ({"objective": "beauty"}, "There is no figure 'beauty'"),
            ({"space": {"focalGamma": {"type": "number", "low": 3, "high": 1}}}, "less than"),
            ({"sampler": "guess"}, "takes a sampler of"),
        )
    ):
        spec = searched(tmp_path / str(number), trials=1, concurrency=1, **search)
        assert run(spec) == 2
        assert told(spec.parent)["code"] == "SEARCH_INVALID"
        assert words in told(spec.parent)["message"]


def test_values_are_put_at_their_paths() -> None:
    made = space.placed({"a": {"b": 1, "c": 2}}, {"a.b": 3, "d": 4, "e.f": 5})
    assert made == {"a": {"b": 3, "c": 2}, "d": 4, "e": {"f": 5}}
    assert [space.taken(made, path) for path in ("a.b", "d", "e.g", "x.y")] == [3, 4, None, None]
    with pytest.raises(Refused, match="above 0"):
        space.read({"x": {"type": "number", "low": 0, "high": 1, "log": True}})
