"""What is read of a folder, of other words for a training, and of what is wrong: pure functions."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.training import checking, ending, engines, estimating, trail, translating
from hone.training.estimating import Past
from hone.training.folder import Folder
from hone.training.schemas.doors import Hyperparameters, Optimization, Thresholds, TrainingData
from hone.training.service.retraining import why


@given(st.lists(st.integers(1, 400), max_size=8), st.integers(1, 60))
def test_each_line_is_read_once_however_the_file_grows(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], lines: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    rows = [{"name": "loss", "step": n, "value": n / 7, "split": "train"} for n in range(lines)]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    offsets: dict[str, int] = {}
    found: list[int] = []
    for end in [*sorted(cuts), len(content)]:
        (folder / "metrics.jsonl").write_bytes(content[:end])
        news = trail.read(folder, offsets)
        found += [each.step for each in news.metrics]
        offsets = news.offsets
    assert found == list(range(lines))


def test_what_is_no_line_of_ours_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_bytes(
        b'not json\n{"name":"a"}\n{"name":"a","value":1e999}\n{"name":"b","value":2}\n{"half'
    )
    (tmp_path / "events.jsonl").write_bytes(b'{"kind":"stage","message":"a\\u0000b"}\n')
    news = trail.read(tmp_path, {})
    assert [(each.name, each.value) for each in news.metrics] == [("b", 2.0)]
    assert [each.words for each in news.events] == ["ab"]


def test_conversations_become_examples_of_each_task() -> None:
    data = TrainingData.model_validate(
        {
            "conversationLogs": [
                {
                    "id": "c",
                    "messages": [
                        {"role": "customer", "text": "Is it free in June?"},
                        {"role": "bot", "content": "Yes, from the 3rd on."},
                    ],
                }
            ],
            "expertAnnotations": [
                {"conversation": 0, "label": "availability"},
                {"conversation": "c", "entities": [{"start": 14, "end": 18, "label": "month"}]},
                {"conversation": "c", "answer": "Yes."},
                {"conversation": 7, "label": "nowhere"},
            ],
            "feedbackData": [{"input": "Cost?", "correctedCategory": "price"}, {"operationId": 1}],
            "domainKnowledge": {
                "faqs": [{"question": "How many?", "answer": "120."}],
                "pages": ["The venue holds 120 guests."],
            },
        }
    )
    intents_found = [(each.input, each.output) for each in translating.examples_of("intent", data)]
    assert intents_found == [("Is it free in June?", "availability"), ("Cost?", "price")]
    (entity,) = translating.examples_of("entity", data)
    assert entity.output == [{"start": 14, "end": 18, "label": "month"}]
    answers = [each.output for each in translating.examples_of("response", data)]
    assert answers == ["Yes, from the 3rd on.", "Yes.", "120.", "The venue holds 120 guests."]
    page = translating.examples_of("response", data)[-1]
    assert (page.input, page.source) == (page.output, "knowledge")
    told = translating.notes_of("response", data)
    assert not any("domainKnowledge" in each for each in told)
    notes = translating.notes_of("intent", data)
    assert len(notes) == 3
    assert "expertAnnotations" in notes[1]
    assert "pages" in notes[2]


def test_hyperparameters_are_written_as_the_engine_names_them() -> None:
    (engine, *_) = engines.merged(
        [{"name": "linear", "params": {"properties": {"optimizer": {}, "schedule": {}}}}]
    )
    wanted = Optimization.model_validate(
        {"optimizer": "adam", "learningSchedule": {"type": "linear", "warmupSteps": 10}}
    )
    read = translating.params_of(Hyperparameters(epochs=3), wanted, engine)
    assert read.params == {"optimizer": "adam", "schedule": {"kind": "linear", "warmup": 0.1}}
    assert read.notes == [
        "warmupSteps is read as a share of all steps: 10%.",
        "The engine 'linear' has no 'epochs'; it was left out.",
    ]
    focal = Optimization.model_validate({"costFunction": "focal_loss"})
    assert translating.params_of(Hyperparameters(), focal, None).params == {"lossFunction": "focal"}


@given(st.floats(0.01, 0.89))
def test_a_share_to_validate_with_leaves_one_to_learn_and_one_to_test(share: float) -> None:
    split = translating.split_of(share)
    assert split.validation == share
    assert min(split.train, split.test) > 0


def test_a_model_is_trained_anew_for_a_reason_and_with_something_new() -> None:
    now, told = datetime(2026, 11, 26, tzinfo=UTC), Thresholds()
    yesterday = now - timedelta(hours=30)
    assert why(0.5, 0, yesterday, told, now) == []
    assert why(0.97, 20, now, told, now) == []
    assert why(0.9, 5, now, told, now) == ["Its accuracy is 90.0 %, below 95.0 %."]
    assert len(why(0.9, 1000, yesterday, told, now)) == 3


def test_an_estimate_follows_what_was() -> None:
    first = estimating.seconds("linear", 1000, 1, [])
    past = [Past(1000, 10.0 + n, 5) for n in range(5)]
    then = estimating.seconds("linear", 1000, 1, past)
    assert first.low < first.likely < first.high
    assert then.low < 12 == round(then.likely) < then.high
    assert estimating.estimate("linear", 10, 2, 1, past, (1.0, 10.0)).cost_usd > 0


def test_a_failure_is_told_with_what_was_said_last(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b"\n".join(b"line %d" % n for n in range(40)))
    told = ending.of_code(-11, Folder(tmp_path), 7, 1.5)
    assert told.error is not None
    assert told.error["code"] == "TRAINER_FAILED"
    assert told.error["details"]["signal"] == "SIGSEGV"
    assert told.error["details"]["lastLines"] == [f"line {n}" for n in range(20, 40)]
    assert ending.of_code(75, None, 0, 0).state == "queued"
    assert ending.of_code(-9, None, 0, 0).state == "lost"
    (tmp_path / "error.json").write_text('{"code": "NO_TEST_ROWS", "message": "No rows."}')
    assert ending.of_code(2, Folder(tmp_path), 0, 0).error == {
        "code": "NO_TEST_ROWS",
        "message": "No rows.",
        "details": {},
    }


def test_parameters_are_held_to_a_schema_in_words() -> None:
    schema = {
        "properties": {
            "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "shape": {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]},
            "inner": {"type": "object", "properties": {"deep": {"type": ["integer", "null"]}}},
        },
        "required": ["rate"],
    }
    assert checking.of_params({"rate": 0.5, "shape": None, "inner": {"deep": None}}, schema) == []
    assert checking.of_params({"pace": 1}, schema, {"pace": "rate"}) == [
        "The parameter 'rate' is missing."
    ]
    assert checking.of_params({"rate": 0, "inner": {"deep": 1.5}}, schema) == [
        "params.rate: 0 must be above 0.",
        "params.inner.deep: 1.5 is not a whole number or null.",
    ]
    assert checking.of_params({"anything": 1}, {}) == []
