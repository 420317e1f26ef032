"""`hone providers health`."""

from tests.cli.console import CONFIG, Installation


def test_providers_and_their_models_are_told_with_their_circuits(installed: Installation) -> None:
    file = installed.folder / "hone.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    assert installed.hone("apply", file).code == 0
    found = installed.hone("providers", "health", "--json", "--window", "24h").document
    (provider,) = found["items"]
    assert (found["window"], found["processes"], provider["status"]) == ("24h", 0, "idle")
    assert {each["circuit"]["state"] for each in provider["models"]} == {"unknown"}
    installed.rows("INSERT INTO server_processes VALUES (gen_random_uuid(), now()) RETURNING id")
    installed.rows(
        "INSERT INTO open_circuits SELECT m.organization_id, m.id, p.id, now(),"
        " now() + interval '30 seconds', 'rate_limited', 30 FROM models m, server_processes p"
        " WHERE m.name = 'venue' RETURNING model_id"
    )
    told = installed.hone("providers", "health").out
    assert "open in 1 of 1 until" in told
    assert installed.hone("providers", "health", "--window", "2h").code != 0
