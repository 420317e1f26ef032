"""`hone monitors` and `hone alerts`: the rules are those of the API, whose tests are tests/monitoring."""

from tests.cli.console import Installation

OPENED = """
INSERT INTO alerts (id, organization_id, key, kind, severity, state, title, words, recommendation,
    opened_at, last_seen_at)
SELECT gen_random_uuid(), id, 'cause', 'errors', 'critical', 'open', 'Too many calls fail',
    'In the last minute 9 of 9 calls failed.', 'Add a fallback.', now(), now()
FROM organizations RETURNING id
"""


def test_what_is_watched_is_listed_and_measured(installed: Installation) -> None:
    listed = installed.hone("monitors", "list", "--json").document["items"]
    assert {each["name"] for each in listed} >= {"Errors", "Response time", "Availability"}
    assert "Cost of a request" in installed.hone("monitors", "list").out
    first = next(each for each in listed if each["name"] == "Errors")
    told = installed.hone("monitors", "check", first["id"]).out
    assert told.startswith("Errors: no_data. No calls came in the last 30 days")


def test_an_alert_is_shown_and_ended(installed: Installation) -> None:
    ((made,),) = installed.rows(OPENED)
    alert = f"alert_{str(made).replace('-', '')}"
    assert "Too many calls fail" in installed.hone("alerts", "list", "--state", "open").out
    assert "Add a fallback." in installed.hone("alerts", "show", alert).out
    assert "acknowledged" in installed.hone("alerts", "acknowledge", alert).out
    quiet = installed.hone("alerts", "silence", alert, "--reason", "known", "--json").document
    assert quiet["state"] == "silenced"
    over = installed.hone("alerts", "resolve", alert, "--note", "mended", "--json").document
    assert (over["state"], over["resolvedBy"], over["note"]) == ("resolved", "system", "mended")
