"""What is enough to learn from, what is missing, and what the trainer is given."""

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.core import ids
from hone.routing import examples
from hone.routing.errors import InsufficientData
from hone.routing.examples import Examples, Rate, enough

LARGE, SMALL, GONE = (ids.new() for _ in range(3))
NAMES = {LARGE: "large", SMALL: "small"}


def made(prompts: int, *models: UUID, poor: int = 50) -> Examples:
    found = Examples("told")
    for number in range(prompts):
        for model in models:
            found.add(f"prompt {number}", model.hex, float(number >= poor))
    return found


def test_enough_are_two_models_with_good_and_poor_answers() -> None:
    assert enough(made(200, LARGE, SMALL), NAMES) == sorted([LARGE.hex, SMALL.hex])
    with_gone = enough(made(200, LARGE, SMALL, GONE), NAMES)
    assert with_gone == sorted([LARGE.hex, SMALL.hex]), "who was deleted cannot be asked"


@pytest.mark.parametrize(
    ("given_", "suggestion"),
    [
        (made(0), "Tell the outcomes of 200 more prompts"),
        (made(150, LARGE, SMALL), "Tell the outcomes of 50 more prompts"),
        (made(300, LARGE), "Let two models at least answer"),
        (made(300, LARGE, GONE), "Let two models at least answer"),
        (made(300, LARGE, SMALL, poor=0), "Tell poor answers too"),
        (made(300, LARGE, SMALL, poor=300), "Tell good answers too"),
    ],
)
def test_what_is_missing_is_said(given_: Examples, suggestion: str) -> None:
    with pytest.raises(InsufficientData) as refused:
        enough(given_, NAMES)
    details = refused.value.details
    assert details is not None
    assert set(details) == {"required", "available", "suggestions"}
    assert suggestion in str(details["suggestions"])


def test_of_what_is_observed_contents_are_asked_for() -> None:
    with pytest.raises(InsufficientData) as refused:
        enough(Examples("observed"), NAMES)
    assert "without prompts nothing is observed" in str(refused.value.details)


@given(st.lists(st.tuples(st.text(max_size=9), st.floats(0, 1)), max_size=30))
def test_what_is_told_twice_counts_as_its_mean(told: list[tuple[str, float]]) -> None:
    found = Examples("told")
    for prompt, score in told:
        found.add(prompt, LARGE.hex, score)
    rates = {LARGE.hex: Rate(2, 100.0)}
    lines = [json.loads(line) for line in found.lines([LARGE.hex], rates)]
    assert {line["prompt"] for line in lines} == {prompt for prompt, _ in told}
    for line in lines:
        marks = [score for prompt, score in told if prompt == line["prompt"]]
        assert line["scores"][LARGE.hex] == pytest.approx(sum(marks) / len(marks))
        assert line["costs"][LARGE.hex] == 2 * len(line["prompt"].encode()) / 4 + 100


def test_more_than_is_learned_from_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_PROMPTS", 3)
    found = made(5, LARGE)
    assert len(found.scores) == 3
    assert found.full
    found.add("prompt 0", SMALL.hex, 1.0)
    assert SMALL.hex in found.scores["prompt 0"]


def test_costs_are_told_only_where_all_are_known() -> None:
    found = made(1, LARGE, SMALL)
    (line,) = found.lines([LARGE.hex, SMALL.hex], {LARGE.hex: Rate(1, 1.0)})
    assert "costs" not in json.loads(line)
    assert list(found.lines([GONE.hex], {})) == []
