"""`hone training`: begun, listed, shown and ended beside a Hone that does not run."""

from tests.cli.console import Installation


def test_what_cannot_be_trained_is_told(installed: Installation) -> None:
    said = installed.hone("training", "start", "tickets")
    assert said.code == 1
    assert "There is no data set 'tickets'" in said.error
    wrong = installed.hone("training", "start", "tickets", "--param", "epochs")
    assert "no NAME=VALUE" in wrong.error
    assert installed.hone("training", "list", "--json").document == {"items": []}
    missing = installed.hone("training", "show", "trun_0")
    assert "no such training run" in missing.error
