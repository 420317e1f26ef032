"""`hone experiments` compares two models and tells what came of it."""

import json

from tests.cli.console import Installation

ARMS = [{"name": "control", "ref": "one"}, {"name": "warm", "kind": "prompt", "prompt": "Be warm."}]


def test_two_models_are_compared_from_the_command_line(installed: Installation) -> None:
    file = installed.folder / "two.yaml"
    file.write_text(
        "providers: [{name: main, kind: openai, api_key: none}]\n"
        "models: [{name: one, provider: main, upstream: one}, {name: two, provider: main, upstream: two}]\n",
        encoding="utf-8",
    )
    assert installed.hone("apply", str(file)).code == 0
    made = installed.hone("experiments", "start", "two instead", "one", "two", "--json").document
    assert made["status"] == "running"
    again = installed.hone("experiments", "start", "another", "one", "two")
    assert again.code == 1
    assert made["id"] in again.error
    assert "running" in installed.hone("experiments", "list").out
    shown = installed.hone("experiments", "show", made["id"])
    assert "treatment" in shown.out
    assert "Let it run" in shown.out
    assert "paused" in installed.hone("experiments", "pause", made["id"]).out
    assert "running" in installed.hone("experiments", "resume", made["id"]).out
    stopped = installed.hone("experiments", "stop", made["id"], "--reason", "only a look")
    assert "stopped" in stopped.out
    refused = installed.hone("experiments", "decide", made["id"], "treatment", "--reason", "late")
    assert refused.code == 1
    # A design of one's own: what it takes, a draft, and its start.
    design = installed.folder / "design.json"
    design.write_text(
        json.dumps({"name": "warmer", "target": "one", "minimumEffect": 0.2, "arms": ARMS})
    )
    told = installed.hone("experiments", "plan", "--file", str(design), "--method", "sequential")
    assert "Nothing is known yet" in told.out
    drawn = (
        "experiments",
        "create",
        "--file",
        str(design),
        "--effect",
        "0.1",
        "--metric",
        "rating",
    )
    draft = installed.hone(*drawn, "--json").document
    assert (draft["state"], draft["minimumEffect"]) == ("draft", 0.1)
    assert [each["key"] for each in draft["metrics"]] == ["rating"]
    flags = ("--target", "one", "--arm", "a=one", "--arm", "b=model:two")
    other = installed.hone("experiments", "create", "by flags", *flags, "--json").document
    assert [(each["name"], each["ref"]) for each in other["arms"]] == [("a", "one"), ("b", "two")]
    wrong = installed.hone("experiments", "create", "by flags", "--target", "one", "--arm", "two")
    assert (wrong.code, "NAME=MODEL" in wrong.error) == (1, True)
    assert "running" in installed.hone("experiments", "start", draft["id"]).out
    installed.hone("experiments", "stop", draft["id"], "--reason", "only a look")


def test_releases_say_what_cannot_be_done(installed: Installation) -> None:
    plan = installed.folder / "plan.json"
    plan.write_text("[]")
    refused = installed.hone("release", "start", "nothing", "1.0.0", "--plan", str(plan))
    assert (refused.code, "not a JSON object" in refused.error) == (1, True)
    plan.write_text(json.dumps({"keepFormer": 60}))
    gone = installed.hone(
        *("release", "start", "nothing", "1.0.0", "--plan", str(plan), "--experiment", "exp_1")
    )
    assert (gone.code, "There is no version" in gone.error) == (1, True)
