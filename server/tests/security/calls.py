"""One call for each operation of our OpenAPI document, made from what the document says of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
# As it is committed, which `tests/contract/test_openapi.py` holds to the code: to write it anew takes seconds.
DOCUMENT: Json = json.loads((Path(__file__).parents[3] / "openapi.json").read_text("utf-8"))
_TEXTS = {"date-time": "2030-01-01T00:00:00Z", "uuid": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class Call:
    """How to call one operation."""

    name: str
    method: str
    path: str
    parameters: tuple[str, ...]
    """The names in its path."""
    query: Json = field(default_factory=dict[str, Any])
    body: Json | None = None
    form: Json | None = None
    """Small files, by the names of their fields."""

    def sent(self) -> Json:
        """Return what is sent, as a client takes it."""
        return {"json": self.body} if self.form is None else {"files": self.form}

    def at(self, ids: Mapping[str, str]) -> str:
        """Return the path to the things of these ids."""
        path = self.path
        for name in self.parameters:
            path = path.replace(f"{{{name}}}", ids[name])
        return path


def calls(bodies: Mapping[str, Json]) -> Iterator[Call]:
    """Make a call for each operation; `bodies` holds what the document alone cannot tell."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            parameters = [_resolved(each) for each in operation.get("parameters", ())]
            yield Call(
                name,
                method.upper(),
                path,
                tuple(each["name"] for each in parameters if each["in"] == "path"),
                {
                    each["name"]: example(each["schema"])
                    for each in parameters
                    if each["in"] == "query" and each.get("required")
                },
                bodies.get(name) or _body(operation),
                _form(operation),
            )


def _body(operation: Json) -> Json | None:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else example(content["schema"])


def _form(operation: Json) -> Json | None:
    """Make a form of the fields that must be in it; the tests of batches send such files."""
    content = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if content is None:
        return None
    return {
        name: ("input.jsonl", b"{}") if name == "file" else (None, "batch")
        for name in content["schema"]["required"]
    }


def _resolved(schema: Json) -> Json:
    found: Any = schema
    while "$ref" in found:
        place: Any = DOCUMENT
        for part in found["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        found = place
    return found


def example(schema: Json) -> Any:
    """Make the smallest value that a schema allows."""
    schema = _resolved(schema)
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    for name in ("enum", "anyOf", "oneOf", "allOf"):
        if name in schema:
            first = schema[name][0]
            return first if name == "enum" else example(first)
    return _typed(schema)


def _typed(schema: Json) -> Any:
    named: Any = schema.get("type", "object")
    kind = str(named if isinstance(named, str) else named[0])
    if kind == "object":
        given = schema.get("properties", {})
        return {name: example(given[name]) for name in schema.get("required", ())}
    if kind == "array":
        return [example(schema["items"])] * max(1, int(schema.get("minItems", 1)))
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": False}
    return plain[kind] if kind in plain else _text(schema)


def _text(schema: Json) -> str:
    if "@" in schema.get("pattern", ""):
        return "somebody@venue.example"
    text = _TEXTS.get(schema.get("format", ""), "something")
    return text.ljust(schema.get("minLength", 0), "x")
