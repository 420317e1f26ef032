"""Web pages: what stands under each heading, and questions with answers however they are marked.

Navigation, forms and programs are left out; where a page says what its main part is, the rest is, too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final

from hone_trainer.knowledge import Page, tidy
from hone_trainer.knowledge.texts import decode

_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset=[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "iframe",
        "object",
        "canvas",
        "dialog",
    ]
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "fieldset",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tr",
        "ul",
    ]
)
_PARAGRAPHS: Final = frozenset(
    ["p", "div", "ul", "ol", "table", "pre", "blockquote", "section", "article", "dl"]
)
_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "summary", "dt"])
_CELLS: Final = frozenset({"td", "th"})
_ENDS: Final = frozenset({"dd", "details"})
_DEEPEST: Final = 20
_MOST_ASKED: Final = 2_000


def read(content: bytes) -> list[Page]:
    """Read a page."""
    named = _CHARSET.search(content[:4096])
    reader = _Reader()
    reader.feed(decode(content, named[1].decode() if named else None))
    reader.close()
    return [*reader.asked(), *reader.pages()]


class _Reader(HTMLParser):
    """Follows a page from its first character to its last; nothing is kept of its tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._silent = 0
        self._title: list[str] = []
        self._in_title = False
        self._heading: list[str] | None = None
        self._main = 0
        self._had_main = False
        self._data: list[str] | None = None
        self._found: list[tuple[bool, str, list[str]]] = [(False, "", [])]
        """Whether it stands in the main part, its heading, and what it says."""
        self._linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        if tag == "script" and dict(attrs).get("type", "") == "application/ld+json":
            self._data = []
        if tag in _SILENT:
            self._silent += 1
        elif tag == "title" and not self._silent:
            self._in_title = True
        elif tag == "main" or dict(attrs).get("role") == "main":
            self._main += tag == "main"
            self._had_main = True
            self._begin("")
        elif tag in _HEADINGS and not self._silent:
            self._heading = []
        if tag in _BLOCKS:
            self._say("\n\n" if tag in _PARAGRAPHS else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._leave(tag)
        if tag == "main":
            self._main = max(0, self._main - 1)
            self._begin("")
        elif tag in _HEADINGS and self._heading is not None:
            title, self._heading = tidy("".join(self._heading)).replace("\n", " "), None
            self._begin(title)
        elif tag in _ENDS:
            self._begin("")
        if tag in _BLOCKS:
            self._say("\n\n" if tag in _PARAGRAPHS else "\n")
        elif tag in _CELLS:
            self._say(" ")

    def _leave(self, tag: str) -> None:
        """Leave what is not shown."""
        if tag == "script" and self._data is not None:
            self._linked.append("".join(self._data))
            self._data = None
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        """Read a text."""
        if self._data is not None:
            self._data.append(data)
        elif self._in_title:
            self._title.append(data)
        elif not self._silent:
            self._say(re.sub(r"\s+", " ", data))

    def _say(self, text: str) -> None:
        if self._silent:
            return
        (self._found[-1][2] if self._heading is None else self._heading).append(text)

    def _begin(self, title: str) -> None:
        self._found.append((self._main > 0, title, []))

    def pages(self) -> list[Page]:
        """Return what stands under each heading."""
        whole = tidy("".join(self._title)).replace("\n", " ")
        made: list[Page] = []
        for inside, heading, said in self._found:
            text = tidy("".join(said))
            if text and (inside or not self._had_main):
                made.append(Page(heading or whole, text))
        # Where the main part is marked and holds nothing, the page was marked wrongly.
        return made or [
            Page(heading or whole, text)
            for _, heading, said in self._found
            if (text := tidy("".join(said)))
        ]

    def asked(self) -> Iterator[Page]:
        """Return the questions with answers that a page tells to programs (schema.org, FAQPage)."""
        number = 0
        for each in self._linked:
            try:
                body = json.loads(each)
            except (ValueError, RecursionError):
                continue
            for question, answer in _questions(body, 0):
                number += 1
                if number > _MOST_ASKED:
                    return
                reader = _Reader()
                reader.feed(answer)
                reader.close()
                text = "\n\n".join(page.text for page in reader.pages())
                yield Page(question, text)


def _questions(body: Any, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for each in body:
            yield from _questions(each, depth + 1)
    elif isinstance(body, Mapping):
        answer = body.get("acceptedAnswer")
        told = answer.get("text") if isinstance(answer, Mapping) else None
        if isinstance(told, str) and isinstance(body.get("name"), str):
            yield body["name"], told
            return
        for each in body.values():
            if isinstance(each, list | dict):
                yield from _questions(each, depth + 1)
