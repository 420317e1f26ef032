"""Near-duplicates in one split and leaks from one split into another."""

from collections.abc import Mapping, Sequence
from typing import Final

from hone_trainer.curate import Finding, likeness
from hone_trainer.data import Example

Pair = tuple[int, int, float]
SHOWN: Final = 100
"""Examples of one group that are told."""


def near(examples: Sequence[Example]) -> list[Pair]:
    """Return pairs of examples whose inputs say nearly the same."""
    return likeness.pairs([example.text for example in examples])


def duplicates(examples: Sequence[Example], found: Sequence[Pair]) -> list[Finding]:
    """Tell of groups that could be one; those of the very same words are told by others."""
    made: list[Finding] = []
    for rows, alike in likeness.groups(found):
        some = [examples[row] for row in rows]
        if len({_plain(each.text) for each in some}) < 2:
            continue
        outputs = {str(each.output) for each in some}
        reason = f"These {len(some)} say nearly the same"
        reason += " and have different outputs." if len(outputs) > 1 else "."
        made.append(Finding("duplicates", [e.id for e in some[:SHOWN]], alike, "merge", reason))
    return made


def leakage(examples: Sequence[Example], found: Sequence[Pair]) -> list[Finding]:
    """Tell of what is learned from and asked for as well, so that figures are too good."""
    made: list[Finding] = []
    for one, other, alike in found:
        pair = sorted((examples[one], examples[other]), key=lambda each: ORDER[each.split])
        if pair[0].split != pair[1].split:
            reason = f"An example of {pair[1].split} is nearly the same as one of {pair[0].split}."
            made.append(Finding("leakage", [e.id for e in pair], alike, "drop", reason))
    return made


ORDER: Final[Mapping[str, int]] = {"train": 0, "validation": 1, "test": 2}


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
