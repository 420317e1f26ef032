"""Drift: texts that changed are told apart, and texts that did not are not."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest

from hone_trainer import drift

CARDS = ["my card was {}", "the card is {} again", "why was my card {}", "card {} at the shop"]
PARCELS = ["where is my {}", "the {} did not come", "track the {} please", "my {} is late"]
HOW = ["declined", "lost", "stolen", "blocked", "eaten"]
WHAT = ["parcel", "letter", "order", "package", "delivery"]


def texts(seed: int, n: int, parcels: float) -> list[str]:
    """Write texts about cards, and some about parcels."""
    chance = random.Random(seed)
    return [
        chance.choice(PARCELS).format(chance.choice(WHAT))
        if chance.random() < parcels
        else chance.choice(CARDS).format(chance.choice(HOW))
        for _ in range(n)
    ]


def test_what_is_new_is_found_and_named() -> None:
    now = texts(2, 150, 0.6)
    found = drift.compare(texts(1, 150, 0.05), now)
    assert found["auc"] > 0.7
    assert found["p"] == 0.001
    assert found["words"][0]["now"] != found["words"][0]["before"]
    assert all("card" not in now[each] for each in found["newest"][:10])


def test_what_came_is_told_beside_all_that_went() -> None:
    before = [f"Where is my parcel number {number}, please?" for number in range(60)]
    now = [f"My card {number} was declined at the till." for number in range(60)]
    told = drift.compare(before, now)["words"]
    came = [each["word"] for each in told if each["now"] > each["before"]]
    assert (len(came), len(told)) == (5, 10)
    assert "card" in came[:3]
    assert told == drift.compare(before[::-1], now[::-1])["words"]


def test_texts_of_one_kind_are_seldom_told_apart() -> None:
    ps = [
        drift.compare(texts(each, 60, 0.3), texts(99 + each, 60, 0.3), seed=each)["p"]
        for each in range(20)
    ]
    assert sum(p <= 0.05 for p in ps) <= 4
    assert max(ps) > 0.3


def test_the_prediction_by_all_others_is_what_leaving_out_would_say() -> None:
    chance = np.random.default_rng(3)
    points = chance.normal(size=(12, 4))
    told = np.sign(chance.normal(size=12))
    kernel = points @ points.T
    inverse = np.linalg.inv(kernel + np.eye(12))
    hat = kernel @ inverse
    quick = drift._left_out(hat, 1 - np.diag(hat), told)
    centred = told - told.mean()
    for left in range(12):
        rest = [each for each in range(12) if each != left]
        weights = np.linalg.solve(kernel[np.ix_(rest, rest)] + np.eye(11), centred[rest])
        assert quick[left] == pytest.approx(kernel[left, rest] @ weights, abs=1e-9)


def test_a_shifted_mix_of_labels_has_a_high_index() -> None:
    before, now = ["card"] * 80 + ["parcel"] * 20, ["card"] * 40 + ["parcel"] * 60
    found = drift.compare(texts(1, 20, 0), texts(2, 20, 0), (before, now))
    # (0.4 - 0.8) ln(0.4 / 0.8) + (0.6 - 0.2) ln(0.6 / 0.2)
    assert found["psi"] == pytest.approx(0.7167, abs=0.03)
    assert found["psiP"] == 0.001
    alike = drift.compare(texts(1, 20, 0), texts(2, 20, 0), (before, list(reversed(before))))
    assert alike["psi"] == 0
    assert alike["psiP"] == 1


def test_as_a_program_it_says_what_is_wrong() -> None:
    asked = json.dumps({"before": ["one"], "now": ["two"]})
    run = [sys.executable, "-m", "hone_trainer.drift"]
    done = subprocess.run(run, input=asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "Two texts of each lot are the least.\n")
