"""`hone improve`: policies and turns beside a Hone that does not run."""

from tests.cli.console import Installation


def test_what_cannot_improve_is_told(installed: Installation) -> None:
    said = installed.hone("improve", "add", "parcels")
    assert said.code == 1
    assert "parcels was never trained" in said.error
    wrong = installed.hone("improve", "add", "parcels", "--approve", "everything")
    assert wrong.code != 0
    assert installed.hone("improve", "list", "--json").document == {"items": []}
    assert installed.hone("improve", "turns", "--json").document == {"items": []}
    missing = installed.hone("improve", "run", "parcels")
    assert "`hone improve add parcels` makes one" in missing.error
    unknown = installed.hone("improve", "turn", "turn_0")
    assert "no such improvement turn" in unknown.error
