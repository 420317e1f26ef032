"""What every command has in common: help, JSON, errors of one line, and no import too many."""

import subprocess
import sys
from pathlib import Path

import pytest

import hone as package
from hone.cli import COMMANDS
from tests.cli.console import Installation, hone

COMMAND_LINES = [
    *[[name] for name in COMMANDS],
    *[["keys", name] for name in ("create", "list", "revoke", "generate", "rotate")],
    ["audit", "verify"],
    *[["import", name] for name in ("litellm", "litellm-keys")],
]
HEAVY = {"sqlalchemy", "fastapi", "alembic", "psycopg", "pydantic", "procrastinate", "rich"}


@pytest.mark.parametrize("line", COMMAND_LINES, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(line: list[str], option: str) -> None:
    said = hone(*line, option)
    assert said.code == 0
    assert said.out.startswith(f"Usage: hone {' '.join(line)} ")
    assert said.error == ""


def test_help_lists_every_command_with_a_whole_line() -> None:
    said = hone("--help")
    for name, (_, about) in COMMANDS.items():
        assert any(
            line.split(maxsplit=1)[0] == name and line.endswith(about)
            for line in said.out.splitlines()
            if line.strip()
        ), name


def test_the_version_is_the_packages() -> None:
    assert hone("--version").out == f"hone {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["--version"], set[str]()),
        (["--help"], set[str]()),
        (["simulate", "--help"], {"pydantic"}),
    ],
    ids=["version", "help", "simulate"],
)
def test_simple_commands_import_little(arguments: list[str], allowed: set[str]) -> None:
    script = (
        "import sys\nfrom hone.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert loaded & HEAVY <= allowed


def test_python_m_hone_cli_is_hone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hone.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"hone {package.__version__}\n"


def test_an_unknown_command_is_told_and_its_likeness() -> None:
    said = hone("simulat")
    assert said.code == 2
    assert "Did you mean 'simulate'?" in said.error


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"HONE_SERVER__PORT": "many"}, "HONE_SERVER__PORT: "),
        ({"HONE_SERVER__PROT": "80"}, "HONE_SERVER__PROT: "),
        ({"HONE_SERVER": "{"}, "The environment cannot be read"),
        ({"HONE_SPOOL__FSYNC": "sometimes"}, "HONE_SPOOL__FSYNC: "),
    ],
)
def test_a_wrong_setting_is_named(env: dict[str, str], told: str) -> None:
    said = hone("doctor", env=env)
    assert said.code == 1
    assert said.error.startswith(f"hone: {told}")
    assert said.error.count("\n") == 1


def test_a_secret_setting_that_is_wrong_is_not_shown() -> None:
    said = hone("doctor", env={"HONE_SECURITY": '{"master_key": ["hush-hush"]}'})
    assert said.code == 1
    assert "hush" not in said.error


@pytest.mark.parametrize(
    "line",
    [
        ["apply", "hone.yaml"],
        ["keys", "list"],
        ["keys", "create", "x"],
        ["keys", "revoke", "key_x"],
        ["keys", "rotate"],
        ["audit", "verify"],
        ["backup", "x.tar.zst"],
    ],
    ids=" ".join,
)
def test_nothing_is_made_where_there_is_no_hone(line: list[str], tmp_path: Path) -> None:
    said = hone(*line, "--data-dir", tmp_path / "nowhere")
    assert said.code == 1
    assert said.error == (
        f"hone: There is no Hone in {tmp_path / 'nowhere'} yet. Run `hone up` first, or name"
        " another folder with --data-dir.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (["migrate"], "HONE_DATABASE__OWNER_URL"),
        (["keys", "rotate"], "HONE_DATABASE__OWNER_URL"),
        (["serve"], "HONE_DATABASE__OWNER_URL"),
        (["serve"], "HONE_DATABASE__URL"),
        (["work"], "HONE_DATABASE__OWNER_URL"),
        (["work"], "HONE_DATABASE__URL"),
    ],
)
def test_a_missing_url_is_named(line: list[str], name: str, fresh: Installation) -> None:
    fresh.env["HONE_SECURITY__PREVIOUS_MASTER_KEY"] = fresh.env["HONE_SECURITY__MASTER_KEY"]
    del fresh.env[name]
    said = fresh.hone(*line)
    assert said.code == 1
    assert said.error == f"hone: Set {name}: this command runs no PostgreSQL of its own.\n"


def test_a_database_before_its_first_start_is_told(fresh: Installation) -> None:
    said = fresh.hone("keys", "list")
    assert said.code == 1
    assert said.error == "hone: There is no organization yet; start `hone up` once.\n"


@pytest.mark.parametrize("line", [["keys", "list"], ["audit", "verify"], ["backup", "b"]])
def test_a_database_that_does_not_answer_is_one_line(line: list[str], fresh: Installation) -> None:
    away = "postgresql://hone_app:hush@127.0.0.1:1/hone"
    said = fresh.hone(*line, HONE_DATABASE__URL=away, HONE_DATABASE__OWNER_URL=away)
    assert said.code == 1
    assert said.error.startswith("hone: The database: ")
    assert said.error.count("\n") == 1
    assert "hush" not in said.error
