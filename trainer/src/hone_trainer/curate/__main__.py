"""Find what may be wrong with examples: `python -m hone_trainer.curate FOLDER`.

FOLDER has `data.jsonl`, as a training run has it, and `spec.json` with `{"checks": […]}`. Out come `findings.jsonl` and
`events.jsonl`; what was given wrongly is told in `error.json`, with exit 2. What each check finds is kept in `found/` as
soon as it is known, so that one that was killed, and is started again, looks only for the others.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from hone_trainer import data, disk, features
from hone_trainer.curate import Finding, duplicates, labels, strangers
from hone_trainer.data import Example
from hone_trainer.errors import Refused
from hone_trainer.features import Featurizer
from hone_trainer.journal import Journal

CHECKS: Final = ("duplicates", "leakage", "labels", "outliers")
WRONG: Final = 2
NEWLINE: Final = b"\n"
LEAST: Final = 10
"""With fewer examples nothing can be said of labels and outliers."""


def curate(folder: Path) -> None:
    """Make the checks that the folder's spec asks for."""
    spec: dict[str, Any] = json.loads((folder / "spec.json").read_bytes())
    asked = spec.get("checks", list(CHECKS))
    unknown = [each for each in asked if each not in CHECKS]
    if unknown:
        told = f"There is no check {unknown[0]!r}; there are {', '.join(CHECKS)}."
        raise Refused("CHECK_UNKNOWN", told, checks=list(CHECKS))
    events = Journal(folder / "events.jsonl", ("kind", "message"))
    kept = folder / "found"
    kept.mkdir(exist_ok=True)
    left = [each for each in asked if not (kept / f"{each}.jsonl").exists()]
    if left:
        examples = data.read(folder / spec.get("data", "data.jsonl")).all
        for name, found in _found(examples, left, spec.get("kind", "intent"), events):
            lines = [json.dumps(each.line(), ensure_ascii=False) + "\n" for each in found]
            disk.write(kept / f"{name}.jsonl", "".join(lines).encode())
    files = [kept / f"{each}.jsonl" for each in asked]
    written = b"".join(each.read_bytes() for each in files if each.exists())
    disk.write(folder / "findings.jsonl", written)
    events.write(kind="milestone", message=f"{written.count(NEWLINE)} findings.", done=1.0)
    events.close()


def _found(
    examples: Sequence[Example], asked: Sequence[str], kind: str, events: Journal
) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Return what each check finds, one after the other."""
    if {"duplicates", "leakage"} & set(asked):
        events.write(kind="stage", message="Looking for what is nearly the same.", done=0.05)
        found = duplicates.near(examples)
        if "duplicates" in asked:
            yield "duplicates", duplicates.duplicates(examples, found)
        if "leakage" in asked:
            yield "leakage", duplicates.leakage(examples, found)
    if len(examples) < LEAST or not {"labels", "outliers"} & set(asked):
        return
    events.write(kind="stage", message="Reading words and characters.", done=0.3)
    texts = [example.text for example in examples]
    # A gram of one example says nothing of others.
    blocks = [features.learn(reader, texts, 0.5**0.5, 2) for reader in features.READERS]
    sparse = Featurizer(blocks).rows(texts)
    if "labels" in asked and kind == "intent":
        events.write(kind="stage", message="Asking what others say of each label.", done=0.4)
        yield "labels", labels.labels(examples, sparse)
    if "outliers" in asked:
        events.write(kind="stage", message="Looking for what nothing is like.", done=0.8)
        yield "outliers", strangers.outliers(examples, sparse)


def main(arguments: Sequence[str]) -> int:
    """Read the command line."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m hone_trainer.curate FOLDER\n")
        return WRONG
    folder = Path(arguments[0])
    try:
        curate(folder)
    except Refused as wrong:
        body = {"code": wrong.code, "message": wrong.message, "details": dict(wrong.details)}
        disk.write(folder / "error.json", json.dumps(body).encode() + b"\n")
        sys.stderr.write(f"{wrong.code}: {wrong.message}\n")
        return WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
