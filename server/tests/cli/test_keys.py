"""`hone keys`: API keys are made, listed and revoked; a master key is printed."""

import pytest

from hone.core.keyring import MasterKey
from tests.cli.console import Installation, hone


def test_a_key_is_shown_once_listed_by_its_end_and_revoked(installed: Installation) -> None:
    options = ["--permission", "ai:query", "--route", "assistant", "--days", "30"]
    options += ["--default-route", "assistant"]
    made = installed.hone("keys", "create", "the website", *options, "--json").document
    assert made["key"].startswith("hone_")
    assert (made["routes"], made["defaultRoute"]) == (["assistant"], "assistant")
    listed = installed.hone("keys", "list", "--json").document["items"]
    assert made["key"] not in str(listed)
    mine = next(each for each in listed if each["id"] == made["id"])
    assert (mine["name"], mine["permissions"]) == ("the website", ["ai:query"])
    done = installed.hone("keys", "revoke", made["id"])
    assert done.out == f"{made['id']} is revoked.\n"
    listed = installed.hone("keys", "list", "--json").document["items"]
    assert next(each for each in listed if each["id"] == made["id"])["revokedAt"] is not None


def test_people_read_a_table(installed: Installation) -> None:
    text = installed.hone("keys", "create", "for people").out.splitlines()
    assert text[0].startswith("hone_")
    table = installed.hone("keys", "list").out.splitlines()
    columns = ["ID", "NAME", "KEY", "CREATED", "EXPIRES", "LAST", "USED", "STATE"]
    assert table[0].split() == columns
    row = next(line for line in table if "for people" in line)
    assert row.split()[-2:] == ["never", "active"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["create", ""], "name: "),
        (["create", "x", "--permission", "ai:everything"], "permissions.0: "),
        (["revoke", "key_00000000000000000000000000000000"], "hone: "),
        (["revoke", "nonsense"], "hone: "),
        (["create", "x", "--organization", "nobody"], "There is no organization 'nobody'."),
    ],
)
def test_what_is_wrong_is_one_line(
    installed: Installation, arguments: list[str], told: str
) -> None:
    said = installed.hone("keys", *arguments)
    assert (said.code, said.out) == (1, "")
    assert told in said.error
    assert said.error.count("\n") == 1


def test_a_generated_master_key_is_one() -> None:
    made = hone("keys", "generate", "--json").document
    assert MasterKey.read(made["masterKey"]).id == made["id"]
    MasterKey.read(hone("keys", "generate").out)
