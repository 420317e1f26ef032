"""Several deployments of one name, its fallbacks and its aliases, as routes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from typing import Final

from hone.cli.litellm.deployments import Deployment
from hone.cli.litellm.reading import Reading
from hone.cli.litellm.settings import Settings
from hone.cli.litellm.source import Path
from hone.gateway import Policy

_MOST_TARGETS: Final = 100
_MOST_FALLBACKS: Final = 20
_MOST_SECONDS: Final = 86_400
_HEAVIEST: Final = 1_000_000
_CHEAPEST: Final = {"cost": 1, "performance": 0, "quality": 0}
_WEIGHED_BY: Final = ("weight", "rpm", "tpm")


@dataclass(slots=True)
class Group:
    """What LiteLLM calls a model group: the deployments of one name."""

    name: str
    deployments: list[Deployment]
    models: list[str]
    """Their names here, in the same order."""

    @property
    def ranked(self) -> list[tuple[Deployment, str]]:
        """Return the deployments by `order`; one without goes last, as there."""
        pairs = list(zip(self.deployments, self.models, strict=True))
        return sorted(pairs, key=lambda pair: _order(pair[0]))


@dataclass(slots=True)
class Routes:
    """The routes of a file."""

    reading: Reading
    rules: Settings
    groups: Mapping[str, Group]

    def plain(self, group: Group) -> bool:
        """Tell whether a model alone does what the group did."""
        several = len(group.deployments) > 1
        return not (several or self._after(group.name) or self._deadlines(group))

    def written(self) -> list[dict[str, object]]:
        """Write every route as a declared file has it."""
        for name, (path, _) in self.rules.fallbacks.by_group.items():
            if name not in self.groups and name not in self.rules.aliases:
                self.reading.tell("left", path, "no model of the file has that name")
        several = [each for each in self.groups.values() if not self.plain(each)]
        return [self._written(each.name, each) for each in several] + list(self._aliases())

    def _aliases(self) -> Iterator[dict[str, object]]:
        for alias, (path, name) in self.rules.aliases.items():
            group = self.groups.get(name)
            if alias in self.groups:
                self.reading.tell("left", path, "model_list has that name, and it counts")
            elif group is None:
                self.reading.tell("left", path, f"no model of the file is named {name!r}")
            elif not _nameable(alias):
                self.reading.tell("refused", path, "is no name that a route can have")
            else:
                yield self._written(alias, group)

    def _written(self, name: str, group: Group) -> dict[str, object]:
        ranked = group.ranked
        first = [pair for pair in ranked if _order(pair[0]) == _order(ranked[0][0])]
        targets = self._targets(first)
        used = {str(each["model"]) for each in targets}
        later = [model for _, model in ranked if model not in used]
        policy = self.rules.policy if len(targets) > 1 else Policy.WEIGHTED
        route: dict[str, object] = {"name": name, "policy": policy.value, "targets": targets}
        fallbacks = [*later, *(each for other in self._after(group.name, name) for each in other)]
        left = [each for each in dict.fromkeys(fallbacks) if each not in used]
        if len(left) > _MOST_FALLBACKS:
            self._tell(ranked[0][0].path, f"a route has at most {_MOST_FALLBACKS} fallbacks")
        if left:
            route["fallbacks"] = left[:_MOST_FALLBACKS]
        if policy is Policy.INTELLIGENT:
            route["factors"] = dict(_CHEAPEST)
        deadlines = self._deadlines(group)
        return {**route, "deadlines": deadlines} if deadlines else route

    def _targets(self, first: Sequence[tuple[Deployment, str]]) -> list[dict[str, object]]:
        weights = _weights([deployment for deployment, _ in first])
        targets: list[dict[str, object]] = []
        for (deployment, model), weight in zip(first, weights, strict=True):
            if not weight:
                self._tell(deployment.path, "has no weight beside the others: it is a fallback")
            elif len(targets) == _MOST_TARGETS:
                self._tell(deployment.path, f"a route has at most {_MOST_TARGETS} targets")
            else:
                targets.append({"model": model, "weight": weight})
        return targets

    def _after(self, name: str, alias: str = "") -> list[list[str]]:
        """Return the models of the groups that are tried after one, or after an alias of it."""
        fallbacks = self.rules.fallbacks
        path, named = fallbacks.by_group.get(alias) or fallbacks.of(name)
        found: list[list[str]] = []
        for each in named:
            if each == name:
                continue
            meant = self.rules.aliases.get(each, ((), each))[1]
            group = self.groups.get(each) or self.groups.get(meant)
            if group is None:
                self._tell(path, f"no model of the file is named {each!r}")
            elif group.name != name:
                found.append([model for _, model in _pairs(group)])
                if fallbacks.by_group.get(group.name):
                    self._tell(path, f"the fallbacks of {each!r} are not tried after it")
        return found

    def _deadlines(self, group: Group) -> dict[str, Decimal]:
        """Return how long an attempt may take; of several deployments the longest counts."""
        made: dict[str, Decimal] = {}
        for ours, theirs, default in (
            ("total", "timeout", self.rules.timeout),
            ("first_token", "stream_timeout", self.rules.stream_timeout),
        ):
            given = [each.amounts[theirs] for each in group.deployments]
            each_one = [default if each is None else each for each in given]
            seconds = [each for each in each_one if each]
            if len(seconds) != len(each_one):
                continue
            if len(set(seconds)) > 1:
                path = (*group.deployments[0].path, theirs)
                self._tell(path, "differs within the model; the longest counts")
            made[ours] = min(max(seconds), Decimal(_MOST_SECONDS))
        return made

    def _tell(self, path: Path, message: str) -> None:
        self.reading.tell("changed", path, message)


def _pairs(group: Group) -> list[tuple[Deployment, str]]:
    """Return a group's models, which have no names yet while it is only asked whether there are any."""
    if len(group.models) < len(group.deployments):
        return [(each, "") for each in group.deployments]
    return group.ranked


def _order(each: Deployment) -> Decimal:
    order = each.amounts["order"]
    return Decimal("Infinity") if order is None else order


def _weights(among: Sequence[Deployment]) -> list[int | float]:
    """Weigh by what the first deployment has, as LiteLLM does; where it has nothing, evenly."""
    for name in _WEIGHED_BY:
        if among[0].amounts[name] is not None:
            given = [each.amounts[name] or Decimal(0) for each in among]
            break
    else:
        return [1] * len(among)
    if not any(given):
        return [1] * len(among)
    scale = 10 ** max(0, *(-int(each.as_tuple().exponent) for each in given))
    whole = [int(each * scale) for each in given]
    divisor = gcd(*whole)
    parts = [each // divisor for each in whole]
    heaviest = max(parts)
    if heaviest <= _HEAVIEST:
        return list(parts)
    return [max(1, each * _HEAVIEST // heaviest) if each else 0 for each in parts]


def _nameable(name: str) -> bool:
    return 0 < len(name) <= 256 and name == name.strip() and all(" " <= c != "\x7f" for c in name)
