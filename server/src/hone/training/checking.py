"""What is wrong with a training before anything is spent on it, in words."""

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

from hone.training.schemas.job import GIB, TrainingJob
from hone.training.schemas.runs import EngineRead

_WORDS: Final[Mapping[str, str]] = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
Schema = Mapping[str, Any]


def of_engine(job: TrainingJob, engines: Sequence[EngineRead], name: str) -> list[str]:
    """Say what speaks against the engine and its parameters."""
    engine = next((each for each in engines if each.name == name), None)
    if engine is None:
        known = ", ".join(each.name for each in engines)
        return [f"There is no engine {name!r}. There are: {known}."]
    if engine.tasks and job.task not in engine.tasks:
        fit = ", ".join(each.name for each in engines if job.task in each.tasks)
        return [f"The engine {name!r} does not learn the task {job.task!r}; {fit or 'none'} does."]
    if not engine.installed and any(each.installed for each in engines):
        return [f"The engine {name!r} is not installed: run `{engine.install}`."]
    return of_params(job.params, engine.parameters, engine.aliases)


def of_params(
    params: Mapping[str, Any],
    schema: Schema,
    aliases: Mapping[str, str] = MappingProxyType({}),
    path: str = "params",
) -> list[str]:
    """Hold parameters to the engine's schema; without one, the trainer says it."""
    properties = cast("Mapping[str, Schema]", schema.get("properties") or {})
    if not properties:
        return []
    found: list[str] = []
    for name, value in params.items():
        wanted = properties.get(aliases.get(name, name))
        if wanted is None:
            near = difflib.get_close_matches(name, properties, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            found.append(f"There is no parameter {name!r}.{hint}")
        else:
            found += [f"{path}.{name}: {each}" for each in _wrong(value, wanted)]
            if isinstance(value, dict):
                inner = cast("Mapping[str, Any]", value)
                found += of_params(inner, wanted, path=f"{path}.{name}")
    missing = [each for each in schema.get("required", ()) if each not in params]
    return found + [f"The parameter {each!r} is missing." for each in missing]


def of_search(job: TrainingJob, engine: EngineRead | None) -> list[str]:
    """Say what speaks against a search: no examples to choose by, or values that are not allowed."""
    search = job.search
    if search is None:
        return []
    found: list[str] = []
    if job.data.version is None and job.data.split.validation == 0:
        found.append(
            "A search chooses by validation examples: give `data.split.validation` a share."
        )
    if engine is None or not engine.installed:
        return found
    if not search.space and not engine.search:
        found.append(f"Say in `search.space` what to search: {engine.name!r} proposes nothing.")
    if search.objective is None and engine.objective is None:
        found.append(f"Say in `search.objective` what to choose by: {engine.name!r} proposes none.")
    for path, each in search.space.items():
        wanted = _at(engine.parameters, path)
        if wanted is None:
            found.append(f"search.space.{path}: there is no such parameter.")
            continue
        wrong = [problem for value in each.ends() for problem in _wrong(value, wanted)]
        found += [f"search.space.{path}: {problem}" for problem in wrong]
    return found


def _at(schema: Schema, path: str) -> Schema | None:
    """Find what a schema says of a parameter, by its path."""
    wanted: Schema | None = schema
    for name in path.split("."):
        properties = cast("Mapping[str, Schema]", (wanted or {}).get("properties") or {})
        wanted = properties.get(name)
    return wanted


def of_machines(job: TrainingJob, machines: Sequence[tuple[float, int]]) -> list[str]:
    """Say what no machine has: each is told by its cores and bytes of memory."""
    if not machines:
        return []
    found: list[str] = []
    cpu, memory = max(each[0] for each in machines), max(each[1] for each in machines)
    if job.resources.cpu > cpu:
        found.append(f"It asks for {job.resources.cpu:g} cores; the largest machine has {cpu:g}.")
    if job.resources.memory_gb * GIB > memory:
        found.append(
            f"It asks for {job.resources.memory_gb:g} GB of memory;"
            f" the largest machine gives {memory / GIB:.1f} GB."
        )
    return found


def _wrong(value: object, wanted: Schema) -> list[str]:
    """Say what is wrong with one value."""
    options = cast("Sequence[Schema]", wanted.get("anyOf") or wanted.get("oneOf") or ())
    if options:
        each = [_wrong(value, option) for option in options]
        return [] if any(not one for one in each) else min(each, key=len)
    if "enum" in wanted and value not in wanted["enum"]:
        return [f"{value!r} is none of {', '.join(str(each) for each in wanted['enum'])}."]
    kinds = wanted.get("type")
    allowed = [kinds] if isinstance(kinds, str) else list(kinds or ())
    if allowed and not any(_is(value, kind) for kind in allowed):
        return [f"{value!r} is not {' or '.join(_WORDS.get(each, each) for each in allowed)}."]
    return _out_of_bounds(value, wanted)


def _is(value: object, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "string": isinstance(value, str),
        "number": number,
        "integer": number and float(cast("float", value)).is_integer(),
        "boolean": isinstance(value, bool),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "null": value is None,
    }.get(kind, True)


def _out_of_bounds(value: object, wanted: Schema) -> list[str]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return []
    checks = (
        ("minimum", value >= wanted.get("minimum", value), "at least"),
        ("maximum", value <= wanted.get("maximum", value), "at most"),
        ("exclusiveMinimum", value > wanted.get("exclusiveMinimum", value - 1), "above"),
        ("exclusiveMaximum", value < wanted.get("exclusiveMaximum", value + 1), "below"),
    )
    return [
        f"{value:g} must be {words} {wanted[name]:g}." for name, fine, words in checks if not fine
    ]
