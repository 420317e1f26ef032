"""`hone datasets`: files in and out, versions, checks."""

import json

from tests.cli.console import Installation

ROWS = [{"text": f"Where is my {each}?", "intent": each} for each in ("card", "refund", "order")]


def test_a_file_comes_in_is_shown_frozen_and_goes_out(installed: Installation) -> None:
    file = installed.folder / "tickets.csv"
    file.write_text("text,intent\nWhere is my card?,card\nI was charged twice,charge\n,none\n")
    missing = installed.hone("datasets", "import", "tickets", file)
    assert (missing.code, "no such dataset" in missing.error) == (1, True)
    told = installed.hone("datasets", "import", "tickets", file, "--kind", "intent")
    assert told.out.startswith("2 added, 0 there already, 0 contradicted, 1 refused\nline 4:")
    again = installed.hone("datasets", "import", "tickets", file, "--json").document
    assert (again["added"], again["duplicates"]) == (0, 2)
    assert "tickets  intent  2 " in installed.hone("datasets", "list").out
    shown = installed.hone("datasets", "show", "tickets", "--json").document
    assert shown["statistics"]["byLabel"] == {"card": 1, "charge": 1}
    assert "2 validated" in installed.hone("datasets", "show", "tickets").out
    version = installed.hone("datasets", "freeze", "tickets", "--note", "first", "--json").document
    assert (version["number"], version["note"], version["examples"]) == (1, "first", 2)
    shares = installed.hone("datasets", "freeze", "tickets", "--splits", "1,1,1")
    assert "add up to 1" in shares.error
    target = installed.folder / "out.json"
    done = installed.hone("datasets", "export", "tickets", target, "--version", "latest")
    assert done.code == 0, done.error
    assert {each["output"] for each in json.loads(target.read_text("utf-8"))} == {"card", "charge"}
    target = installed.folder / "out.jsonl"
    whole = ("datasets", "export", "tickets", target, "--version", "1")
    assert installed.hone(*whole).code == 0
    content = target.read_bytes()
    first = content.index(b"\n") + 1
    # Killed in the middle of the second line.
    (installed.folder / ".out.jsonl.1.draft").write_bytes(content[: first + 9])
    target.unlink()
    assert installed.hone(*whole, "--resume").code == 0
    assert target.read_bytes() == content
    refused = installed.hone("datasets", "export", "tickets", target, "--resume")
    assert (refused.code, "--version" in refused.error) == (1, True)


def test_a_check_is_begun_and_a_format_is_told(installed: Installation) -> None:
    file = installed.folder / "rows"
    file.write_text("".join(json.dumps(each) + "\n" for each in ROWS), "utf-8")
    command = ("datasets", "import", "tickets", file, "--kind", "intent")
    assert "--format" in installed.hone(*command).error
    assert installed.hone(*command, "--format", "jsonl").code == 0
    begun = installed.hone("datasets", "check", "tickets", "--json").document
    assert begun["state"] == "running"
    assert installed.hone("datasets", "check", "tickets").code == 1
    cancelled = installed.hone("datasets", "check", "tickets", "--cancel", "--json").document
    assert (cancelled["id"], cancelled["state"]) == (begun["id"], "cancelled")
    assert installed.hone("datasets", "check", "tickets", "--cancel").code == 1


def test_pages_are_added_listed_read_again_and_removed(installed: Installation) -> None:
    pairs = installed.folder / "pairs.jsonl"
    pairs.write_text('{"input": "Dogs?", "output": "No."}\n')
    assert installed.hone("datasets", "import", "answers", pairs, "--kind", "response").code == 0
    rules = installed.folder / "rules.md"
    rules.write_text("# Dogs\nNone.\n# Cats\nSome.\n")
    command = ("datasets", "knowledge")
    made = installed.hone(*command, "add", "answers", rules, "--json").document
    assert (made["state"], made["pages"], made["name"]) == ("current", 2, "rules.md")
    refused = installed.hone(*command, "add", "answers", "http://127.0.0.1:9/")
    assert (refused.code, "public internet" in refused.error) == (1, True)
    assert installed.hone(*command, "sync", "answers", made["id"]).code == 1
    assert "rules.md" in installed.hone(*command, "list", "answers").out
    assert installed.hone(*command, "remove", "answers", made["id"]).code == 0
    assert installed.hone(*command, "list", "answers", "--json").document == {"items": []}
