"""The commands that the how-to pages print are commands that there are."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.console import hone

PAGES = Path(__file__).parents[3] / "docs" / "how-to"
LINES = sorted(
    {
        line
        for page in PAGES.glob("*.md")
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for line in block.splitlines()
        if line.startswith("hone ")
    }
)


@pytest.mark.parametrize("line", LINES)
def test_a_printed_command_exists_with_its_options(line: str) -> None:
    words = shlex.split(line)[1:]
    name = words[:2] if words[0] in {"keys", "audit"} else words[:1]
    said = hone(*name, "--help")
    assert said.code == 0
    for option in (each for each in words if each.startswith("--")):
        assert option in said.out
