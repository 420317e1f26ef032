"""A loss of somebody's own, installed as a package is."""

import json
import os
from pathlib import Path

import pytest

from tests.test_run import lines, prepare, rows, run, told

OWN = """
import numpy as np

def squared(scores, wanted):
    gap = scores - wanted
    return (gap**2).sum(axis=1), 2 * gap

def short(scores, wanted):
    return (scores**2).sum(axis=0), scores

def lost(scores, wanted):
    return np.full(len(scores), np.nan), scores

def failing(scores, wanted):
    raise ArithmeticError("as expected")
"""
ENTRIES = """[hone_trainer.losses]
squared = own_losses:squared
short = own_losses:short
lost = own_losses:lost
failing = own_losses:failing
missing = own_losses:missing
"""
PARAMS = {"optimizer": "adam", "lossFunction": "custom", "epochs": 8, "batchSize": 32}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out what an installer does of a package with entry points."""
    place = tmp_path / "site"
    about = place / "own_losses-1.0.dist-info"
    about.mkdir(parents=True)
    (place / "own_losses.py").write_text(OWN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: own-losses\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRIES)
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(place), known])))


def test_a_loss_of_ones_own_is_made_small(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert run(prepare(folder, rows(180), params=PARAMS | {"customLoss": "squared"})) == 0
    found = [each["value"] for each in lines(folder / "metrics.jsonl") if each["name"] == "loss"]
    assert found[-1] < found[0]
    assert (
        json.loads((folder / "model_card.json").read_bytes())["figures"]["test"]["accuracy"] > 0.9
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("short", "of shape"),
        ("lost", "no number"),
        ("failing", "ArithmeticError: as expected"),
        ("missing", "cannot be loaded"),
        ("strange", "short, squared"),
    ],
)
def test_a_loss_that_is_of_no_use_is_told_in_words(tmp_path: Path, name: str, words: str) -> None:
    folder = tmp_path / "run"
    assert run(prepare(folder, rows(90), params=PARAMS | {"customLoss": name})) == 2
    said = told(folder)
    assert said["code"] == ("LOSS_UNKNOWN" if name == "strange" else "LOSS_UNUSABLE")
    assert words in said["message"]
