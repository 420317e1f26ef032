"""Runs of the engine `intent` with a tiny encoder, and twenty specs that give the same figures twice."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from hone_trainer import artifact, exact
from hone_trainer.classifier import Classifier
from hone_trainer.encoder import weights
from tests import test_entity_runs, test_response_runs
from tests.test_run import lines, model_of, prepare, rows, run, start
from tests.tiny import encoder

SAME = ("metrics.jsonl", "predictions.jsonl")
STEPS = {"epochs": 3, "batchSize": 32}
CLASSIFIERS: list[dict[str, Any]] = [
    {},
    {"regularization": {"l2": 0.1}, "encoderTuning": "always"},
    {"classWeights": "balanced", "encoderTuning": "auto"},
    {"outOfScope": {"label": "pin"}},
    STEPS | {"optimizer": "adam"},
    STEPS | {"optimizer": "sgd", "regularization": {"dropout": 0.2}},
    STEPS | {"optimizer": "lamb", "lossFunction": "focal", "curriculum": "easy_first"},
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture(scope="module")
def trained(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("intents")
    params = {"encoder": str(tiny), "encoderTuning": "always"}
    assert run(prepare(folder, rows(180), engine="intent", params=params)) == 0
    return folder


def test_a_model_is_served_with_the_encoder_that_it_was_trained_with(trained: Path) -> None:
    card = json.loads((trained / "model_card.json").read_bytes())
    assert card["template"] == {"equal": True, "examples": 18}
    assert card["figures"]["test"]["accuracy"] > 0.9
    model = artifact.load(trained / "model")
    assert isinstance(model, Classifier)
    assert model.head.anchors is not None
    assert model.predict(["blocked my code digits"])[0].label == "pin"


def test_a_tuned_encoder_says_what_it_is_worth(trained: Path) -> None:
    found = json.loads((trained / "model_card.json").read_bytes())["encoderTuning"]
    assert found["examples"] == 15, "a tenth of each label has no part in it"
    assert found["kept"]
    assert found["after"] >= found["before"]
    losses = [each["value"] for each in lines(trained / "metrics.jsonl") if each["name"] == "loss"]
    assert losses[-1] < losses[0]


def test_with_few_examples_of_a_label_all_have_a_part_in_the_tuning(
    tiny: Path, tmp_path: Path
) -> None:
    params = {"encoder": str(tiny), "encoderTuning": "always"}
    assert run(prepare(tmp_path, rows(60), engine="intent", params=params)) == 0
    card = json.loads((tmp_path / "model_card.json").read_bytes())
    assert card["encoderTuning"] == {"examples": 0, "kept": True}
    learned = len([each for each in lines(tmp_path / "data.jsonl") if each["split"] == "train"])
    assert card["labelNoise"]["examples"] == learned, "what was said before the tuning tells of all"
    assert card["template"]["equal"]


def test_enough_examples_tune_the_encoder_by_default_and_decide(tiny: Path, tmp_path: Path) -> None:
    assert run(prepare(tmp_path, rows(400), engine="intent", params={"encoder": str(tiny)})) == 0
    found = json.loads((tmp_path / "model_card.json").read_bytes())["encoderTuning"]
    assert found["examples"] > 30
    assert not found["kept"] or found["after"] > found["before"]


def test_too_few_examples_to_know_what_tuning_is_worth_leave_the_encoder_as_it_is(
    tiny: Path, tmp_path: Path
) -> None:
    assert run(prepare(tmp_path, rows(90), engine="intent", params={"encoder": str(tiny)})) == 0
    assert json.loads((tmp_path / "model_card.json").read_bytes())["encoderTuning"] is None


def test_a_run_that_is_killed_while_it_tunes_ends_as_if_it_never_was(
    trained: Path, tiny: Path, tmp_path: Path
) -> None:
    params = {"encoder": str(tiny), "encoderTuning": "always"}
    spec = prepare(tmp_path, rows(180), engine="intent", params=params)
    process = start(spec)
    while "Tuned by 2 of" not in _text(tmp_path / "events.jsonl"):
        assert process.poll() is None
    process.kill()
    process.wait()
    assert run(spec) == 0
    assert model_of(tmp_path) == model_of(trained)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_runs_that_begin_together_make_one_encoder(tiny: Path, tmp_path: Path) -> None:
    source = weights.found(str(tiny))
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: weights.exported(source, tmp_path), range(8)))
    (place,) = made
    assert sorted(each.name for each in place.iterdir()) == ["encoder.onnx", "tokenizer.json"]


def specs(folder: Path, tiny: Path) -> list[Path]:
    """Write twenty specs: every engine that learns here, and what chance has a part in."""
    made: list[Path] = []
    for engine in ("linear", "intent"):
        for params in CLASSIFIERS:
            own = params | ({"encoder": str(tiny)} if engine == "intent" else {})
            examples = rows(90, seed=len(made))
            place = folder / f"{engine}-{len(made)}"
            made.append(prepare(place, examples, engine=engine, params=own, seed=len(made)))
    for number, params in enumerate(({}, {"minCount": 2}, {"epochs": 2})):
        place = folder / f"entity-{number}"
        made.append(test_entity_runs.spec(place, test_entity_runs.rows(60), **params))
    for number, params in enumerate(({}, {"alpha": 0.2}, {"sources": 1})):
        place = folder / f"response-{number}"
        made.append(test_response_runs.spec(place, test_response_runs.rows(90), **params))
    return made


def test_twenty_specs_give_the_same_figures_twice(tiny: Path, tmp_path: Path) -> None:
    times = [specs(tmp_path, tiny) for tmp_path in (_made(tmp_path / "1"), _made(tmp_path / "2"))]
    assert len(times[0]) == 20
    code = (
        "import sys; from pathlib import Path; from hone_trainer.__main__ import train;"
        "sys.exit(any(train(Path(each)) for each in sys.argv[1:]))"
    )
    running = [
        # Nothing may hang on the order of a set.
        subprocess.Popen(
            [sys.executable, "-c", code, *map(str, own)],
            env=os.environ | {"PYTHONHASHSEED": str(number)},
        )
        for number, own in enumerate(times)
    ]
    assert [each.wait(280) for each in running] == [0, 0]
    for one, other in zip(*times, strict=True):
        assert model_of(one.parent) == model_of(other.parent), one.parent.name
        for name in SAME:
            assert _told(one.parent / name) == _told(other.parent / name), (one.parent.name, name)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _told(path: Path) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "at"} for line in lines(path)]


def test_what_is_told_of_some_is_what_is_told_of_all() -> None:
    dice = np.random.default_rng(4)
    count, labels, strange = 90, 4, 6
    wanted = np.eye(labels, dtype=np.float32)[dice.integers(labels, size=count)]
    wanted[-strange:] = 0
    embeddings = dice.normal(size=(count, 8)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    sparse = csr_matrix((dice.random((count, 30)) < 0.1).astype(np.float32))
    known = exact.Examples(sparse, embeddings, wanted, np.ones(count, np.float32))
    every = exact.fit(known, exact.Recipe())
    some = exact.fit(known, exact.Recipe(), exact.some(known, 20))
    assert len(some.rows) == 20 + strange
    assert set(range(count - strange, count)) < set(some.rows.tolist())
    shares = wanted[some.rows[:20]].sum(axis=0)
    assert shares.min() >= 4, "of each label as many as there are"
    np.testing.assert_allclose(some.held_out, every.held_out[some.rows], atol=1e-4)
    np.testing.assert_allclose(some.head.words, every.head.words, atol=1e-4)
    assert some.head.anchors is not None
    assert every.head.anchors is not None
    np.testing.assert_allclose(some.head.anchors.pulls, every.head.anchors.pulls, atol=1e-4)
