"""Reading section by section, so that nothing is dropped in silence: what nobody asks for is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast

from hone.cli.litellm import reasons
from hone.cli.litellm.source import Path, Source, shown

Kind = Literal["refused", "changed", "left"]
_ENVIRONMENT: Final = "os.environ/"
_HIGHEST: Final = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Note:
    """Something in their file that does not become what it says."""

    kind: Kind
    """`refused` stops the import, `changed` comes over as something near, `left` does not come over."""
    path: Path
    line: int
    message: str

    def text(self, name: str) -> str:
        """Write it as compilers do; `name` is the file's."""
        return f"{name}:{self.line}: {self.kind}: {shown(self.path)}: {self.message}"

    def document(self) -> dict[str, object]:
        """Return it as JSON would have it."""
        return {
            "kind": self.kind,
            "path": shown(self.path),
            "line": self.line,
            "message": self.message,
        }


@dataclass(slots=True)
class Reading:
    """What has been read so far of one file."""

    source: Source
    environment: Mapping[str, str]
    variables: dict[str, str] = field(default_factory=dict[str, str])
    """What the file itself sets in the environment."""
    used: set[str] = field(default_factory=set[str])
    """Which of these something asked for."""
    notes: list[Note] = field(default_factory=list[Note])
    sections: list["Section"] = field(default_factory=list["Section"])

    def root(self) -> "Section":
        """Begin to read the file."""
        return self.section(self.source.values, (), "")

    def section(self, values: Mapping[str, object], path: Path, kind: str) -> "Section":
        """Begin to read a mapping."""
        made = Section(self, dict(values), path, kind)
        self.sections.append(made)
        return made

    def tell(self, kind: Kind, path: Path, message: str) -> None:
        """Write down a note; what came by a merge key stands where that does."""
        place = path
        while place and place not in self.source.lines:
            place = place[:-1]
        self.notes.append(Note(kind, path, self.source.lines.get(place, 1), message))

    def finish(self) -> tuple[Note, ...]:
        """Tell of all that nobody has asked for, and return all notes in the file's order."""
        for section in self.sections:
            for name in section.unread():
                self.tell("left", (*section.path, name), reasons.of(section.kind, name))
        unique = dict.fromkeys(self.notes)
        return tuple(sorted(unique, key=lambda each: each.line))

    def resolved(self, path: Path, given: str) -> str | None:
        """Look up what stands for `os.environ/NAME`, for what cannot be looked up later."""
        if not given.startswith(_ENVIRONMENT):
            return given
        name = given.removeprefix(_ENVIRONMENT)
        found = self._variable(name) or self.environment.get(name)
        if not found:
            self.tell("refused", path, f"the environment has no {name}; set it for the import")
        return found or None

    def secret(self, given: str) -> str:
        """Write a credential as a declared file has it; what the file itself sets is put in."""
        if not given.startswith(_ENVIRONMENT):
            return given
        name = given.removeprefix(_ENVIRONMENT)
        return self._variable(name) or f"env:{name}"

    def _variable(self, name: str) -> str | None:
        self.used.add(name)
        return self.variables.get(name)


@dataclass(slots=True)
class Section:
    """One mapping of the file, and which of its keys were asked for."""

    reading: Reading
    values: dict[str, object]
    path: Path
    kind: str
    """Where the reasons for what is left out are looked up."""
    asked: set[str] = field(default_factory=set[str])

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def unread(self) -> Iterator[str]:
        """Name the keys that nobody has asked for; one without a value says nothing."""
        return (each for each in self.values if each not in self.asked and each in self)

    def take(self, name: str) -> object:
        """Return a value as it stands."""
        self.asked.add(name)
        return self.values.get(name)

    def tell(self, kind: Kind, name: str, message: str) -> None:
        """Write down a note about a key."""
        self.reading.tell(kind, (*self.path, name), message)

    def raw(self, name: str) -> str | None:
        """Return a text; `os.environ/NAME` stays as it is."""
        value = self.take(name)
        if isinstance(value, bool | dict | list):
            self.tell("refused", name, "is no text")
            return None
        return None if value is None else str(value).strip() or None

    def text(self, name: str) -> str | None:
        """Return a text, looked up in the environment if it stands there."""
        value = self.raw(name)
        return value and self.reading.resolved((*self.path, name), value)

    def number(self, name: str) -> Decimal | None:
        """Return a number that is zero or more."""
        value = self.text(name)
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number <= _HIGHEST:
            self.tell("refused", name, "is no number that is zero or more")
            return None
        return number

    def whole(self, name: str) -> int | None:
        """Return a whole number."""
        number = self.number(name)
        if number is not None and number != int(number):
            self.tell("refused", name, "is no whole number")
            return None
        return None if number is None else int(number)

    def below(self, name: str, kind: str | None = None) -> "Section":
        """Begin to read a mapping below; an empty one where there is none."""
        value = self.take(name)
        path = (*self.path, name)
        if value is not None and not isinstance(value, dict):
            self.reading.tell("refused", path, "is no mapping")
            value = None
        found = cast("dict[str, object]", value or {})
        return self.reading.section(found, path, name if kind is None else kind)

    def items(self, name: str) -> list[tuple[Path, object]]:
        """Return the items of a list, each with its path."""
        value = self.take(name)
        if value is not None and not isinstance(value, list):
            self.tell("refused", name, "is no list")
            return []
        path = (*self.path, name)
        listed = cast("list[object]", value or [])
        return [((*path, number), each) for number, each in enumerate(listed)]

    def each(self, name: str, kind: str) -> Iterator["Section"]:
        """Begin to read the mappings of a list."""
        for path, item in self.items(name):
            if isinstance(item, dict):
                yield self.reading.section(cast("dict[str, object]", item), path, kind)
            else:
                self.reading.tell("refused", path, "is no mapping")
