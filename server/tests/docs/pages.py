"""The documentation as tests see it: its pages, and what is printed in them to be run."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
DOCS: Final = ROOT / "docs"
GUIDES: Final = (
    ROOT / "README.md",
    *sorted((DOCS / "tutorials").glob("*.md")),
    *sorted((DOCS / "how-to").glob("*.md")),
)
"""Pages whose snippets a reader runs from top to bottom."""

_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Snippet:
    """One fenced block: its language and its text."""

    language: str
    text: str


def snippets(page: Path) -> list[Snippet]:
    """List the blocks of a page in order."""
    return [Snippet(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def name(page: Path) -> str:
    """Name a page in a test's report."""
    return page.relative_to(ROOT).as_posix()
