"""What an organization's pages, FAQs and documents say: titles and texts that answers are searched in.

Everything is read in a process of its own with bounded memory and time: what comes from elsewhere may be hostile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 20_000
"""Characters of one text; longer ones are cut between paragraphs where they can be."""


class Unfit(Exception):
    """This cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something that is said under one title; of a FAQ the title is the question."""

    title: str
    text: str
    part: str = ""
    """Where in the document it stands, where it has no title of its own."""


def tidy(text: str) -> str:
    """Write a text with one space between words and one empty line between paragraphs."""
    # Half a pair of surrogates is no text that anybody could search.
    plain = text.replace("\0", "").encode("utf-8", "replace").decode()
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    made: list[str] = []
    for line in lines:
        if line or (made and made[-1]):
            made.append(line)
    return "\n".join(made).strip()


def cut(pages: Sequence[Page]) -> Iterator[Page]:
    """Cut what is too long to be one page, and leave out what says nothing."""
    for page in pages:
        text = tidy(page.text)
        while len(text) > LONGEST:
            place = max(text.rfind("\n\n", 1, LONGEST), text.rfind(". ", 1, LONGEST) + 1)
            place = place if place > LONGEST // 2 else LONGEST
            yield Page(page.title, text[:place].strip(), page.part)
            text = text[place:].strip()
        if text:
            yield Page(page.title, text, page.part)
