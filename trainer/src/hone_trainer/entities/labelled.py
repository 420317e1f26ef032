"""Texts with their entities, checked, and whether there are enough of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hone_trainer.data import Example
from hone_trainer.entities.tokens import Span, Tokens, pieces, trim
from hone_trainer.errors import Refused, insufficient
from hone_trainer.run import Run

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Labelled:
    """Examples of one split, cut into pieces."""

    examples: Sequence[Example]
    spans: Sequence[Sequence[Span]]
    """By example."""
    pieces: Sequence[Tokens]
    owners: Sequence[int]
    """The place of the example that each piece is of."""

    def by_piece(self) -> list[list[Span]]:
        """Return the spans that begin in each piece."""
        return [
            [span for span in self.spans[owner] if _within(piece, span)]
            for piece, owner in zip(self.pieces, self.owners, strict=True)
        ]


def labelled(examples: Sequence[Example]) -> Labelled:
    """Read examples, or say which of them have entities that cannot be."""
    wrong: list[dict[str, str]] = []
    spans: list[list[Span]] = []
    for example in examples:
        try:
            spans.append(_spans(example))
        except ValueError as problem:
            wrong.append({"id": example.id, "problem": str(problem)})
    if wrong:
        raise Refused(
            "DATA_INVALID",
            f"{len(wrong)} examples have entities that cannot be; the first is "
            f"{wrong[0]['id']}: {wrong[0]['problem']}",
            examples=wrong[:SHOWN],
            count=len(wrong),
        )
    cut = [(place, piece) for place, e in enumerate(examples) for piece in pieces(e.text)]
    return Labelled(examples, spans, [piece for _, piece in cut], [place for place, _ in cut])


def enough(run: Run) -> Labelled:
    """Return what a tagger learns from, or say why it is not enough."""
    known = labelled(run.examples.split("train"))
    if not run.examples.split("test"):
        raise insufficient(
            "There are no test examples, so nothing would be known of the model.",
            required=1,
            available=0,
            suggestions=["Freeze the data with a share for `test`.", "Collect more examples."],
        )
    counts = Counter(span.label for spans in known.spans for span in spans)
    least: int = run.params["minPerLabel"]
    rare = sorted(label for label, count in counts.items() if count < least)
    if rare or not counts:
        told = (
            f"{len(rare)} labels have fewer than {least} entities to learn from, such as {rare[0]!r} with {counts[rare[0]]}."
            if rare
            else "No example names an entity."
        )
        raise insufficient(
            told,
            required=least,
            available=min(counts.values(), default=0),
            suggestions=[
                "Mark more entities of these labels, or merge the labels with others.",
                "Lower `minPerLabel` to train with what there is.",
            ],
            labels={label: counts[label] for label in rare[:SHOWN]},
        )
    return known


def names(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Check the lists of names that a run was given."""
    for label, listed in given.items():
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise Refused("PARAMS_INVALID", f"gazetteers.{label}: This is not a list of names.")
    return {label: list(listed) for label, listed in given.items()}


def _within(piece: Tokens, span: Span) -> bool:
    if not piece.places:
        return False
    return piece.places[0][0] <= span.start < piece.places[-1][1]


def _spans(example: Example) -> list[Span]:
    if not isinstance(example.output, list):
        raise ValueError("`output` is not a list of entities.")
    found = [_span(example.text, entity) for entity in example.output]
    return _apart(span for span in found if span)


def _span(text: str, entity: object) -> Span | None:
    if not isinstance(entity, dict):
        raise ValueError("An entity is not an object.")
    start, end, label = (entity.get(name) for name in ("start", "end", "label"))
    if not isinstance(label, str) or not label:
        raise ValueError("An entity has no `label`.")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        raise ValueError(
            f"The entity {label!r} goes from {start!r} to {end!r} in a text of {len(text)} characters."
        )
    return trim(text, Span(start, end, label))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Of entities that overlap keep the longer."""
    kept: list[Span] = []
    for span in sorted(
        set(spans), key=lambda each: (each.start - each.end, each.start, each.label)
    ):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept)
