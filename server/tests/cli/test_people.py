"""`hone people`: somebody is invited, gets in, changes roles and is shut out, without a browser."""

import pytest

from tests.cli.console import Installation

EMAIL = "grace@example.com"


@pytest.fixture
def invited(installed: Installation) -> str:
    """Return the link of somebody who was invited."""
    made = installed.hone("people", "invite", EMAIL, "--name", "Grace", "--json").document
    return str(made["url"])


def _listed(installed: Installation, email: str) -> dict[str, str]:
    items = installed.hone("people", "list", "--json").document["items"]
    return next(each for each in items if each["email"] == email)


def test_an_invitation_is_a_link_and_again_a_new_one(installed: Installation, invited: str) -> None:
    again = installed.hone("people", "invite", EMAIL)
    url, until = again.out.splitlines()
    assert url.startswith("http")
    assert url != invited
    assert until.startswith("It works once, until 20")
    assert until.endswith(" UTC.")
    grace = _listed(installed, EMAIL)
    assert (grace["name"], grace["role"], grace["state"]) == ("Grace", "developer", "invited")


def test_people_read_a_table(installed: Installation, invited: str) -> None:
    header, *rows = installed.hone("people", "list").out.splitlines()
    assert header.split() == ["ID", "E-MAIL", "NAME", "ROLE", "STATE", "LAST", "SEEN"]
    row = next(row for row in rows if EMAIL in row)
    assert row.startswith("person_")
    assert row.endswith("never")


def test_a_link_for_a_new_password_is_printed(installed: Installation, invited: str) -> None:
    url, until = installed.hone("people", "link", EMAIL).out.splitlines()
    assert url.startswith("http")
    assert until.startswith("It works once")
    document = installed.hone("people", "link", EMAIL, "--json").document
    assert document["url"] != url
    assert document["expiresAt"].startswith("20")


def test_a_role_is_changed_and_told(installed: Installation, invited: str) -> None:
    assert installed.hone("people", "role", EMAIL, "analyst").out == f"{EMAIL} is now analyst.\n"
    assert _listed(installed, EMAIL)["role"] == "analyst"
    assert installed.hone("people", "role", EMAIL, "reviewer", "--json").document["role"] == (
        "reviewer"
    )


def test_somebody_is_shut_out(installed: Installation) -> None:
    installed.hone("people", "invite", "gone@example.com")
    said = installed.hone("people", "deactivate", "gone@example.com")
    assert said.out == "gone@example.com is deactivated.\n"
    assert _listed(installed, "gone@example.com")["state"] == "deactivated"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["invite", "no address"], "email: "),
        (["invite", "a@example.com", "--role", "king"], "role: "),
        (["link", "nobody@example.com"], "hone: "),
        (["role", "nobody@example.com", "analyst"], "hone: "),
        (["deactivate", "nobody@example.com"], "hone: "),
        (["deactivate", "admin@localhost"], "hone: "),
        (["list", "--organization", "nobody"], "There is no organization 'nobody'."),
    ],
)
def test_what_is_wrong_is_one_line(
    installed: Installation, arguments: list[str], told: str
) -> None:
    said = installed.hone("people", *arguments)
    assert (said.code, said.out) == (1, "")
    assert told in said.error
    assert said.error.count("\n") == 1
