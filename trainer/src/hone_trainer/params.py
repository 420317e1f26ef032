"""The parameters of an engine: declared as JSON Schema, and settled from what a run asks for.

Only what the engines' schemas use is checked here: types, ranges, choices, objects in objects.
"""

from collections.abc import Mapping
from typing import Any, Final

from hone_trainer.errors import Refused

Schema = Mapping[str, Any]
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
WORDS: Final = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def settle(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter with its default where none was given, or say what is wrong."""
    problems: list[dict[str, str]] = []
    settled = _object(schema, given, "", problems)
    if problems:
        first = problems[0]
        raise Refused("PARAMS_INVALID", f"{first['param']}: {first['problem']}", problems=problems)
    return settled


def _object(
    schema: Schema, given: Mapping[str, Any], path: str, problems: list[dict[str, str]]
) -> dict[str, Any]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", False)
    settled: dict[str, Any] = {}
    for name, value in given.items():
        rule = known.get(name, others)
        if rule is False:
            told = f"There is no such parameter; there are {', '.join(sorted(known))}."
            problems.append({"param": path + name, "problem": told})
        else:
            settled[name] = _value(rule, value, path + name, problems)
    for name, rule in known.items():
        if name not in settled and name not in given:
            settled[name] = _default(rule)
    return settled


def _default(rule: Schema) -> object:
    if "default" in rule:
        return rule["default"]
    return _object(rule, {}, "", []) if rule.get("type") == "object" else None


def _value(rule: Schema, value: object, path: str, problems: list[dict[str, str]]) -> object:
    kinds = rule.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if kinds and not any(_is(value, kind) for kind in kinds):
        told = f"This is not {' or '.join(WORDS[kind] for kind in kinds)}."
        problems.append({"param": path, "problem": told})
        return value
    problem = _range(rule, value)
    if problem:
        problems.append({"param": path, "problem": problem})
    if isinstance(value, dict):
        return _object(rule, value, f"{path}.", problems)
    return value


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def _range(rule: Schema, value: object) -> str:
    if "enum" in rule and value not in rule["enum"]:
        return f"This is none of {', '.join(str(each) for each in rule['enum'])}."
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if "minimum" in rule and not value >= rule["minimum"]:
        return f"This is below {rule['minimum']}."
    if "exclusiveMinimum" in rule and not value > rule["exclusiveMinimum"]:
        return f"This is not above {rule['exclusiveMinimum']}."
    if "maximum" in rule and not value <= rule["maximum"]:
        return f"This is above {rule['maximum']}."
    return ""
