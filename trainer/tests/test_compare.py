"""Two models on the same examples: what was gained, what was lost, and whether it is chance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hone_trainer.artifact import Manifest, Prediction, Span
from hone_trainer.compare import compare
from hone_trainer.data import Example

LABELS = ("card", "pin", "refund")


@dataclass
class Fixed:
    """A model that says what it was told to."""

    says: Sequence[Prediction]
    task: str = "intent"
    manifest: Manifest = field(default_factory=lambda: Manifest("intent", "fixed", LABELS))

    def predict(self, inputs: Sequence[str], top: int = 3) -> list[Prediction]:
        del top
        return list(self.says[: len(inputs)])


def examples(labels: Sequence[str]) -> list[Example]:
    return [
        Example(f"ex_{number}", f"text {number}", label, "test", source="user")
        for number, label in enumerate(labels)
    ]


def model(labels: Sequence[str], sure: float = 0.9) -> Fixed:
    return Fixed([Prediction(label, sure, [(label, sure)]) for label in labels])


def wrong(label: str) -> str:
    return LABELS[(LABELS.index(label) + 1) % len(LABELS)]


TRUTH = [LABELS[number % 3] for number in range(300)]
OLD = [label if number % 5 else wrong(label) for number, label in enumerate(TRUTH)]
BETTER = [label if number % 20 else wrong(label) for number, label in enumerate(TRUTH)]


def test_a_model_that_is_clearly_better_is_told_so_with_its_interval() -> None:
    told = compare(model(BETTER), model(OLD), examples(TRUTH))
    accuracy = told["metrics"]["accuracy"]
    assert (accuracy["challenger"], accuracy["champion"]) == (0.95, 0.8)
    assert accuracy["difference"] == pytest.approx(0.15)
    assert 0.1 < accuracy["low"] < 0.15 < accuracy["high"] < 0.2
    assert told["metrics"]["macroF1"]["low"] > 0.1
    assert told["mcnemar"] == {"onlyChallenger": 45, "onlyChampion": 0, "pValue": 0.0}
    assert told["calibration"]["champion"] == pytest.approx(0.1, abs=1e-6)
    assert all(each["gained"] for each in told["changed"])


def test_a_difference_of_two_examples_is_not_taken_for_better() -> None:
    slightly = [*TRUTH[:2], *OLD[2:]]
    told = compare(model(slightly), model(OLD), examples(TRUTH))
    assert told["metrics"]["accuracy"]["low"] <= 0
    assert told["mcnemar"]["pValue"] == 1.0


def test_a_slice_that_falls_is_seen_behind_a_mean_that_rises() -> None:
    new = [wrong(label) if label == "pin" else label for label in TRUTH]
    old = [label if number % 2 else wrong(label) for number, label in enumerate(TRUTH)]
    told = compare(model(new), model(old), examples(TRUTH))
    assert told["metrics"]["accuracy"]["difference"] > 0
    worst = told["slices"][0]
    assert (worst["slice"], worst["value"], worst["examples"]) == ("label", "pin", 100)
    assert worst["high"] < 0


def test_entities_are_compared_by_their_spans() -> None:
    truth = [[{"label": "city", "start": 0, "end": 5}] for _ in range(40)]
    rows = [Example(f"ex_{n}", "Paris now", spans, "test") for n, spans in enumerate(truth)]
    found = Prediction(entities=[Span("city", 0, 5, "Paris", 0.9)])
    short = Prediction(entities=[Span("city", 0, 4, "Pari", 0.9)])
    manifest = Manifest("entity", "fixed", ("city",))
    new = Fixed([found] * 40, "entity", manifest)
    old = Fixed([found] * 20 + [short] * 20, "entity", manifest)
    told = compare(new, old, rows)
    assert told["metrics"]["spanF1"]["challenger"] == 1.0
    assert told["metrics"]["spanF1"]["champion"] == 0.5
    assert told["metrics"]["spanF1"]["low"] > 0.3


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_swapping_the_two_turns_every_difference_round(seed: int) -> None:
    dice = Random(seed)
    truth = dice.choices(LABELS, k=60)
    one, other = dice.choices(LABELS, k=60), dice.choices(LABELS, k=60)
    there = compare(model(one), model(other), examples(truth))
    back = compare(model(other), model(one), examples(truth))
    for name, told in there["metrics"].items():
        turned = back["metrics"][name]
        assert told["difference"] == pytest.approx(-turned["difference"], abs=2e-6)
        assert told["low"] == pytest.approx(-turned["high"], abs=2e-6)
        assert told["low"] - 1e-9 <= told["difference"] <= told["high"] + 1e-9 or len(set(one)) == 1
    assert there["mcnemar"]["pValue"] == back["mcnemar"]["pValue"]


def test_a_model_beside_itself_differs_in_nothing() -> None:
    told = compare(model(OLD), model(OLD), examples(TRUTH))
    assert told["metrics"]["macroF1"]["difference"] == 0
    assert (told["metrics"]["macroF1"]["low"], told["metrics"]["macroF1"]["high"]) == (0, 0)
    assert told["changed"] == []
