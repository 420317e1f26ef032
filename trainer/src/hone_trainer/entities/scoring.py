"""How well spans were found. A span counts when its start, its end and its label are all right, and not else."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hone_trainer.entities.tokens import Span


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of spans, and the figures that follow."""

    right: int
    said: int
    there: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was said."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both: 1 where nothing is there and nothing was said."""
        if not self.said and not self.there:
            return 1.0
        return 2 * self.right / (self.said + self.there)


def score(expected: Iterable[Sequence[Span]], said: Iterable[Sequence[Span]]) -> dict[str, Score]:
    """Count over texts, by label, and over all labels under the name of nothing."""
    right, given, there = Counter[str](), Counter[str](), Counter[str]()
    for wanted, found in zip(expected, said, strict=True):
        for counter, spans in (
            (there, set(wanted)),
            (given, set(found)),
            (right, set(wanted) & set(found)),
        ):
            for span in spans:
                counter.update((span.label, ""))
    labels = sorted({"", *there, *given})
    return {label: Score(right[label], given[label], there[label]) for label in labels}
