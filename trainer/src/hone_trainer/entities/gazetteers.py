"""Lists of names: given ones, and those that the training spans themselves make."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from hone_trainer.entities.tokens import Span, cut

LONGEST: Final = 12
"""Tokens of a name; longer ones are not matched."""


class Gazetteers:
    """Names by label, found in texts as they are said, whatever their case."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """Take names as text, by label."""
        self._labels: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        self._starts: dict[str, int] = {}
        for label in sorted(names):
            for name, count in sorted(Counter(names[label]).items()):
                key = tuple(word.lower() for word in cut(name).words)
                if key and len(key) <= LONGEST:
                    self._labels[key][label] = self._labels[key].get(label, 0) + count
                    self._starts[key[0]] = max(self._starts.get(key[0], 0), len(key))

    def find(
        self, words: Sequence[str], own: Mapping[tuple[str, ...], Mapping[str, int]] | None = None
    ) -> list[tuple[str, ...]]:
        """Say of each (lower-case) token as what the longest names that hold it are known.

        `own` is what the text itself put on the lists while it is learned from: a name that only this
        text knows must not be found in it, or the lists would seem to know everything.
        """
        found: list[tuple[str, ...]] = [()] * len(words)
        until = 0
        for first, word in enumerate(words):
            for size in range(min(self._starts.get(word, 0), len(words) - first), 0, -1):
                key = tuple(words[first : first + size])
                known = self._labels.get(key)
                if known is None or first + size <= until:
                    continue
                mine = own.get(key, {}) if own else {}
                labels = [label for label, count in known.items() if count > mine.get(label, 0)]
                if not labels:
                    continue
                until = first + size
                for place in range(first, until):
                    part = _part(place - first, size)
                    found[place] = tuple(f"{label}{part}" for label in labels)
                break
        return found

    def names(self) -> dict[str, list[str]]:
        """Return the names as text, by label, each as often as it was given."""
        lists: dict[str, list[str]] = defaultdict(list)
        for key, labels in self._labels.items():
            for label, count in labels.items():
                lists[label].extend([" ".join(key)] * count)
        return {label: sorted(lists[label]) for label in sorted(lists)}


def learned(text: str, spans: Iterable[Span]) -> dict[tuple[str, ...], dict[str, int]]:
    """Return what a text puts on the lists."""
    own: dict[tuple[str, ...], dict[str, int]] = {}
    for span in spans:
        key = tuple(word.lower() for word in cut(text[span.start : span.end]).words)
        counts = own.setdefault(key, {})
        counts[span.label] = counts.get(span.label, 0) + 1
    return own


def _part(place: int, size: int) -> str:
    if size == 1:
        return ":1"
    return ":b" if place == 0 else ":e" if place == size - 1 else ":i"
