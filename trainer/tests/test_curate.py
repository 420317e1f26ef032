"""What may be wrong with examples is found, and told as the server reads it."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hone_trainer.curate import likeness

TOPICS = {
    "card": ["card", "arrive", "post", "delivery", "plastic", "envelope", "mail", "tracking"],
    "refund": ["refund", "money", "merchant", "return", "shop", "receipt", "purchase", "reverse"],
    "pin": ["pin", "code", "forgot", "blocked", "digits", "keypad", "attempts", "unlock"],
}
FILLER = [
    "please",
    "my",
    "the",
    "is",
    "when",
    "can",
    "help",
    "still",
    "about",
    "with",
    "what",
    "now",
    "today",
    "again",
]


def rows(count: int) -> list[dict[str, Any]]:
    dice = Random(3)
    found: list[dict[str, Any]] = []
    for number in range(count):
        label = sorted(TOPICS)[number % 3]
        said = dice.choices(TOPICS[label], k=4) + dice.choices(FILLER, k=4)
        dice.shuffle(said)
        found.append(
            {"id": f"ex_{number}", "input": " ".join(said), "output": label, "split": "train"}
        )
    return found


def curate(folder: Path, examples: list[dict[str, Any]], checks: list[str]) -> int:
    lines = "".join(json.dumps(row) + "\n" for row in examples)
    (folder / "data.jsonl").write_text(lines, encoding="utf-8")
    (folder / "spec.json").write_text(json.dumps({"checks": checks}), encoding="utf-8")
    command = [sys.executable, "-m", "hone_trainer.curate", str(folder)]
    return subprocess.run(command, check=False, timeout=100).returncode


def found(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "findings.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_every_kind_of_fault_is_found_and_told(tmp_path: Path) -> None:
    examples = rows(180)
    examples[4]["output"] = "refund" if examples[4]["output"] != "refund" else "pin"
    one = "could you tell me when exactly the new bank card will be delivered to my house"
    examples += [
        {"id": "near_1", "input": one, "output": "card", "split": "train"},
        {"id": "near_2", "input": one + " thanks", "output": "card", "split": "train"},
        {"id": "leak", "input": "hi " + one, "output": "card", "split": "test"},
        {"id": "odd", "input": "qwxz vvbn kjhg ppoi", "output": "card", "split": "train"},
    ]
    assert curate(tmp_path, examples, ["duplicates", "leakage", "labels", "outliers"]) == 0
    findings = found(tmp_path)
    kinds = {
        kind: [f for f in findings if f["kind"] == kind]
        for kind in ("duplicates", "leakage", "labels", "outliers")
    }
    assert any({"near_1", "near_2"} <= set(each["ids"]) for each in kinds["duplicates"])
    assert kinds["leakage"][0]["ids"][1] == "leak"
    wrong = next(each for each in kinds["labels"] if each["ids"] == ["ex_4"])
    assert wrong["label"] == sorted(TOPICS)[4 % 3]
    assert wrong["suggestion"] == "relabel"
    assert ["odd"] in [each["ids"] for each in kinds["outliers"]]
    assert all(0 <= each["score"] <= 1 for each in findings)
    events = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(events[-1])["done"] == 1.0
    # Killed after some were found, it looks only for the others.
    kept = kinds["outliers"][0] | {"reason": "before"}
    (tmp_path / "found" / "outliers.jsonl").write_text(json.dumps(kept) + "\n", encoding="utf-8")
    (tmp_path / "found" / "leakage.jsonl").unlink()
    assert curate(tmp_path, examples, ["leakage", "outliers"]) == 0
    assert found(tmp_path) == [*kinds["leakage"], kept]


def test_a_check_that_there_is_not_is_refused(tmp_path: Path) -> None:
    assert curate(tmp_path, rows(12), ["spelling"]) == 2
    told = json.loads((tmp_path / "error.json").read_text(encoding="utf-8"))
    assert told["code"] == "CHECK_UNKNOWN"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=25)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_a_text_is_its_own_duplicate_whatever_it_is(texts: list[str]) -> None:
    twice = texts + texts
    pairs = likeness.pairs(twice)
    joined = {row for group, _ in likeness.groups(pairs) for row in group}
    assert joined == set(range(len(twice)))
    assert all(one < other and likeness.ALIKE <= alike <= 1 for one, other, alike in pairs)
