"""A form with a file in it (multipart/form-data, RFC 7578), read as it comes.

What is read is never written anywhere in the clear, so the file is passed on in pieces, and nothing
but small fields is kept.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final

from hone.batches.errors import FormUnreadable

LONGEST_HEAD: Final = 8 << 10
LONGEST_FIELD: Final = 8 << 10
MOST_FIELDS: Final = 32
_BOUNDARY: Final = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_PARAMETER: Final = re.compile(r';\s*([a-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """A small field, whole."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FileStart:
    """From here on come the bytes of a file."""

    name: str
    filename: str


Found = Field | FileStart | bytes


def boundary_of(content_type: str) -> bytes:
    """Read what stands between the parts of a form."""
    kind, _, _ = content_type.partition(";")
    found = _BOUNDARY.search(content_type)
    if kind.strip().lower() != "multipart/form-data" or found is None:
        raise FormUnreadable
    return (found[1] or found[2]).encode("latin-1")


class Form:
    """Reads one form from pieces that end anywhere."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._held = b"\r\n"
        self._name = ""
        self._value: list[bytes] | None = None
        """What came of a small field; None while a file comes."""
        self._state = "preamble"
        self._fields = 0

    @property
    def ended(self) -> bool:
        """Tell whether the form came to its end."""
        return self._state == "end"

    def take(self, data: bytes) -> Iterator[Found]:
        """Add bytes and return what they bring."""
        self._held += data
        while True:
            if self._state in {"preamble", "content"}:
                found = yield from self._content()
            elif self._state == "delimiter":
                found = self._after_delimiter()
            elif self._state == "head":
                found = yield from self._head()
            else:
                self._held, found = b"", False
            if not found:
                return

    def _content(self) -> Generator[Found, None, bool]:
        """Pass content on up to the next delimiter; tell whether it was found."""
        at = self._held.find(self._delimiter)
        # The last bytes may be the beginning of a delimiter.
        end = at if at >= 0 else max(0, len(self._held) - len(self._delimiter) + 1)
        content, self._held = self._held[:end], self._held[end:]
        if self._state == "content" and content:
            if self._value is None:
                yield content
            else:
                self._keep(content)
        if at < 0:
            return False
        if self._state == "content" and self._value is not None:
            yield Field(self._name, b"".join(self._value).decode("utf-8", "replace"))
        self._held = self._held[len(self._delimiter) :]
        self._state = "delimiter"
        return True

    def _keep(self, content: bytes) -> None:
        assert self._value is not None
        self._value.append(content)
        if sum(map(len, self._value)) > LONGEST_FIELD:
            raise FormUnreadable(f"The field {self._name!r} is longer than {LONGEST_FIELD} bytes.")

    def _after_delimiter(self) -> bool:
        """Read what stands behind a delimiter: a line end, or the end of the form."""
        padded = self._held.lstrip(b" \t")
        if len(padded) < 2:
            return False
        if padded.startswith(b"--"):
            self._state = "end"
        elif padded.startswith(b"\r\n"):
            self._state, self._held = "head", padded[2:]
        else:
            raise FormUnreadable
        return True

    def _head(self) -> Generator[Found, None, bool]:
        """Read the head of a part, once it is whole."""
        head, separator, rest = (b"\r\n" + self._held).partition(b"\r\n\r\n")
        if not separator:
            if len(self._held) > LONGEST_HEAD:
                raise FormUnreadable
            return False
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise FormUnreadable(f"A form has at most {MOST_FIELDS} fields.")
        self._held, self._state = rest, "content"
        told = _disposition(head)
        self._name = told.get("name", "")
        filename = told.get("filename")
        self._value = None if filename is not None else []
        if filename is not None:
            yield FileStart(self._name, filename)
        return True


def _disposition(head: bytes) -> dict[str, str]:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            return {
                key.lower(): _unquoted(quoted) if quoted else plain
                for key, quoted, plain in _PARAMETER.findall(value)
            }
    raise FormUnreadable


def _unquoted(text: str) -> str:
    """Undo what browsers and libraries do to a quotation mark and a line end."""
    return text.replace('\\"', '"').replace("%22", '"').replace("%0D%0A", "\n")
