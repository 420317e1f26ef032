"""Plain text and Markdown: a heading begins a page."""

import codecs
import re
from typing import Final

from hone_trainer.knowledge import Page, Unfit

_HEADING: Final = re.compile(r"^#{1,4}\s+(?P<title>.+?)\s*#*\s*$")
_FENCE: Final = re.compile(r"^\s*(```|~~~)")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes, named: str | None = None) -> str:
    """Read bytes as text: by their mark, as they say they are written, as UTF-8, or as Windows writes."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").removeprefix("\ufeff")
    if b"\0" in content[:4096]:
        raise Unfit("This is no text: it has NUL characters in it.")
    for encoding in (named, "utf-8"):
        try:
            if encoding:
                return content.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


def read(content: bytes) -> list[Page]:
    """Cut a text at its headings."""
    pages: list[Page] = []
    title, held, fenced = "", list[str](), False
    for line in decode(content).splitlines():
        fenced ^= _FENCE.match(line) is not None
        found = None if fenced else _HEADING.match(line)
        if found is None:
            held.append(line)
            continue
        pages.append(Page(title, "\n".join(held)))
        title, held = found["title"], []
    return [*pages, Page(title, "\n".join(held))]
