"""Where a record of a file ends: bytes in pieces of any size become records with their lines.

What is too long is left out as it comes, so that a line of a gigabyte takes no memory.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from hone.core.tables import FORMULA

LONGEST: Final = 1 << 20
"""Bytes of one record."""
MOST_COLUMNS: Final = 200
csv.field_size_limit(LONGEST)
_TOO_LONG: Final = f"It has more than {LONGEST >> 20} MB."
_NO_OBJECT: Final = "It is no JSON object."
_MARK: Final = b"\xef\xbb\xbf"
_ARCHIVES: Final = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a ZIP archive",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"%PDF": "a PDF document",
    b"PAR1": "Parquet",
}


class Damaged(Exception):
    """The file as a whole cannot be read; the message says why."""


class Cut(NamedTuple):
    """A record, or what is wrong with the place where one should be."""

    line: int
    record: dict[str, Any] | None
    problem: str = ""


class Cutter(Protocol):
    """Cuts one file."""

    def take(self, data: bytes) -> Iterator[Cut]:
        """Add bytes and return what is whole."""
        ...

    def rest(self) -> Iterator[Cut]:
        """Return what stands at the end."""
        ...


def cutter(shape: str, columns: dict[str, str] | None = None) -> Cutter:
    """Choose how a file is cut, by its format."""
    if shape == "csv":
        return _Csv(columns or {})
    return _Json() if shape == "json" else _Lines()


def _decoded(line: int, data: bytes) -> Cut:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Cut(line, None, f"It is not JSON: {str(error)[:200]}.")
    except RecursionError:
        return Cut(line, None, "It is nested too deep.")
    if not isinstance(value, dict):
        return Cut(line, None, _NO_OBJECT)
    return Cut(line, value)


class _Start:
    """Looks at the first bytes."""

    def __init__(self) -> None:
        self._seen = b""
        self._open = False

    def pass_on(self, data: bytes, *, end: bool = False) -> bytes:
        """Return what may be read; raise `Damaged` for what is no text."""
        if self._open:
            return data
        self._seen += data
        if len(self._seen) < 8 and not end:
            return b""
        self._open = True
        for magic, name in _ARCHIVES.items():
            if self._seen.startswith(magic):
                raise Damaged(f"This is {name}: unpack it, or name its format, and send it again.")
        if self._seen.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Damaged("This is UTF-16: write it as UTF-8, and send it again.")
        return self._seen.removeprefix(_MARK)


class _Lines:
    """JSON lines."""

    def __init__(self) -> None:
        self._start = _Start()
        self._held = b""
        self._line = 0
        self._skipping = False

    def take(self, data: bytes) -> Iterator[Cut]:
        yield from self._split(self._start.pass_on(data))

    def _split(self, data: bytes) -> Iterator[Cut]:
        *whole, self._held = (self._held + data).split(b"\n")
        for each in whole:
            yield from self._end(each)
        if len(self._held) > LONGEST:
            self._held, self._skipping = b"", True

    def rest(self) -> Iterator[Cut]:
        yield from self._split(self._start.pass_on(b"", end=True))
        if self._held.strip() or self._skipping:
            yield from self._end(self._held)

    def _end(self, line: bytes) -> Iterator[Cut]:
        self._line += 1
        if self._skipping or len(line) > LONGEST:
            self._skipping = False
            yield Cut(self._line, None, _TOO_LONG)
        elif line.strip():
            yield _decoded(self._line, line)


_STRUCTURE: Final = re.compile(rb'["\[\]{}\n]')
_IN_TEXT: Final = re.compile(rb'["\\\n]')
_DEEPEST: Final = 64


class _Json:
    """One JSON array of objects, or an object whose first array is meant."""

    def __init__(self) -> None:
        self._start = _Start()
        self._held = bytearray()
        self._place: int = 0
        self._line = 1
        self._depth: int = 0
        self._base: int = -1
        """How deep the array of examples is; -1 while none was found."""
        self._begun = -1
        self._begun_line = 1
        self._text = False
        self._skipping = False
        self._over = False

    def take(self, data: bytes) -> Iterator[Cut]:
        self._held += self._start.pass_on(data)
        yield from self._walk()
        keep = self._begun if self._begun >= 0 else self._place
        if len(self._held) - keep > LONGEST and self._begun >= 0:
            self._skipping, keep = True, self._place
        del self._held[:keep]
        self._place -= keep
        self._begun = 0 if self._begun >= 0 else -1

    def rest(self) -> Iterator[Cut]:
        yield from self.take(self._start.pass_on(b"", end=True))
        if self._base < 0 and not self._over:
            raise Damaged("There is no array of examples in this file.")
        if not self._over:
            yield Cut(self._line, None, "The file ends in the middle.")

    def _walk(self) -> Iterator[Cut]:
        while not self._over:
            pattern = _IN_TEXT if self._text else _STRUCTURE
            found = pattern.search(self._held, self._place)
            if found is None:
                self._place = len(self._held)
                return
            sign = found[0]
            if sign == b"\\":
                if found.end() >= len(self._held):
                    self._place = found.start()
                    return
                self._place = found.end() + 1
                continue
            self._place = found.end()
            if sign == b"\n":
                self._line += 1
            else:
                yield from self._read(sign, found.start())

    def _read(self, sign: bytes, place: int) -> Iterator[Cut]:
        if sign == b'"':
            self._text = not self._text
        if self._is_odd and (sign == b"[" or (sign == b'"' and self._text)):
            yield Cut(self._line, None, _NO_OBJECT)
        if sign in b"[{":
            self._open(sign, place)
        elif sign in b"]}":
            yield from self._close(place + 1)

    @property
    def _is_odd(self) -> bool:
        """Tell whether what begins here stands where an example should."""
        return self._base >= 0 and self._depth == self._base

    def _open(self, sign: bytes, place: int) -> None:
        if sign == b"[" and self._base < 0:
            self._base = self._depth + 1
        elif sign == b"{" and self._depth == self._base:
            self._begun, self._begun_line = place, self._line
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Damaged(f"Line {self._line}: it is nested deeper than {_DEEPEST} levels.")

    def _close(self, end: int) -> Iterator[Cut]:
        self._depth -= 1
        if self._depth == self._base and self._begun >= 0:
            if self._skipping:
                yield Cut(self._begun_line, None, _TOO_LONG)
            else:
                yield _decoded(self._begun_line, bytes(self._held[self._begun : end]))
            self._begun, self._skipping = -1, False
        elif self._base >= 0 and self._depth < self._base:
            self._over = True


class _Csv:
    """Rows with a head; a field in quotes may go over several lines."""

    def __init__(self, columns: dict[str, str]) -> None:
        self._start = _Start()
        self._columns = columns
        self._head: list[str] | None = None
        self._held = b""
        self._row = bytearray()
        self._quoted = False
        self._line = 0
        self._begun = 1
        self._skipping = False

    def take(self, data: bytes) -> Iterator[Cut]:
        yield from self._split(self._start.pass_on(data))

    def _split(self, data: bytes) -> Iterator[Cut]:
        *whole, self._held = (self._held + data).split(b"\n")
        for each in whole:
            yield from self._add(each + b"\n")
        if len(self._held) > LONGEST:
            self._held, self._skipping = b"", True

    def rest(self) -> Iterator[Cut]:
        yield from self._split(self._start.pass_on(b"", end=True))
        if self._held.strip() or self._skipping:
            yield from self._add(self._held)
        if self._row.strip():
            yield Cut(self._begun, None, "A quoted field has no end.")

    def _add(self, line: bytes) -> Iterator[Cut]:
        self._line += 1
        if not self._row:
            self._begun = self._line
        self._row += line
        self._quoted ^= line.count(b'"') % 2 == 1
        if self._skipping or len(self._row) > LONGEST:
            self._row, self._quoted, self._skipping = bytearray(), False, False
            yield Cut(self._begun, None, _TOO_LONG)
        elif not self._quoted:
            row = bytes(self._row)
            self._row = bytearray()
            if row.strip():
                yield from self._end(row)

    def _end(self, row: bytes) -> Iterator[Cut]:
        try:
            text = row.decode()
        except UnicodeDecodeError:
            if self._head is None:
                raise Damaged("Line 1 is not UTF-8.") from None
            yield Cut(self._begun, None, "It is not UTF-8.")
            return
        if "\0" in text:
            yield Cut(self._begun, None, "There is a NUL character in it.")
            return
        try:
            cells = next(csv.reader([text], delimiter=self._delimiter(text)), list[str]())
        except csv.Error:
            # Such as a field with a quote in its middle, which goes on in another line.
            if self._head is None:
                raise Damaged("Line 1 is no CSV that can be read.") from None
            yield Cut(
                self._begun, None, "Its quotes do not fit: write a quote within a field twice."
            )
            return
        if self._head is None:
            self._head = _head(cells)
        elif len(cells) > len(self._head):
            yield Cut(
                self._begun, None, f"It has {len(cells)} fields; the head has {len(self._head)}."
            )
        else:
            pairs = zip(self._head, (_told(each) for each in cells), strict=False)
            yield Cut(self._begun, {self._columns.get(name, name): each for name, each in pairs})

    def _delimiter(self, text: str) -> str:
        """Tell from the head what stands between fields."""
        if self._head is None:
            self._between = max(",;\t", key=text.count)
        return self._between


def _head(cells: list[str]) -> list[str]:
    names = [each.strip() for each in cells]
    if len(names) < 2:
        raise Damaged("The first line must name at least two columns, such as input,output.")
    if len(names) > MOST_COLUMNS:
        raise Damaged(f"The first line names {len(names)} columns; {MOST_COLUMNS} are allowed.")
    if len(set(names)) < len(names):
        raise Damaged("The first line names a column twice.")
    return names


def _told(cell: str) -> str:
    """Take off the apostrophe that our own files have before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'").startswith(FORMULA) else cell
