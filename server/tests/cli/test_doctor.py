"""`hone doctor`: every check, fine and wrong."""

import socket
from pathlib import Path

import pytest

from hone.core.keyring import MasterKey
from tests.cli.console import Installation, hone

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def _checks(said_document: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["check"]: each["status"] for each in said_document["checks"]}


def test_a_good_installation_is_fine(installed: Installation) -> None:
    document = installed.hone("doctor", "--json", HONE_SERVER__PORT="0").document
    assert set(_checks(document).values()) == {"fine"}
    assert list(_checks(document)) == [
        *("python", "data folder", "disk", "port", "master key"),
        *("schema", "role", "sealed under", "predictor", "trainer"),
    ]


def test_before_the_first_start_all_is_fine_and_nothing_is_made(tmp_path: Path) -> None:
    said = hone("doctor", "--data-dir", tmp_path / "new", env={"HONE_SERVER__PORT": "0"})
    assert said.code == 0, said.out
    assert "none yet; `hone up` makes it" in said.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("env", "check"),
    [
        ({"HONE_DATABASE__URL": "owner"}, "role"),
        ({"HONE_DATABASE__URL": "superuser"}, "role"),
        ({"HONE_DATABASE__OWNER_URL": "postgresql://x:y@127.0.0.1:1/z"}, "schema"),
        ({"HONE_SECURITY__MASTER_KEY": MasterKey.generate().write()}, "sealed under"),
        ({"HONE_SECURITY__MASTER_KEY": "short"}, "master key"),
        ({"HONE_SERVER__HOST": "203.0.113.1"}, "port"),
    ],
    ids=["owner", "superuser", "away", "other key", "no key", "address"],
)
def test_what_is_wrong_is_found(installed: Installation, env: dict[str, str], check: str) -> None:
    urls = {"owner": installed.urls.owner, "superuser": installed.urls.superuser}
    said = installed.hone("doctor", **{name: urls.get(value, value) for name, value in env.items()})
    assert said.code == 1
    assert any(line.startswith(f"WRONG  {check}") for line in said.out.splitlines()), said.out
    assert said.error == ""


def test_missing_migrations_are_found(installed: Installation) -> None:
    installed.rows("DELETE FROM alembic_version")
    said = installed.hone("doctor")
    assert said.code == 1
    missing = len(list(VERSIONS.glob("2*.py")))
    assert f"{missing} migrations are missing; run `hone migrate`." in said.out


def test_a_newer_versions_schema_is_up_to_date(installed: Installation) -> None:
    installed.rows("UPDATE alembic_version SET version_num = '9999'")
    assert installed.hone("doctor").code == 0
    assert installed.hone("migrate", "--json").document == {"applied": []}


def test_a_port_in_use_is_told(installed: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = installed.hone("doctor", HONE_SERVER__PORT=str(port))
    assert f"something answers at 127.0.0.1:{port}" in said.out
