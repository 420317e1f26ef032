"""`hone routing`: outcomes from a file, a fit in this process, and what is in force."""

import json
from pathlib import Path

from tests.cli.console import Installation
from tests.fixtures.learned import outcomes

MODELS = """
providers:
  - {name: simulator, kind: compatible, base_url: "http://127.0.0.1:9/v1", api_key: none}
models:
  - {name: venue, provider: simulator, upstream: venue, price: {input: 2.5, output: 10}}
  - {name: backup, provider: simulator, upstream: backup, price: {input: 0.15, output: 0.6}}
"""


def _furnished(installed: Installation) -> Installation:
    path = installed.folder / "models.yaml"
    path.write_text(MODELS, encoding="utf-8")
    assert installed.hone("apply", path).code == 0
    return installed


def _file(folder: Path, *lines: object) -> Path:
    path = folder / "outcomes.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in lines), encoding="utf-8")
    return path


def test_a_file_of_outcomes_becomes_a_routing_model_in_force(installed: Installation) -> None:
    here = _furnished(installed)
    few = _file(here.folder, *outcomes(30))
    assert "100 are needed" in here.hone("routing", "outcomes", few).out
    refused = here.hone("routing", "fit")
    assert refused.code == 1
    assert "too few to learn from" in refused.error
    assert "  - Tell the outcomes of 170 more prompts" in refused.error
    taken = here.hone("routing", "outcomes", _file(here.folder, *outcomes(300)), "--json").document
    assert (taken["taken"], taken["prompts"]) == (600, 300)
    fitted = here.hone("routing", "fit", "--json").document
    assert (fitted["version"], fitted["state"]) == (1, "candidate")
    assert fitted["evidence"]["saved"] > 0.3
    assert here.hone("routing", "activate", "1").out == "Version 1 is in force.\n"
    second = here.hone("routing", "fit")
    assert second.out.startswith("Version 2, from 300 prompts; it is a candidate.\n")
    assert here.hone("routing", "activate", "2", "--json").document["former"] == fitted["id"]
    listed = here.hone("routing", "list", "--json").document["items"]
    assert [(each["version"], each["state"]) for each in listed] == [(2, "active"), (1, "retired")]
    assert "told" in here.hone("routing", "list").out
    assert here.hone("routing", "undo").out == "Now version 1 is in force.\n"
    assert here.hone("routing", "retire", "1").out == "Version 1 is retired.\n"
    assert "No routing model is active." in here.hone("routing", "undo").error
    assert "not the active one" in here.hone("routing", "retire", "1").error
    assert "no such routing model" in here.hone("routing", "activate", "9").error


def test_a_line_that_is_wrong_is_named_and_nothing_is_taken(installed: Installation) -> None:
    here = _furnished(installed)
    good = {"prompt": "Why?", "model": "venue", "score": 1}
    lines: list[tuple[object, str]] = [
        ({**good, "score": 2}, "line 2: score: Input should be less than or equal to 1."),
        ({"model": "venue", "score": 1}, "give a prompt or an operation"),
        ({"prompt": "Why?", "score": 1}, "name the model that answered"),
        ([], "line 2: this is no JSON object"),
        ({**good, "model": "moon"}, "There is no model 'moon'."),
        ({"operation": "op_nothing", "score": 1}, "There is no call 'op_nothing'"),
    ]
    for wrong, told in lines:
        said = here.hone("routing", "outcomes", _file(here.folder, good, wrong))
        assert said.code == 1
        assert told in said.error
    broken = here.folder / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    assert "line 1: " in here.hone("routing", "outcomes", broken).error
    assert here.hone("routing", "outcomes").out.startswith("0 prompts.")


def test_without_the_trainer_it_says_what_to_install(installed: Installation) -> None:
    here = _furnished(installed)
    nowhere = {"HONE_TRAINER__PYTHON": str(here.folder / "nowhere")}
    said = here.hone("routing", "fit", **nowhere)
    assert said.code == 1
    assert "run `scripts/setup trainer` in the checkout" in said.error
    shell = {"HONE_TRAINER__PYTHON": "/bin/false"}
    here.hone("routing", "outcomes", _file(here.folder, *outcomes(300)))
    assert "The trainer failed: it ended with code" in here.hone("routing", "fit", **shell).error
