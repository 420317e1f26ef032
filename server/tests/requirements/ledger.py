"""The ledger: every example of the five requirements documents, and what became of it.

A row holds the check of what the document asks for. What works must pass. What does not work yet is
run all the same and must fail in the way that is written down, so the ledger only moves forward.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, Protocol

import httpx


class State(StrEnum):
    """What became of an example."""

    WORKS = "works"
    REPLACED = "replaced"
    NOT_YET = "not yet"
    CONTEXT = "context"


Kind = Literal[
    "request", "sdk", "sql", "ddl", "table", "metric", "alert rule", "configuration", "command",
    "type", "figure", "feature", "live", "page",
]  # fmt: skip


class Unmet(Exception):
    """What an example asks for is not so; the message says how."""


class Stage(Protocol):
    """What a check may use of the shared Hone."""

    client: httpx.Client
    organization_id: str
    operation_id: str

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask as an analyst does: as hone_app, in one organization."""
        ...

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database as its owner."""
        ...

    def cut(self) -> None:
        """End every idle connection to the database."""
        ...

    def listen(self, channel: str) -> Iterator[dict[str, Any]]:
        """Subscribe to a channel and hear what comes."""
        ...

    def key(self, *permissions: str) -> str:
        """Make a key with these permissions that the server knows."""
        ...

    def until(self, fact: Callable[[], bool]) -> str:
        """Wait until something is so; say nothing, or that it did not come."""
        ...

    def paths(self) -> set[str]:
        """List the API's own operations, such as `GET /api/routes`."""
        ...

    def metrics(self) -> dict[str, set[str]]:
        """List the labels of each metric that is scraped."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """How an example is tried, and how it fails while nothing of it is built."""

    run: Callable[[Stage], None]
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One row."""

    slug: str
    kind: Kind
    name: str
    state: State
    check: Check
    note: str = ""
    issue: int | None = None
    today: str = ""
    id: str = ""


def verdict(example: Example, fact: str) -> str:
    """Hold what is unmet against what the ledger says; return what is wrong with the row, if anything."""
    named = f"{example.id} ({example.name})"
    if example.state is not State.NOT_YET:
        return f"{named} does not work: {fact}" if fact else ""
    if not fact:
        return f"{named} works now: mark it, and run `make requirements`"
    if fact != example.today:
        return f"{named} fails in another way now: {fact}; look, and write it down"
    return ""


def works(slug: str, kind: Kind, name: str, check: Check, note: str = "") -> Example:
    """Enter what runs as printed."""
    return Example(slug, kind, name, State.WORKS, check, note)


def replaced(slug: str, kind: Kind, name: str, check: Check, by: str) -> Example:
    """Enter what another thing does by design; the check tries that thing."""
    return Example(slug, kind, name, State.REPLACED, check, by)


def awaits(
    issue: int | None,
    slug: str,
    kind: Kind,
    name: str,
    check: Check,
    note: str = "",
    today: str = "",
) -> Example:
    """Enter what is not built; it must fail as `today`, or as its check does before it is built."""
    return Example(slug, kind, name, State.NOT_YET, check, note, issue, today or check.missing)


def context(slug: str, kind: Kind, name: str, why: str) -> Example:
    """Enter what asks nothing of the product."""
    return Example(slug, kind, name, State.CONTEXT, Check(lambda _: None), why)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document, by its place and the digest of its text; or a section's prose."""

    section: str
    examples: tuple[Example, ...]
    number: int | None = None
    digest: str = ""


def block(number: int, digest: str, section: str, *examples: Example) -> Block:
    """Enter a fenced block."""
    return Block(section, examples, number, digest)


def prose(section: str, *examples: Example) -> Block:
    """Enter what a section says outside its fenced blocks."""
    return Block(section, examples)


@dataclass(frozen=True, slots=True)
class Document:
    """One of the five documents."""

    number: int
    title: str
    blocks: tuple[Block, ...]

    def examples(self) -> Iterator[tuple[Block, Example]]:
        """List the rows with their ids."""
        for each in self.blocks:
            place = f"{each.number:02}" if each.number is not None else _slug(each.section)
            for example in each.examples:
                yield each, replace(example, id=f"{self.number}.{place}.{example.slug}")


def _slug(section: str) -> str:
    kept = "".join(each if each.isalnum() else "-" for each in section.lower())
    return "-".join(part for part in kept.split("-") if part)
