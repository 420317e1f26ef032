"""What a run learns from: `data.jsonl`, read and checked line by line."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol, TypeGuard

from hone_trainer.errors import Refused

SPLITS: Final = ("train", "validation", "test")
LONGEST: Final = 1 << 20
"""Bytes of one line; longer ones are no examples."""
SHOWN: Final = 20
"""Wrong lines that are told one by one."""


class Digest(Protocol):
    """What sums bytes up."""

    def update(self, data: bytes, /) -> None:
        """Add bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """One input with what was wanted."""

    id: str
    input: str | list[dict[str, Any]]
    output: Any
    split: str
    weight: float = 1.0
    group: str | None = None
    source: str | None = None

    @property
    def text(self) -> str:
        """The input as text; of messages, what the last user said."""
        if isinstance(self.input, str):
            return self.input
        said = [m for m in self.input if m.get("role") == "user"] or self.input
        return str(said[-1].get("content", "")) if said else ""

    @property
    def label(self) -> str:
        """The output of an example for a classifier."""
        return str(self.output)


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of a run, and the digest of the file that they came from."""

    all: Sequence[Example]
    digest: str

    def split(self, name: str) -> list[Example]:
        """Return the examples of one split, in the order of the file."""
        return [example for example in self.all if example.split == name]

    def counts(self) -> Mapping[str, int]:
        """Count examples by split."""
        found = Counter(example.split for example in self.all)
        return {name: found[name] for name in SPLITS}


def read(path: Path) -> Examples:
    """Read the file; what cannot be an example is told with its line."""
    digest = sha256()
    examples: list[Example] = []
    wrong: list[dict[str, Any]] = []
    failed = 0
    with path.open("rb") as file:
        for number, line in enumerate(_lines(file, digest), 1):
            if not line.strip():
                continue
            found = _example(line)
            if isinstance(found, Example):
                examples.append(found)
            else:
                failed += 1
                if len(wrong) < SHOWN:
                    wrong.append({"line": number, "problem": found})
    if failed:
        raise Refused(
            "DATA_INVALID",
            f"{failed} of the data's lines cannot be read; the first is line "
            f"{wrong[0]['line']}: {wrong[0]['problem']}",
            lines=wrong,
            count=failed,
        )
    _distinct(examples)
    return Examples(examples, digest.hexdigest())


def _lines(file: Iterable[bytes], digest: Digest) -> Iterator[bytes]:
    for line in file:
        digest.update(line)
        yield line


def _example(line: bytes) -> Example | str:
    """Make an example of a line, or say what is wrong with it."""
    if len(line) > LONGEST:
        return f"The line has {len(line):,} bytes; {LONGEST:,} are allowed."
    try:
        body: Any = json.loads(line)
    except (ValueError, RecursionError):
        return "The line is not JSON."
    if not isinstance(body, dict):
        return "The line is not an object."
    problem = _problem(body)
    if problem:
        return problem
    return Example(
        str(body["id"]),
        body["input"],
        body["output"],
        body["split"],
        float(body.get("weight", 1.0)),
        body.get("group"),
        body.get("source"),
    )


def _problem(body: dict[str, Any]) -> str:
    for name in ("id", "input", "output", "split"):
        if body.get(name) is None:
            return f"The example has no `{name}`."
    if body["split"] not in SPLITS:
        return f"`split` is {body['split']!r}, not one of {', '.join(SPLITS)}."
    if not isinstance(body["input"], str) and not _messages(body["input"]):
        return "`input` is neither text nor a list of messages."
    weight = body.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e6:
        return "`weight` is not a number above 0."
    return ""


def _messages(found: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(found, list) and bool(found) and all(isinstance(each, dict) for each in found)


def _distinct(examples: Sequence[Example]) -> None:
    counts = Counter(example.id for example in examples)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise Refused(
            "DATA_INVALID",
            f"{len(twice)} ids are used more than once; the first is {twice[0]!r}.",
            ids=twice[:SHOWN],
            count=len(twice),
        )
