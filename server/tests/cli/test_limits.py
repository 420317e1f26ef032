"""`hone limits`, and limits in the file that `hone apply` takes."""

from pathlib import Path

import pytest

from tests.cli.console import CONFIG, Installation

LIMITS = """
limits:
  - {subject: {kind: organization}, measure: cost, window: month, amount: 2000}
  - {subject: {kind: route, name: assistant}, measure: requests, window: minute, amount: 600}
  - {subject: {kind: model, name: venue}, measure: concurrency, amount: 20, on_store_loss: allow}
"""


def _file(installed: Installation, limits: str = LIMITS) -> Path:
    """Write a file that declares limits, too."""
    path = installed.folder / "limits.yaml"
    path.write_text(CONFIG + limits, encoding="utf-8")
    return path


def test_limits_on_what_the_same_file_makes_are_set_once(installed: Installation) -> None:
    file = _file(installed)
    told = installed.hone("apply", file, "--dry-run").out
    assert "+ limit requests a minute on route assistant" in told
    assert installed.rows("SELECT count(*) FROM limits") == [(0,)]
    first = installed.hone("apply", file, "--json").document
    assert [each["action"] for each in first["changes"]] == ["create"] * 6
    again = installed.hone("apply", file, "--json").document
    assert not again["changed"]
    assert "Nothing to change." in installed.hone("apply", file).out
    listed = installed.hone("limits", "list", "--json").document["items"]
    assert {(each["subject"]["name"], each["amount"]) for each in listed} == {
        ("Default", "2000"),
        ("assistant", "600"),
        ("venue", "20"),
    }
    shown = installed.hone("limits", "list").out
    assert "route assistant" in shown
    assert "2000 cost a month" in shown


def test_a_changed_amount_is_shown_and_made(installed: Installation) -> None:
    installed.hone("apply", _file(installed))
    told = installed.hone("apply", _file(installed, LIMITS.replace("2000", "2500.5"))).out
    assert "~ limit cost a month on organization" in told
    assert "    amount: 2000 → 2500.5" in told
    assert "Nothing to change." not in told
    assert installed.rows("SELECT amount FROM limits WHERE measure = 'cost'") == [
        (2_500_500_000_000_000,)
    ]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (
            "limits: [{subject: {kind: moon}, measure: requests, window: day, amount: 1}]",
            "limits.0",
        ),
        (
            "limits: [{subject: {kind: route, name: nowhere}, measure: cost, window: day, amount: 1}]",
            "There is no route 'nowhere'.",
        ),
        (
            "limits: [{subject: {kind: organization}, measure: requests, amount: 1}]",
            "concurrency has no window",
        ),
    ],
)
def test_what_is_wrong_with_a_limit_is_named(
    installed: Installation, limits: str, told: str
) -> None:
    said = installed.hone("apply", _file(installed, limits))
    assert said.code == 1
    assert told in said.error
    assert installed.rows("SELECT count(*) FROM models") == [(0,)]


def test_sums_are_made_anew(installed: Installation) -> None:
    installed.hone("apply", _file(installed))
    installed.rows(
        "INSERT INTO limit_uses SELECT id, date_trunc('month', now(), 'UTC'), id, organization_id, 7"
        " FROM limits WHERE measure = 'cost' RETURNING 1"
    )
    said = installed.hone("limits", "rebuild")
    assert (said.code, said.out) == (0, "0 sums were made anew.\n")
    assert installed.rows("SELECT count(*) FROM limit_uses") == [(0,)]
