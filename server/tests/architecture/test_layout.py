"""The shape of the tree: contracts, names and sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2]
SOURCE = SERVER / "src" / "hone"
FILES = sorted(SOURCE.rglob("*.py"))
BAD_NAMES = {"utils", "helpers", "common", "manager", "misc", "base_service"}
MOST_LINES = 400


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=SERVER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in FILES if path.stem in BAD_NAMES] == []


def test_files_stay_small_enough_to_read() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_module_and_public_function_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
