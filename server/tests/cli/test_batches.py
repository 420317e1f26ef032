"""`hone batches`: handed over, watched and ended beside a Hone that does not run."""

import json
from pathlib import Path

from tests.cli.console import Installation

CHAT = "/v1/chat/completions"


def _file(installed: Installation) -> Path:
    path = installed.folder / "nightly.jsonl"
    line = {"custom_id": "a", "method": "POST", "url": CHAT, "body": {"model": "assistant"}}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return path


def test_a_file_is_handed_over_shown_and_ended(installed: Installation) -> None:
    made = installed.hone("batches", "submit", _file(installed), "--json").document
    assert (made["status"], made["endpoint"]) == ("validating", CHAT)
    listed = installed.hone("batches", "list", "--json").document["items"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert made["id"] in installed.hone("batches", "list").out
    shown = installed.hone("batches", "show", made["id"]).out
    assert "0 of 0 lines done" in shown
    assert made["inputFileId"] in shown
    ended = installed.hone("batches", "cancel", made["id"], "--json").document
    assert ended["status"] == "cancelling"


def test_in_whose_name_must_be_clear(installed: Installation) -> None:
    installed.hone("keys", "create", "second")
    said = installed.hone("batches", "submit", _file(installed))
    assert said.code == 1
    assert "--key" in said.error
    made = installed.hone("batches", "submit", _file(installed), "--key", "second", "--json")
    assert made.document["keyName"] == "second"


def test_what_is_no_batch_is_told(installed: Installation) -> None:
    wrong = installed.folder / "wrong.jsonl"
    wrong.write_text("not json\n", encoding="utf-8")
    said = installed.hone("batches", "submit", wrong)
    assert said.code == 1
    assert "Line 1" in said.error
    assert installed.hone("batches", "show", "batch_1").code == 1
    assert installed.hone("batches", "submit", installed.folder / "absent").code == 1
