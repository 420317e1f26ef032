"""What a change of a route would do, told before it is saved; nothing is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from hone.core import clock
from hone.core.db import Session
from hone.core.errors import AppError
from hone.gateway import Policy
from hone.identity import Actor, Permission
from hone.registry import catalogue, repository
from hone.registry.models import Model, Provider, Route
from hone.registry.schemas import SELECTIVE, Finding, RoutePreview, RoutePreviewQuery, TargetShare
from hone.registry.service import history, routes
from hone.registry.service.models import refuse_taken

_SMALL = 1.0
"""Percent, below which a share is worth a word."""
_SOON = 30
"""Days, within which a retirement is worth a word."""


_WEIGHED = frozenset({Policy.WEIGHTED, Policy.LEAST_CONNECTIONS})


@dataclass(frozen=True, slots=True)
class _Known:
    """A model that the route names."""

    name: str
    provider: str
    priced: bool
    retires: date | None
    region: str | None
    quality: float | None


async def preview(session: Session, actor: Actor, data: RoutePreviewQuery) -> RoutePreview:
    """Compare a route with what is there, and find what to know before saving it."""
    actor.require(Permission.ROUTES_WRITE)
    row = None
    if data.id is not None:
        row = await routes.access(session, actor, data.id, Permission.ROUTES_WRITE)
    draft = await routes.draft(session, actor.organization_id, data, row)
    known = await _known(session, actor)
    action = "create" if row is None else "update" if draft.changes else "unchanged"
    return RoutePreview(
        action=action,
        changes=history.shown(draft.changes),
        shares=_shares(data, known),
        problems=await _problems(session, actor, data, row, known),
        warnings=[found for each in _CHECKS for found in each(data, known)],
    )


async def _known(session: Session, actor: Actor) -> dict[str, _Known]:
    organization_id = actor.organization_id
    providers = await repository.names(session, Provider, organization_id)
    prices = await repository.prices_in_force(session, organization_id, clock.now())
    return {
        row.name: _Known(
            row.name,
            providers[row.provider_id],
            row.id in prices,
            _retirement(row.catalogue_id),
            row.region,
            row.quality,
        )
        for row in await repository.every(session, Model, organization_id)
    }


def _retirement(catalogue_id: str | None) -> date | None:
    entry = None if catalogue_id is None else catalogue.by_id(catalogue_id)
    return None if entry is None else entry.retires


def _shares(data: RoutePreviewQuery, known: dict[str, _Known]) -> list[TargetShare]:
    percents = [(each.model, _percent(data, each.weight)) for each in data.targets]
    targets = {each.model for each in data.targets}
    percents += [(each, 0.0) for each in data.fallbacks if each not in targets]
    return [
        TargetShare(
            model=model,
            provider=known[model].provider,
            percent=None if percent is None else round(percent, 4),
            priced=known[model].priced,
        )
        for model, percent in percents
        if model in known
    ]


def _percent(data: RoutePreviewQuery, weight: float) -> float | None:
    """Return a target's share of the calls, where the policy fixes it."""
    if data.policy is Policy.ROUND_ROBIN or len(data.targets) == 1:
        return 100 / len(data.targets)
    if data.policy is not Policy.WEIGHTED:
        return None
    return 100 * weight / sum(each.weight for each in data.targets)


async def _problems(
    session: Session,
    actor: Actor,
    data: RoutePreviewQuery,
    row: Route | None,
    known: dict[str, _Known],
) -> list[Finding]:
    found: list[Finding] = []
    if row is None or row.name != data.name:
        try:
            await refuse_taken(session, actor.organization_id, data.name)
        except AppError as error:
            found.append(Finding(code=error.code, message=error.message, param=error.param))
    for param, names in (
        ("targets", [each.model for each in data.targets]),
        ("fallbacks", list(data.fallbacks)),
    ):
        found += [
            Finding(code="unknown_model", message=f"There is no model {each!r}.", param=param)
            for each in names
            if each not in known
        ]
    return found


def _used(data: RoutePreviewQuery, known: dict[str, _Known]) -> list[_Known]:
    names = dict.fromkeys([*(each.model for each in data.targets), *data.fallbacks])
    return [known[each] for each in names if each in known]


def _lonely(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    if data.fallbacks or len(data.targets) > 1:
        return ()
    message = f"When {data.targets[0].model} fails, calls fail: nothing else may answer them."
    return [Finding(code="no_fallback", message=message, param="fallbacks")]


def _one_provider(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    used = _used(data, known)
    providers = {each.provider for each in used}
    if len(used) < 2 or len(providers) != 1:
        return ()
    message = f"Every model is at {providers.pop()}: when it is down, the whole route is."
    return [Finding(code="one_provider", message=message, param="fallbacks")]


def _unpriced(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    return [
        Finding(
            code="no_price",
            message=f"{each.name} has no price: its calls are counted as free of charge.",
            param="targets",
        )
        for each in _used(data, known)
        if not each.priced
    ]


def _retiring(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    today = clock.now().date()
    found: list[Finding] = []
    for each in _used(data, known):
        if each.retires is None or (each.retires - today).days > _SOON:
            continue
        verb = "retired" if each.retires <= today else "retires"
        message = f"The vendor {verb} {each.name} on {each.retires.isoformat()}."
        found.append(Finding(code="retiring", message=message, param="targets"))
    return found


def _repeated(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    if len(data.targets) > 1 or data.targets[0].model not in data.fallbacks:
        return ()
    message = f"{data.targets[0].model} is its own fallback: it would only be asked again."
    return [Finding(code="fallback_repeats", message=message, param="fallbacks")]


def _small(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    if data.policy is not Policy.WEIGHTED:
        return ()
    total = sum(each.weight for each in data.targets)
    return [
        Finding(
            code="small_share",
            message=f"{each.model} gets about one call in {round(total / each.weight):,}.",
            param="targets",
        )
        for each in data.targets
        if 100 * each.weight / total < _SMALL
    ]


def _hidden_deadline(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    given = data.deadlines
    if given.total is None or given.first_token is None or given.first_token < given.total:
        return ()
    message = "The first token may take as long as the whole answer: its deadline never counts."
    return [Finding(code="deadline_hidden", message=message, param="deadlines.firstToken")]


def _unread_weights(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    if data.policy in _WEIGHED or len({each.weight for each in data.targets}) == 1:
        return ()
    message = f"The policy {data.policy.value} does not read the weights."
    return [Finding(code="weights_unread", message=message, param="targets")]


def _unsaid_quality(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    wanted = data.factors is None or data.factors.quality > 0
    if data.policy not in SELECTIVE or not wanted:
        return ()
    return [
        Finding(
            code="no_quality",
            message=f"Nobody said how good {each.model} is: its quality counts as 0.5.",
            param="targets",
        )
        for each in data.targets
        if each.model in known and known[each.model].quality is None
    ]


def _elsewhere(data: RoutePreviewQuery, known: dict[str, _Known]) -> Sequence[Finding]:
    return [
        Finding(
            code="wrong_region",
            message=f"{each.name} will never be asked: {_whereabouts(each)}.",
            param="regions",
        )
        for each in _used(data, known)
        if data.regions and each.region not in data.regions
    ]


def _whereabouts(known: _Known) -> str:
    return "nobody says where it computes" if known.region is None else f"it is in {known.region}"


_CHECKS: tuple[Callable[[RoutePreviewQuery, dict[str, _Known]], Sequence[Finding]], ...] = (
    _lonely,
    _one_provider,
    _unpriced,
    _retiring,
    _repeated,
    _small,
    _hidden_deadline,
    _unread_weights,
    _unsaid_quality,
    _elsewhere,
)
