"""`hone experiments` compares two models and tells what came of it."""

from tests.cli.console import Installation


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
    stopped = installed.hone("experiments", "stop", made["id"], "--reason", "only a look")
    assert "stopped" in stopped.out
    refused = installed.hone("experiments", "decide", made["id"], "treatment", "--reason", "late")
    assert refused.code == 1
