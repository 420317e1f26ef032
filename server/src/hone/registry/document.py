"""A declared file: providers, models, routes and limits in YAML, read strictly.

The file may come from anywhere, so its size, its depth and YAML's aliases (which make a small file
describe a huge value) are bounded before anything is built. Credentials are `env:NAME`, `none`, or
the credential itself; the environment is what the caller passes in.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import yaml
from pydantic import Field, ValidationError

from hone.core.schemas import Schema
from hone.registry.errors import DocumentInvalid
from hone.registry.schemas import ModelCreate, ProviderCreate, RouteCreate

_MAX_BYTES = 1 << 20
_MAX_DEPTH = 12
_KEY_NAMES = ("api_key", "apiKey")


class Document(Schema):
    """What a file declares. Names that it does not mention are left alone."""

    providers: list[ProviderCreate] = Field(default=[], max_length=1000)
    models: list[ModelCreate] = Field(default=[], max_length=10_000)
    routes: list[RouteCreate] = Field(default=[], max_length=10_000)
    limits: list[dict[str, Any]] = Field(default=[], max_length=10_000)
    """As they stand: what they mean is known above the registry."""


class _Loader(yaml.SafeLoader):
    """YAML 1.1 without a second value for a key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in {each for each in keys if keys.count(each) > 1}:
            raise DocumentInvalid(f"The key {key!r} stands twice (line {_line(node)}).")
        return super().construct_mapping(node, deep=deep)


def read_document(text: str, environment: Mapping[str, str]) -> Document:
    """Read a declared file; raise `DocumentInvalid` that names every problem found."""
    if len(text.encode(errors="replace")) > _MAX_BYTES:
        raise DocumentInvalid(f"A declared file is at most {_MAX_BYTES >> 20} MiB.")
    loaded = _load(text)
    problems = list(_credentials(loaded.get("providers"), environment))
    if problems:
        raise invalid(problems)
    try:
        document = Document.model_validate(loaded)
    except ValidationError as error:
        raise invalid(_problem(each["loc"], each["msg"]) for each in error.errors()) from None
    repeated = list(_repeated(document))
    if repeated:
        raise invalid(repeated)
    return document


def invalid(problems: Iterable[str]) -> DocumentInvalid:
    """Name everything that is wrong with a file."""
    found = list(problems)
    shown = "\n".join(f"  {each}" for each in found[:50])
    return DocumentInvalid(f"This file cannot be applied:\n{shown}", details={"problems": found})


def _load(text: str) -> dict[str, Any]:
    try:
        _refuse_bombs(text)
        loaded: object = yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentInvalid(f"This is not YAML that can be read: {error}") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise DocumentInvalid("A declared file is a mapping of providers, models and routes.")
    return {str(key): value for key, value in cast("dict[object, Any]", loaded).items()}


def _refuse_bombs(text: str) -> None:
    """Walk the events, which nothing has been built from yet."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise DocumentInvalid("A declared file has no YAML aliases.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise DocumentInvalid("This file is nested too deeply.")


def _credentials(providers: object, environment: Mapping[str, str]) -> Iterator[str]:
    """Put credentials in the place of their names; yield what is wrong."""
    if not isinstance(providers, list):
        return
    for number, item in enumerate(cast("list[object]", providers)):
        if not isinstance(item, dict):
            continue
        provider = cast("dict[str, object]", item)
        for key in _KEY_NAMES:
            given = provider.get(key)
            if given == "none":
                provider[key] = None
            elif isinstance(given, str) and given.startswith("env:"):
                name = given.removeprefix("env:")
                provider[key] = environment.get(name)
                if not provider[key]:
                    yield f"providers.{number}.{key}: the environment has no {name}"


def _problem(where: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(str(each) for each in where) or 'file'}: {message}"


def _repeated(document: Document) -> Iterator[str]:
    """Find names that are declared twice; models and routes share theirs."""
    providers = [each.name for each in document.providers]
    callable_names = [each.name for each in (*document.models, *document.routes)]
    for kind, names in (("provider", providers), ("model or route", callable_names)):
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield f"the {kind} {name!r} is declared twice"


def _line(node: yaml.Node) -> int:
    mark = cast("yaml.Mark | None", node.start_mark)
    return 0 if mark is None else mark.line + 1
