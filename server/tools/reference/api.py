"""The API: every call of the OpenAPI document, with what it takes and gives."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from hone.app import create_api
from tools.reference.markdown import anchor, code, page, said, table

_METHODS: Final = ("get", "post", "put", "patch", "delete")
Schema = dict[str, Any]


def api_page() -> str:
    """Write the page."""
    document = _resolved(json.loads(json.dumps(create_api().openapi())))
    schemas: dict[str, Schema] = document["components"]["schemas"]
    calls = list(_calls(document))
    parts: list[str] = []
    for tag, group in groupby(sorted(calls, key=lambda call: call[0]), key=lambda call: call[0]):
        parts.append(f"## {tag.capitalize()}\n")
        parts += [_call(method, path, told) for _, path, method, told in group]
    used = sorted(_reached({name for call in calls for name in _named(call[3])}, schemas))
    parts.append("## Shapes\n")
    parts += [_shape(name, schemas[name]) for name in used]
    return page(
        "API",
        "JSON is camelCase; snake_case is accepted too. A call needs a key "
        "(`Authorization: Bearer …`, or `x-api-key`) or a session's cookie, and the [permission](permissions.md) "
        "that it names when it refuses. Failures are in one [shape](errors.md). Lists have `items`, "
        "`total` (null beyond 10,000) and `next`, which is passed on as `cursor`. The same document "
        "lies at `/openapi.json`, to be tried at `/docs`, on every server.",
        *parts,
    )


def _resolved(document: Schema) -> Schema:
    """Put parameters, bodies and answers that are shared where they are used."""
    shared = document["components"]

    def look(value: Schema) -> Schema:
        kind, _, name = value.get("$ref", "").removeprefix("#/components/").partition("/")
        return shared[kind][name] if name and kind != "schemas" else value

    for methods in document["paths"].values():
        for told in (each for name, each in methods.items() if name in _METHODS):
            told["parameters"] = [look(each) for each in told.get("parameters", ())]
            told["requestBody"] = look(told.get("requestBody", {}))
            told["responses"] = {code: look(each) for code, each in told["responses"].items()}
    return document


def _calls(document: Schema) -> Iterator[tuple[str, str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                told: Schema = methods[method]
                yield (told.get("tags") or ["platform"])[0], path, method, told


def _call(method: str, path: str, told: Schema) -> str:
    title = f"{method.upper()} {path}"
    lines = [
        f"### {code(title)}\n",
        said(told.get("description") or told.get("summary"), title),
        "",
    ]
    if parameters := told.get("parameters"):
        rows = [
            [code(each["name"]), each["in"], _type(each["schema"]), _about(each)]
            for each in parameters
        ]
        lines.append(table(["parameter", "in", "type", "meaning"], rows))
    body = told.get("requestBody", {}).get("content", {})
    if body:
        lines.append(
            f"Takes {', '.join(_type(each.get('schema', {})) for each in body.values())}.\n"
        )
    gives = [
        f"{status}: {_answer(answer)}"
        for status, answer in told["responses"].items()
        if status[0] in "23"
    ]
    lines.append(f"Gives {'; '.join(gives)}.\n" if gives else "")
    return "\n".join(lines)


def _answer(answer: Schema) -> str:
    content = answer.get("content", {})
    shapes = [_type(each["schema"]) for each in content.values() if each.get("schema")]
    return ", ".join(filter(None, shapes)) or answer.get("description", "").lower() or "nothing"


def _about(parameter: Schema) -> str:
    return parameter.get("description") or parameter["schema"].get("description") or ""


def _shape(name: str, schema: Schema) -> str:
    lines = [f"### {name}\n", schema.get("description", "").strip(), ""]
    if "enum" in schema:
        lines.append(f"One of {', '.join(code(str(each)) for each in schema['enum'])}.\n")
    needed = set(schema.get("required", ()))
    rows = [
        [code(field), _type(told), "yes" if field in needed else "", told.get("description", "")]
        for field, told in schema.get("properties", {}).items()
    ]
    if rows:
        lines.append(table(["field", "type", "always", "meaning"], rows))
    return "\n".join(lines)


def _type(schema: Schema) -> str:
    """Say a type in short; a shape is a link."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{anchor(name)})"
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(_type(each) for each in schema[word]))
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return ", ".join(code(str(each)) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    word = schema.get("format") or schema.get("type") or "any"
    return word if isinstance(word, str) else " or ".join(word)


def _named(value: object) -> Iterator[str]:
    """Yield the names of the shapes that a part of the document refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref" and isinstance(inner, str):
                yield inner.rsplit("/", 1)[1]
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _reached(names: set[str], schemas: dict[str, Schema]) -> set[str]:
    """Add what the named shapes name in turn."""
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name in schemas and name not in found:
            found.add(name)
            ahead += _named(schemas[name])
    return found
