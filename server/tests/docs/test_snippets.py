"""Every snippet of the tutorials and how-to pages runs, in order, as a reader runs it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.cli.console import hone
from tests.docs.console import console
from tests.docs.pages import GUIDES, Snippet, name, snippets
from tests.fixtures.house import ADMIN_KEY, House

LANGUAGES: Final = {"sh", "python", "yaml", "text"}
ELSEWHERE: Final = (
    "make ",
    "install ",
    "hone up",
    "hone serve",
    "hone work",
    "hone restore",
    "hone backup",
)
"""What starts, moves or fills a whole Hone: its tests are tests/cli; here the commands must exist."""
_OWN_FOLDER: Final = "--data-dir"
"""Names another Hone than the one that the tests run."""
_GIVEN: Final = re.compile(r"^export (PATH|HONE_KEY)=.*\n", re.MULTILINE)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder that has `hone`."""
    with console(tmp_path_factory.mktemp("console")) as folder:
        yield folder


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_the_snippets_of_a_page_run(
    page: Path, house: House, programs: Path, tmp_path: Path
) -> None:
    for snippet in snippets(page):
        assert snippet.language in LANGUAGES, (
            f"a block says no language, or one nobody runs: {snippet}"
        )
        _run(snippet, house, programs, tmp_path)


def _run(snippet: Snippet, house: House, programs: Path, folder: Path) -> None:
    text = snippet.text.replace("127.0.0.1:8700", house.url.removeprefix("http://"))
    if snippet.language == "sh":
        _shell(_GIVEN.sub("", text), house, programs, folder)
    elif snippet.language == "python":
        _finish([sys.executable, "-c", text], house, programs, folder)
    elif snippet.language == "yaml":
        _file(text, folder)


def _file(text: str, folder: Path) -> None:
    """Keep a file under the name that its first line says, for the commands that follow."""
    said = re.match(r"# ([\w.-]+)\n", text)
    assert said is not None, "a file's first line says its name: `# hone.yaml`"
    assert yaml.safe_load(text)
    (folder / said.group(1)).write_text(text, encoding="utf-8")


def _shell(text: str, house: House, programs: Path, folder: Path) -> None:
    commands = text.replace("\\\n", " ").splitlines()
    if any(line.startswith(ELSEWHERE) or _OWN_FOLDER in line for line in commands):
        for line in commands:
            _exists(line)
        return
    _finish(["bash", "-euo", "pipefail", "-c", text], house, programs, folder)


def _exists(line: str) -> None:
    """A command that is not run here is one that there is, with the options that are printed."""
    words = shlex.split(line, comments=True)
    if words[:1] == ["make"]:
        makefile = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{re.escape(words[1])}:", makefile, re.MULTILINE), line
    elif words[:1] == ["hone"]:
        said = hone(*_command(words[1:]), "--help")
        assert said.code == 0, line
        for option in (each for each in words if each.startswith("--")):
            assert option in said.out, line


def _command(words: list[str]) -> list[str]:
    groups = {"keys", "audit", "people", "import", "batches", "providers", "feedback"}
    return words[:2] if words[0] in groups else words[:1]


def _finish(command: list[str], house: House, programs: Path, folder: Path) -> None:
    path = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
    env = {
        **os.environ,
        "PATH": os.pathsep.join(path),
        "HONE_KEY": ADMIN_KEY,
        "HONE_DATA_DIR": str(house.data_dir),
    }
    done = subprocess.run(
        command, env=env, cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
