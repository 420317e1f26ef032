"""A file of LiteLLM's: read within bounds, each value with the line that it stands on.

Unlike a declared file of our own it may have aliases and merge keys, which LiteLLM's users write; what
they unfold to is bounded. Numbers are decimals, since prices are.
"""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final, cast

import yaml

from hone.core.errors import Invalid

Path = tuple[str | int, ...]

_MAX_DEPTH: Final = 16
_MAX_VALUES: Final = 200_000
_MERGE: Final = "tag:yaml.org,2002:merge"
_TRUE: Final = frozenset({"yes", "true", "on"})


class SourceUnreadable(Invalid):
    """This is no configuration of LiteLLM's."""

    code = "import_unreadable"


@dataclass(slots=True)
class Source:
    """What a file says, and where."""

    values: dict[str, object] = field(default_factory=dict[str, object])
    lines: dict[Path, int] = field(default_factory=dict[Path, int])


def read(text: str) -> Source:
    """Read a file; raise `SourceUnreadable` for what is none."""
    try:
        _refuse_depth(text)
        node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise SourceUnreadable(f"This is not YAML that can be read: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise SourceUnreadable("A configuration of LiteLLM's is a mapping with a model_list.")
    made = Source()
    made.values = _Building(made.lines).mapping(node, ())
    return made


def shown(path: Path) -> str:
    """Write a path as people do."""
    return ".".join(str(each) for each in path)


def _refuse_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise SourceUnreadable("This file is nested too deeply.")


@dataclass(slots=True)
class _Building:
    """Makes values of nodes; an alias is what it stands for, each time anew."""

    lines: dict[Path, int]
    count: int = 0

    def value(self, node: yaml.Node, path: Path) -> object:
        self.count += 1
        if self.count > _MAX_VALUES or len(path) > _MAX_DEPTH:
            raise SourceUnreadable("The aliases of this file unfold to too much.")
        self.lines[path] = _line(node)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            items = cast("list[yaml.Node]", node.value)
            return [self.value(each, (*path, number)) for number, each in enumerate(items)]
        return _scalar(node)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        made: dict[str, object] = {}
        merged: list[yaml.Node] = []
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if not isinstance(key, yaml.ScalarNode):
                raise SourceUnreadable(f"A key is no text (line {_line(key)}).")
            if key.tag == _MERGE:
                several = isinstance(value, yaml.SequenceNode)
                merged += cast("list[yaml.Node]", value.value) if several else [value]
                continue
            name = str(key.value)
            if name in made:
                raise SourceUnreadable(f"The key {name!r} stands twice (line {_line(key)}).")
            made[name] = self.value(value, (*path, name))
            self.lines[(*path, name)] = _line(key)
        for each in merged:
            below = self.value(each, path)
            if not isinstance(below, dict):
                raise SourceUnreadable(f"What is merged is no mapping (line {_line(each)}).")
            made = cast("dict[str, object]", below) | made
        return made


def _scalar(node: yaml.Node) -> object:
    text, kind = str(node.value), node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind not in {"int", "float"}:
        return text
    try:
        return Decimal(text.replace("_", "")) if kind == "float" else int(text.replace("_", ""))
    except (InvalidOperation, ValueError):
        return text


def _line(node: yaml.Node) -> int:
    mark = cast("yaml.Mark | None", node.start_mark)
    return 0 if mark is None else mark.line + 1
