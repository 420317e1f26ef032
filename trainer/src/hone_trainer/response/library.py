"""What can be said: approved answers with the questions they answered, and passages of an organization's pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hone_trainer.data import Example

KNOWLEDGE: Final = "knowledge"
"""The source of examples that are pages: `input` is a page's title or question, `output` its text."""
WORDS: Final = 120
"""A passage has about as many."""
SAYS: Final = 0.8
"""A passage that has this share of an answer's words says it."""
SHORT: Final = 4
"""Words of an answer that is too short to be looked for in passages."""
_WORD: Final = re.compile(r"[^\W_]+")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be said."""

    id: str
    """The example that it is from; of an answer the first."""
    text: str
    title: str
    page: str
    """What the page is found by; of an approved answer nothing."""
    kind: str
    """`answer` or `passage`."""

    def source(self, score: float) -> dict[str, Any]:
        """Return it as a source that an answer names."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "page": self.page,
            "text": self.text,
            "score": round(score, 6),
        }


@dataclass(frozen=True, slots=True)
class Library:
    """Entries, and questions that each is known to answer."""

    entries: Sequence[Entry]
    questions: Sequence[str]
    owners: Sequence[int]
    """The place of the entry that each question belongs to."""

    def pack(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "entries": [[e.id, e.text, e.title, e.page, e.kind] for e in self.entries],
            "questions": list(self.questions),
            "owners": list(self.owners),
        }


def unpack(body: Mapping[str, Any]) -> Library:
    """Read what was packed."""
    entries = [Entry(*(str(part) for part in each)) for each in body["entries"]]
    owners = [int(owner) for owner in body["owners"]]
    questions = [str(question) for question in body["questions"]]
    if len(owners) != len(questions) or not all(0 <= each < len(entries) for each in owners):
        raise ValueError("The questions belong to no entries.")
    return Library(entries, questions, owners)


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return _WORD.findall(text.lower())


def same(text: str) -> str:
    """Return what two texts that say the same in the same words have in common."""
    return " ".join(words(text))


def overlap(one: str, other: str) -> float:
    """Return the share of the words of one text that the other has as well."""
    own = set(words(one))
    return len(own & set(words(other))) / len(own) if own else 0.0


def says(entry: Entry, answer: str) -> bool:
    """Tell whether an entry says what an approved answer says."""
    if same(entry.text) == same(answer):
        return True
    long = len(answer.split()) >= SHORT
    return entry.kind == "passage" and long and overlap(answer, entry.text) >= SAYS


def gather(approved: Sequence[Example], pages: Sequence[Example]) -> Library:
    """Put approved answers (each once) and the passages of pages together."""
    entries: list[Entry] = []
    questions: list[str] = []
    owners: list[int] = []
    places: dict[str, int] = {}
    for example in approved:
        answer = str(example.output)
        place = places.setdefault(same(answer), len(entries))
        if place == len(entries):
            entries.append(Entry(example.id, answer, "", "", "answer"))
        questions.append(example.text)
        owners.append(place)
    for page in pages:
        for passage in passages(str(page.output)):
            entries.append(Entry(page.id, passage, page.text, page.group or page.id, "passage"))
            if page.text.strip():
                questions.append(page.text)
                owners.append(len(entries) - 1)
    return Library(entries, questions, owners)


def passages(text: str) -> list[str]:
    """Cut a page into passages, between paragraphs where it can, else between sentences or words."""
    made: list[str] = []
    held: list[str] = []
    for part in _parts(text):
        size = sum(len(each.split()) for each in held)
        if held and size + len(part.split()) > WORDS:
            made.append("\n".join(held))
            held = []
        held.append(part)
    return [*made, "\n".join(held)] if held else made


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        whole = paragraph.strip()
        if len(whole.split()) <= WORDS:
            parts.append(whole)
            continue
        for sentence in _SENTENCE.split(whole):
            said = sentence.split()
            parts.extend(" ".join(said[at : at + WORDS]) for at in range(0, len(said), WORDS))
    return [part for part in parts if part]
