"""Gates: pure functions on a card, a comparison and the rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.versions import Rules, judge, read_gates
from hone.versions.errors import GateUnknown
from hone.versions.schemas import GateCheck, GateVerdict
from tests.versions import artifacts

points = st.floats(-1, 1, allow_nan=False)


def verdict(
    card: dict[str, Any] | None = None, compared: dict[str, Any] | None = None, **rules: Any
) -> GateVerdict:
    return judge(
        "intent", card or artifacts.card(size=5_000_000), compared, Rules(**rules), champion="1.0.0"
    )


def check(told: GateVerdict, name: str) -> GateCheck:
    return next(each for each in told.checks if each.name == name)


def test_the_words_name_what_was_measured_and_what_it_had_to_be() -> None:
    told = verdict(compared=artifacts.comparison(0.012, 0.003, 0.021))
    assert told.passed
    assert [each.words for each in told.checks] == [
        "180 test examples; bar: at least 30",
        "macro F1 rose by 1.2 points (95 %: 0.3 to 2.1); bar: the interval is above 0",
        "none of 0 slices clearly fell; the worst changed by +0.0 points; bar: none falls by more"
        " than 5",
        "95 % of answers took 1.2 ms or less; bar: at most 100 ms",
        "5.0 MB; bar: at most 1074 MB",
        "confidence is 3.0 points off on average (expected calibration error); bar: at most 15",
    ]


def test_a_small_size_is_told_in_small_units() -> None:
    told = verdict(artifacts.card(size=27_200))
    assert check(told, "size").words == "27.2 kB; bar: at most 1074 MB"


def test_a_first_version_must_beat_the_most_frequent_answer() -> None:
    rows = [{"label": "a", "f1": 0.8, "support": 90}, {"label": "b", "f1": 0.1, "support": 10}]
    useless = verdict(artifacts.card(0.9, perClass=rows))
    assert not check(useless, "baseline").passed
    assert check(useless, "baseline").words == (
        "accuracy 90.0 %; bar: above 90.0 %, which the most frequent answer alone would reach;"
        " there is no live version to compare with"
    )
    assert check(verdict(artifacts.card(0.91, perClass=rows)), "baseline").passed


@given(difference=points, low=points, high=points, bar=st.floats(-50, 50, allow_nan=False))
def test_better_is_an_interval_above_the_bar_and_nothing_else(
    difference: float, low: float, high: float, bar: float
) -> None:
    told = verdict(compared=artifacts.comparison(difference, low, high), min_effect=bar)
    assert check(told, "better").passed == (low * 100 > bar)


@given(low=points, more=st.floats(0, 0.5), bar=st.floats(-50, 50, allow_nan=False))
def test_what_is_better_still_passes_where_less_did(low: float, more: float, bar: float) -> None:
    one = verdict(compared=artifacts.comparison(low, low, low), min_effect=bar)
    other = verdict(compared=artifacts.comparison(low, low + more, low + more), min_effect=bar)
    assert check(other, "better").passed or not check(one, "better").passed


@given(change=points, high=points, examples=st.integers(0, 200))
def test_a_slice_counts_when_it_is_large_enough_and_clearly_falls(
    change: float, high: float, examples: int
) -> None:
    row = {
        "slice": "label",
        "value": "refund",
        "examples": examples,
        "difference": change,
        "high": high,
    }
    told = check(verdict(compared=artifacts.comparison(0.1, 0.05, 0.2, slices=[row])), "slices")
    assert told.passed == (not (examples >= 20 and change * 100 < -5 and high < 0))
    assert told.passed or "label: refund" in told.words


def test_mcnemar_in_place_of_the_bootstrap() -> None:
    compared = artifacts.comparison(0.02, -0.01, 0.05, mcnemar={"pValue": 0.01})
    assert not verdict(compared=compared).passed
    assert verdict(compared=compared, test="mcnemar").passed
    assert not verdict(compared=compared, test="mcnemar", alpha=0.001).passed


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"latency": {"p95Ms": 101}}, "latency"),
        ({"latency": {}}, "latency"),
        ({"size": 2 << 30}, "size"),
        ({"calibration": {"error": 0.2}}, "calibration"),
        ({"calibration": {}}, "calibration"),
        ({"template": {"equal": False}}, "template"),
        ({"figures": {"test": {"accuracy": 0.9, "examples": 29}}}, "testExamples"),
        ({"figures": {}}, "baseline"),
    ],
)
def test_what_is_too_much_or_was_not_measured_does_not_pass(
    changed: dict[str, Any], name: str
) -> None:
    told = verdict(artifacts.card() | {"size": 5} | changed)
    assert not told.passed
    assert not check(told, name).passed


def test_entities_and_answers_are_judged_by_their_own_figures() -> None:
    card = artifacts.card() | {"figures": {"test": {"spanF1": 0.9, "examples": 90}}, "size": 5}
    told = judge("entity", card | {"perClass": []}, None, Rules())
    assert check(told, "baseline").words == (
        "span F1 90.0 %; bar: above 0; no live version to compare with"
    )
    answers = judge("response", card, None, Rules(at_least=95, metric="answerRecall"))
    assert not check(answers, "floor").passed
    assert "calibration" not in {each.name for each in answers.checks}


def test_rules_are_read_as_jobs_write_them() -> None:
    rules = read_gates(
        [
            {"metric": "macro_f1", "vs": "champion", "min_delta": -0.5, "alpha": 0.01},
            {"slice": "intent=*", "max_drop": 3},
            {"latency_p95_ms": 20},
            {"chatTemplateEqual": False},
        ]
    )
    assert (rules.metric, rules.min_effect, rules.slice_drop) == ("macroF1", -0.5, 3)
    assert (rules.latency_p95_ms, rules.template_equal) == (20, False)
    assert read_gates(None) == Rules()
    with pytest.raises(GateUnknown, match="gates: alpha: Input should be less than 1"):
        read_gates([{"alpha": 3}])


@given(st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.floats() | st.text()))
def test_a_card_may_hold_anything(card: dict[str, Any]) -> None:
    assert not judge("intent", {"figures": card, "latency": card}, card, Rules()).passed
