"""Markdown, as far as the pages need it."""

from collections.abc import Iterable, Sequence


class Undocumented(Exception):
    """Something that users meet has no description."""


def said(text: str | None, what: str) -> str:
    """Return a description in one line, or say what lacks one."""
    line = " ".join((text or "").split())
    if not line:
        raise Undocumented(f"{what} has no description")
    return line


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a pipe in a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or " "


def code(text: str) -> str:
    """Write something as code; what holds a backtick gets two around it."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}" if text else ""


def page(title: str, about: str, *parts: str) -> str:
    """Put a page together."""
    generated = "<!-- Written by `make docs` from the code; edit the code. -->"
    return "\n".join([f"# {title}\n", generated, "", about.strip(), "", *parts]).rstrip() + "\n"


def anchor(heading: str) -> str:
    """Return a heading's anchor as GitHub makes it."""
    kept = "".join(each for each in heading.lower() if each.isalnum() or each in " -_")
    return kept.replace(" ", "-")
