"""The requirements ledger as a page: `python -m tools.requirements > ../docs/reference/requirements.md`.

`python -m tools.requirements FOLDER` holds the ledger to the documents themselves, where they are at
hand: every fenced block, endpoint, table, index and metric that they print must be in it.
"""

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.requirements.documents import DOCUMENTS
from tests.requirements.ledger import Document, Example, State
from tests.requirements.tables import TABLES, Table

HEAD = """\
# Requirements

What became of every example in the five documents that Hone was asked for by: each request, statement,
metric, rule, table, configuration, type, figure and feature is a row here and a test in
`server/tests/requirements`. This page is written from those rows by `make requirements`; a test fails when it is
out of date, and another when a row is in another state than it says.

- **works**: runs as printed, hosts and keys aside.
- **replaced**: does the same by other means; the note names them, and the test tries those.
- **not yet**: is tried all the same and must fail in the way that is written down, so that the day it works is
  noticed. `#4` is the issue that brings it; without a number no issue does yet.
- **context**: asks nothing of software.

The number in front is the row's place: document, fenced block or section, name.
"""
STATES = (State.WORKS, State.REPLACED, State.NOT_YET, State.CONTEXT)
NAMED = re.compile(
    r"(?:GET|POST|PUT|DELETE) /[\w/{}-]+"
    r"|(?<=CREATE TABLE )\w+|(?<=INDEX )idx_\w+|(?<=CONCURRENTLY )idx_\w+|\bai_multimodel_\w+"
)


def page() -> str:
    """Write the page."""
    parts = [HEAD, _counts(), *(_document(each) for each in DOCUMENTS), _tables()]
    return "\n".join(parts)


def _counts() -> str:
    lines = [
        "| document | works | replaced | not yet | context | rows |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    total: Counter[State] = Counter()
    for document in DOCUMENTS:
        found = Counter(example.state for _, example in document.examples())
        total += found
        lines.append(_count(f"{document.number}. {document.title}", found))
    lines.append(_count("**all**", total))
    return "\n".join((*lines, ""))


def _count(name: str, found: Counter[State]) -> str:
    figures = " | ".join(str(found[state]) for state in STATES)
    return f"| {name} | {figures} | {found.total()} |"


def _document(document: Document) -> str:
    lines = [
        f"## {document.number}. {document.title}",
        "",
        "| row | section | kind | example | state | how |",
        "|---|---|---|---|---|---|",
        *(_row(each.section, example) for each, example in document.examples()),
        "",
    ]
    return "\n".join(lines)


def _row(section: str, example: Example) -> str:
    state = str(example.state)
    note = example.note
    if example.state is State.NOT_YET:
        state = f"not yet, #{example.issue}" if example.issue else "not yet"
        today = f"today: {example.today}"
        note = f"{note}; {today}" if note else today
    name = example.name.replace("|", "\\|")
    if _is_code(example):
        name = f"`{name}`"
    return f"| {example.id} | {section} | {example.kind} | {name} | {state} | {note} |"


def _is_code(example: Example) -> bool:
    """Tell whether a row is named by what is typed, or in words."""
    word = r"[\w:.()/{}?=&-]+"
    if example.kind in {"request", "sdk", "command"}:
        return bool(re.fullmatch(rf"(GET|POST) {word}|client\.\w+|kubectl .*|npm .*", example.name))
    typed = {"metric", "ddl", "type", "configuration", "alert rule", "sql"}
    return (
        example.kind in typed and bool(re.fullmatch(word, example.name))
    ) or "()" in example.name


def _tables() -> str:
    parts = ["## Printed tables and columns", "", TABLES_TOLD, ""]
    for table in TABLES:
        parts += [*_table(table), ""]
    return "\n".join(parts)


TABLES_TOLD = """\
Where each printed column lives. A table that works is a view of the printed name, held to the reader's
organization; for one that does not exist yet, the column is where it will be. Documents 4 and 5 print most of their
tables without columns: there, what they say is in a table stands in for them."""


def _table(table: Table) -> Iterator[str]:
    brings = f", #{table.issue}" if table.issue else ""
    state = "works" if table.built else f"not yet{brings}"
    yield f"### `{table.name}` (document {table.document}): {state}"
    yield ""
    yield "| printed | in Hone | state |"
    yield "|---|---|---|"
    for printed in table.columns:
        built = table.built and printed not in table.awaited
        yield f"| `{printed}` | {_quoted(table.home(printed))} | {'works' if built else f'not yet{brings}'} |"


def _quoted(home: str) -> str:
    place, comma, rest = home.partition(", ")
    return f"`{place}`{comma}{rest}"


def blocks(text: str) -> list[str]:
    """Find the fenced blocks: from an opening fence to the next bare one."""
    found: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        if re.fullmatch(r"\s*```\w*\s*", line):
            inside: list[str] = []
            for each in lines:
                if re.fullmatch(r"\s*```\s*", each):
                    break
                inside.append(each)
            found.append("\n".join(inside))
    return found


def digest(block: str) -> str:
    """Name a block by its text."""
    return hashlib.sha256(block.encode()).hexdigest()[:12]


def gaps(folder: Path) -> Iterator[str]:
    """Tell what the documents print and the ledger does not hold."""
    for document in DOCUMENTS:
        (path,) = folder.glob(f"{document.number}-*.md")
        text = path.read_text("utf-8")
        held = [each.digest for each in document.blocks if each.number is not None]
        if [digest(each) for each in blocks(text)] != held:
            yield f"{path.name}: the fenced blocks are others"
        names = " ".join(f"{example.name} {example.id}" for _, example in document.examples())
        for name in sorted(set(NAMED.findall(text))):
            if name not in names:
                yield f"{path.name}: {name} is in no row"


def main(arguments: list[str]) -> int:
    """Print the page, or the gaps."""
    if not arguments:
        sys.stdout.write(page())
        return 0
    found = list(gaps(Path(arguments[0])))
    print(*(found or ["The ledger holds everything that these documents print."]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
