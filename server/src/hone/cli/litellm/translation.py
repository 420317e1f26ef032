"""From LiteLLM's sections to our document: providers, models, routes and limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hone.cli.litellm import amounts, deployments, settings
from hone.cli.litellm.amounts import Budget
from hone.cli.litellm.deployments import Deployment, Place
from hone.cli.litellm.reading import Note, Reading, Section
from hone.cli.litellm.routing import Group, Routes
from hone.cli.litellm.source import Path, Source

_ANY: Final = "*"
_LONGEST: Final = 200
_WILDCARD: Final = (
    "becomes the model named `*`, which answers for every name that nothing else has; clients ask "
    "by the vendor's own name, such as `gpt-4o`"
)


@dataclass(frozen=True, slots=True)
class Translation:
    """A document for `hone apply`, and what it does not keep."""

    document: dict[str, list[dict[str, object]]]
    notes: tuple[Note, ...]

    @property
    def refused(self) -> tuple[Note, ...]:
        """Return what could not be imported."""
        return tuple(each for each in self.notes if each.kind == "refused")

    @property
    def secret(self) -> bool:
        """Tell whether a credential itself stands in the document."""
        keys = [str(each.get("api_key")) for each in self.document["providers"]]
        return any(each != "none" and not each.startswith("env:") for each in keys)


def translate(source: Source, environment: Mapping[str, str]) -> Translation:
    """Translate a file; `environment` gives what must be known now, such as addresses."""
    reading = Reading(source, environment)
    root = reading.root()
    variables = root.below("environment_variables")
    reading.variables = _variables(variables)
    held = _deployments(root)
    rules = settings.read(root.below("router_settings"), root.below("litellm_settings"))
    root.below("general_settings")
    if root.take("include") is not None:
        root.tell("refused", "include", "import each file by itself")
    made = _Making(reading, rules)
    made.make(held)
    variables.asked |= reading.used
    return Translation(made.document, reading.finish())


def _variables(section: Section) -> dict[str, str]:
    """Return what a file sets in the environment by itself."""
    given = {name: str(each) for name, each in section.values.items() if each}
    return {name: each for name, each in given.items() if not each.startswith("os.environ/")}


def _deployments(root: Section) -> list[Deployment]:
    credentials: dict[str, Section] = {}
    for each in root.each("credential_list", "credential_list"):
        name = each.text("credential_name")
        each.take("credential_info")
        credentials[name or ""] = each.below("credential_values", "litellm_params")
    if "model_list" not in root:
        root.tell("refused", "model_list", "is missing; models in LiteLLM's database are not read")
    items = [deployments.read(each, credentials) for each in root.each("model_list", "model")]
    return [each for each in items if each is not None]


@dataclass(slots=True)
class _Making:
    """A document as it grows."""

    reading: Reading
    rules: settings.Settings
    providers: dict[Place, str] = field(default_factory=dict[Place, str])
    names: set[str] = field(default_factory=set[str])
    """Names of models and routes that are taken."""
    document: dict[str, list[dict[str, object]]] = field(
        default_factory=lambda: {"providers": [], "models": [], "routes": [], "limits": []}
    )

    def make(self, held: Sequence[Deployment]) -> None:
        groups = self._groups(held)
        self.names = {*groups, *self.rules.aliases}
        routes = Routes(self.reading, self.rules, groups)
        for group in groups.values():
            for each in group.deployments:
                plain = routes.plain(group)
                name = group.name if plain else self._name_of(each)
                group.models.append(name)
                self._model(each, name)
        self.document["routes"] += routes.written()
        if self.rules.budget is not None:
            subject = {"kind": "organization"}
            self._budget(self.rules.place, subject, self.rules.budget)

    def _groups(self, held: Sequence[Deployment]) -> dict[str, Group]:
        """Sort deployments by their name; of wildcards one is left."""
        wild = [each for each in held if _ANY in each.group]
        exact = next((each.group for each in wild if each.group == _ANY), None)
        chosen = exact or (wild[0].group if wild else None)
        groups: dict[str, Group] = {}
        for each in held:
            path = (*each.path[:-1], "model_name")
            if each in wild and each.group != chosen:
                message = f"Hone has one wildcard, and {chosen!r} is it; name its models one by one"
                self.reading.tell("left", path, message)
                continue
            name = _ANY if each in wild else each.group
            if each in wild and each.group != _ANY:
                self.reading.tell("changed", path, _WILDCARD)
            groups.setdefault(name, Group(name, [], [])).deployments.append(each)
        return groups

    def _provider(self, place: Place) -> str:
        name = self.providers.get(place)
        if name is None:
            name = _free(place.kind, self.providers.values())
            self.providers[place] = name
            made: dict[str, object] = {"name": name, "kind": place.kind}
            if place.base_url is not None:
                made["base_url"] = place.base_url
            self.document["providers"].append({**made, "api_key": place.api_key or "none"})
        return name

    def _name_of(self, each: Deployment) -> str:
        usual = f"{self._provider(each.place)}/{each.model.upstream}"
        wanted = "".join(c if c.isprintable() else "_" for c in each.own_name or usual)
        name = _free(wanted[:_LONGEST].strip(), self.names)
        self.names.add(name)
        return name

    def _model(self, each: Deployment, name: str) -> None:
        upstream = each.model.upstream
        if _ANY in upstream and upstream != _ANY:
            path = (*each.path, "model")
            self.reading.tell("changed", path, "every model of the vendor is reached, not some")
        written = deployments.document_of(name, self._provider(each.place), each.model)
        if _ANY in upstream:
            written["upstream"] = _ANY
        self.document["models"].append(written)
        subject = {"kind": "model", "name": name}
        self.document["limits"] += amounts.limits(subject, each.amounts, self.rules.concurrency)
        if each.budget is not None:
            self._budget((*each.path, "max_budget"), subject, each.budget)

    def _budget(self, path: Path, subject: dict[str, str], budget: Budget) -> None:
        made = amounts.budget(self.reading, path, subject, budget)
        if made is not None:
            self.document["limits"].append(made)


def _free(wanted: str, taken: Collection[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"
