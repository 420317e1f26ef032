"""A small value that a JSON Schema accepts, the same one for the same seed.

It covers what tools and structured outputs use: type (in capitals too, as Google writes it),
properties, items, enum, const, anyOf, oneOf, allOf, local $ref, minimum, maximum, minLength,
maxLength, minItems, format.
https://json-schema.org/draft/2020-12
"""

import math
from collections.abc import Callable, Mapping
from typing import cast

Schema = Mapping[str, object]

WORDS = ("garden", "barn", "orangery", "lake", "avenue", "pavilion", "meadow", "courtyard")
FORMATS = {
    "date": "2027-06-19",
    "date-time": "2027-06-19T15:00:00Z",
    "time": "15:00:00Z",
    "duration": "PT4H",
    "email": "couple@example.com",
    "uri": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
MAX_DEPTH = 32


def example(schema: Schema, seed: int) -> object:
    """Return a value that `schema` accepts."""
    return _Writer(schema, seed).value(schema, 0)


class _Writer:
    def __init__(self, root: Schema, seed: int) -> None:
        self._root = root
        self._seed = seed
        self._kinds: dict[str, Callable[[Schema, int], object]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": self._integer,
            "boolean": lambda _schema, _depth: self._seed % 2 == 0,
            "null": lambda _schema, _depth: None,
        }

    def value(self, schema: Schema, depth: int) -> object:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if options := _list(schema, "enum"):
            return options[self._seed % len(options)]
        for key in ("anyOf", "oneOf"):
            if choices := _list(schema, key):
                return self.value(_mapping(choices[-1 if depth > MAX_DEPTH else 0]), depth + 1)
        return self._kinds.get(_kind(schema), self._object)(schema, depth)

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(MAX_DEPTH):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            found: object = self._root
            for step in reference.removeprefix("#").split("/")[1:]:
                found = _mapping(found).get(step.replace("~1", "/").replace("~0", "~"))
            schema = _mapping(found)
        parts = _list(schema, "allOf")
        return (
            _merged(schema, [self._resolved(_mapping(part)) for part in parts]) if parts else schema
        )

    def _object(self, schema: Schema, depth: int) -> object:
        properties = _mapping(schema.get("properties"))
        wanted = list(properties) if depth < 3 else _list(schema, "required")
        if depth > MAX_DEPTH:
            wanted = []
        return {
            str(key): self.value(_mapping(properties.get(str(key))), depth + 1) for key in wanted
        }

    def _array(self, schema: Schema, depth: int) -> object:
        least = _number(schema, "minItems", 1 if depth < 3 else 0)
        most = _number(schema, "maxItems", math.inf)
        item = _mapping(schema.get("items"))
        return [self.value(item, depth + 1) for _ in range(int(min(least, most, 100)))]

    def _string(self, schema: Schema, _depth: int) -> object:
        form = schema.get("format")
        text = FORMATS.get(form, "") if isinstance(form, str) else ""
        text = text or WORDS[self._seed % len(WORDS)]
        least = int(min(_number(schema, "minLength", 0), 10_000))
        text += "." * max(0, least - len(text))
        return text[: int(min(_number(schema, "maxLength", len(text)), len(text)))]

    def _integer(self, schema: Schema, _depth: int) -> object:
        low = _number(schema, "minimum", -math.inf)
        low = max(low, _number(schema, "exclusiveMinimum", -math.inf) + 1)
        high = _number(schema, "maximum", math.inf)
        high = min(high, _number(schema, "exclusiveMaximum", math.inf) - 1)
        step = int(_number(schema, "multipleOf", 1)) or 1
        if low == -math.inf:
            value = math.floor(min(0, high) / step) * step
        else:
            value = math.ceil(low / step) * step
        room = min(100, high - value) // step
        return value + self._seed % (int(room) + 1) * step if room > 0 else value


def _kind(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        names = [name for name in cast("list[object]", kind) if name != "null"]
        kind = names[0] if names else "null"
    if not isinstance(kind, str):
        return "object" if "properties" in schema else "string"
    return kind.lower()


def _merged(schema: Schema, parts: list[Schema]) -> Schema:
    merged: dict[str, object] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in parts:
        properties = {**_mapping(merged.get("properties")), **_mapping(part.get("properties"))}
        required = [*_list(merged, "required"), *_list(part, "required")]
        merged.update(part)
        if properties:
            merged["properties"] = properties
        if required:
            merged["required"] = required
    return merged


def _mapping(value: object) -> Schema:
    return cast("Schema", value) if isinstance(value, dict) else {}


def _list(schema: Schema, key: str) -> list[object]:
    value = schema.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []


def _number(schema: Schema, key: str, otherwise: float) -> float:
    value = schema.get(key)
    return value if isinstance(value, int | float) else otherwise
