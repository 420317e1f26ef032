"""`hone apply`: the difference first, the same file twice, and what is wrong in one line."""

from pathlib import Path

import pytest

from tests.cli.console import CONFIG, Installation


def _counts(installed: Installation) -> tuple[int, ...]:
    tables = ("providers", "models", "routes")
    return tuple(installed.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def test_a_dry_run_shows_the_difference_and_changes_nothing(installed: Installation) -> None:
    said = installed.hone("apply", installed.config, "--dry-run")
    assert said.code == 0
    assert [line.split()[:3] for line in said.out.splitlines() if line.startswith("+")] == [
        ["+", "provider", "simulator"],
        ["+", "model", "venue"],
        ["+", "route", "assistant"],
    ]
    assert _counts(installed) == (0, 0, 0)


def test_a_file_is_applied_once(installed: Installation) -> None:
    first = installed.hone("apply", installed.config, "--json").document
    assert [each["action"] for each in first["changes"]] == ["create"] * 3
    again = installed.hone("apply", installed.config, "--json").document
    assert not again["changed"]
    assert _counts(installed) == (1, 1, 1)
    assert "upstream-secret" not in str(first)


def test_a_change_is_shown_and_made(installed: Installation) -> None:
    installed.hone("apply", installed.config)
    path = installed.config
    path.write_text(CONFIG.replace("output: 10", "output: 12"), encoding="utf-8")
    said = installed.hone("apply", path)
    assert said.code == 0
    assert "~ model" in said.out
    assert "12" in said.out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (CONFIG, "UPSTREAM_KEY"),
        ("providers: [", "This is not YAML"),
        ("provider: []", "provider"),
        ("models: [{name: x, provider: nobody, upstream: x}]", "nobody"),
    ],
    ids=["environment", "yaml", "unknown word", "unknown provider"],
)
def test_what_is_wrong_with_a_file_is_named(installed: Installation, text: str, told: str) -> None:
    del installed.env["UPSTREAM_KEY"]
    path = installed.config
    path.write_text(text, encoding="utf-8")
    said = installed.hone("apply", path)
    assert said.code == 1
    assert said.out == ""
    assert said.error.startswith("hone: This ")
    assert told in said.error
    assert "Traceback" not in said.error
    assert _counts(installed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8"), (b"#" * (1 << 20) + b"#", "1 MB")],
    ids=["missing", "binary", "huge"],
)
def test_a_file_that_cannot_be_read_is_told(
    installed: Installation, tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "given.yaml"
    if content is not None:
        path.write_bytes(content)
    said = installed.hone("apply", path)
    assert said.code == 1
    assert told in said.error
    assert said.error.count("\n") == 1


def test_an_unknown_organization_is_told(installed: Installation) -> None:
    said = installed.hone("apply", installed.config, "--organization", "nobody")
    assert said.code == 1
    assert said.error == "hone: There is no organization 'nobody'.\n"
