"""`router_settings` and `litellm_settings`: what holds for all models of the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, cast

from hone.cli.litellm.amounts import Budget
from hone.cli.litellm.reading import Section
from hone.cli.litellm.source import Path
from hone.gateway import Policy

_LENGTH: Final = (
    "a call that is too long for a model is answered with an error, and never sent elsewhere"
)
_CONTENT: Final = "a call that a model refuses for its content is never sent elsewhere"

_STRATEGIES: Final[Mapping[str, tuple[Policy, str | None]]] = {
    "simple-shuffle": (Policy.WEIGHTED, None),
    "least-busy": (Policy.LEAST_CONNECTIONS, None),
    "latency-based-routing": (Policy.RESPONSE_TIME, None),
    "usage-based-routing": (
        Policy.WEIGHTED,
        "becomes `weighted`, by `rpm` or `tpm`; both are limits on the models too",
    ),
    "usage-based-routing-v2": (
        Policy.WEIGHTED,
        "becomes `weighted`, by `rpm` or `tpm`; both are limits on the models too",
    ),
    "cost-based-routing": (
        Policy.INTELLIGENT,
        "becomes `intelligent` with cost as the only factor; it looks at what a call needs first",
    ),
}


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """Which groups are tried after which."""

    by_group: Mapping[str, tuple[Path, list[str]]]
    everyone: tuple[Path, list[str]]

    def of(self, group: str) -> tuple[Path, list[str]]:
        """Return the groups that are tried after one."""
        return self.by_group.get(group, self.everyone)


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all models."""

    policy: Policy
    aliases: Mapping[str, tuple[Path, str]]
    fallbacks: Fallbacks
    timeout: Decimal | None
    stream_timeout: Decimal | None
    concurrency: Decimal | None
    budget: Budget | None
    place: Path
    """Where the budget stands."""


@dataclass(slots=True)
class _Lists:
    """Fallbacks as they are found; what is found first counts."""

    by_group: dict[str, tuple[Path, list[str]]] = field(
        default_factory=dict[str, tuple[Path, list[str]]]
    )
    everyone: tuple[Path, list[str]] = ((), [])


def read(router: Section, general: Section) -> Settings:
    """Read both sections; where they say the same, the router's counts."""
    lists = _Lists()
    for section in (router, general):
        _fallbacks(section, lists)
        _refused(section, "context_window_fallbacks", _LENGTH)
        _refused(section, "content_policy_fallbacks", _CONTENT)
    timeout, request = router.number("timeout"), general.number("request_timeout")
    default = router.whole("default_max_parallel_requests")
    budget = general.number("max_budget")
    duration = general.text("budget_duration")
    return Settings(
        policy=_policy(router),
        aliases={**_aliases(general, "model_alias_map"), **_aliases(router, "model_group_alias")},
        fallbacks=Fallbacks(lists.by_group, lists.everyone),
        timeout=request if timeout is None else timeout,
        stream_timeout=router.number("stream_timeout"),
        concurrency=None if default is None else Decimal(default),
        budget=None if budget is None else (budget, duration),
        place=(*general.path, "max_budget"),
    )


def _policy(router: Section) -> Policy:
    name = router.text("routing_strategy")
    if name is None:
        return Policy.WEIGHTED
    if name not in _STRATEGIES:
        router.tell("changed", "routing_strategy", f"Hone has no {name!r}; it becomes `weighted`")
        return Policy.WEIGHTED
    policy, note = _STRATEGIES[name]
    if note is not None:
        router.tell("changed", "routing_strategy", note)
    return policy


def _aliases(section: Section, name: str) -> dict[str, tuple[Path, str]]:
    below = section.below(name)
    found: dict[str, tuple[Path, str]] = {}
    for alias, value in below.values.items():
        path = (*below.path, alias)
        if isinstance(value, dict):
            inner = below.below(alias, "model_group_alias")
            group = inner.text("model")
            if inner.take("hidden"):
                inner.tell("changed", "hidden", "the route is listed under /v1/models")
        else:
            group = below.text(alias)
        if group is not None:
            found[alias] = path, group
    return found


def _fallbacks(section: Section, lists: _Lists) -> None:
    for each in section.each("fallbacks", "fallbacks"):
        for group in each.values:
            named = _names(each, group)
            if group == "*":
                lists.everyone = (
                    lists.everyone if lists.everyone[1] else ((*each.path, group), named)
                )
            else:
                lists.by_group.setdefault(group, ((*each.path, group), named))
    named = _names(section, "default_fallbacks")
    if named and not lists.everyone[1]:
        lists.everyone = ((*section.path, "default_fallbacks"), named)


def _names(section: Section, name: str) -> list[str]:
    """Read a list of groups; a fallback that is more than a name is told."""
    found: list[str] = []
    for path, item in section.items(name):
        if isinstance(item, dict):
            model = cast("dict[str, object]", item).get("model")
            section.reading.tell(
                "changed", path, "only its model is tried, with the call as it came"
            )
            item = model
        if item is not None and not isinstance(item, list | dict):
            found.append(str(item))
    return found


def _refused(section: Section, name: str, why: str) -> None:
    if section.take(name):
        section.tell("left", name, why)
