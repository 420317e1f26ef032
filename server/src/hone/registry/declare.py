"""`apply`: bring the registry to what a file declares, and say first what would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec

from hone.core.db import Session
from hone.core.errors import AppError
from hone.core.keyring import Keyring
from hone.identity import Actor, Permission
from hone.registry import repository
from hone.registry.addresses import Reach
from hone.registry.changes import Change
from hone.registry.document import Document, invalid
from hone.registry.models import Model, Provider, Route
from hone.registry.schemas import ModelCreate, ProviderCreate, RouteCreate
from hone.registry.service import models, providers, routes

Drafts = providers.Draft | models.Draft | routes.Draft
_SIGNS = {"create": "+", "update": "~", "unchanged": "="}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a file declares, and what applying it would do."""

    kind: Literal["provider", "model", "route"]
    name: str
    draft: Drafts

    @property
    def action(self) -> Literal["create", "update", "unchanged"]:
        """Tell what applying this step does."""
        if self.draft.id is None:
            return "create"
        return "update" if self.draft.changes else "unchanged"


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do, in order. It holds within the transaction that made it."""

    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    left_alone: tuple[str, ...]
    """What the organization has and the file does not mention."""
    trusted: bool

    @property
    def changed(self) -> bool:
        """Tell whether there is anything to do."""
        return any(step.action != "unchanged" for step in self.steps)

    def document(
        self, *, changed: bool = False, beside: Sequence[dict[str, object]] = ()
    ) -> dict[str, object]:
        """Return the plan as JSON would have it; no secret is in it. `beside` stands in the file too."""
        return {
            "changed": self.changed or changed,
            "changes": [
                {
                    "action": step.action,
                    "kind": step.kind,
                    "name": step.name,
                    "fields": [
                        {"field": each.field, "before": each.before, "after": each.after}
                        for each in step.draft.changes
                    ],
                }
                for step in self.steps
            ]
            + list(beside),
            "warnings": list(self.warnings),
            "leftAlone": list(self.left_alone),
        }

    def text(self) -> str:
        """Return the plan as people read it."""
        lines = [line for step in self.steps for line in _lines(step)]
        if not self.changed:
            lines.append("Nothing to change.")
        lines += [f"! {each}" for each in self.warnings]
        if self.left_alone:
            lines.append(f"Left alone, not in the file: {', '.join(self.left_alone)}.")
        return "\n".join(lines)


async def plan(
    session: Session,
    actor: Actor,
    document: Document,
    keyring: Keyring,
    *,
    trusted: bool = False,
) -> Plan:
    """Compare a file with what is there; `trusted` is the command line, which may name any address.

    From here to the end of the transaction nobody else writes this organization's registry.
    """
    for permission in _needed(document):
        actor.require(permission)
    await repository.lock(session, actor.organization_id)
    reach = Reach.TRUSTED if trusted else Reach.PUBLIC
    comparison = _Comparison(session, actor.organization_id, providers.Custody(keyring, reach))
    return await comparison.plan(document)


async def apply(session: Session, actor: Actor, plan: Plan, keyring: Keyring) -> None:
    """Do what a plan of this transaction says; a plan without changes leaves no trace."""
    reach = Reach.TRUSTED if plan.trusted else Reach.PUBLIC
    custody = providers.Custody(keyring, reach)
    for step in plan.steps:
        match step.draft:
            case providers.Draft():
                await providers.settle(session, actor, custody, step.draft)
            case models.Draft():
                await models.settle(session, actor, step.draft)
            case routes.Draft():
                await routes.settle(session, actor, step.draft)


class _Comparison:
    """A file beside the rows of one organization."""

    def __init__(self, session: Session, organization_id: UUID, custody: providers.Custody) -> None:
        self._session = session
        self._organization_id = organization_id
        self._custody = custody
        self._problems: list[str] = []
        self._warnings: list[str] = []

    async def plan(self, document: Document) -> Plan:
        session, organization_id = self._session, self._organization_id
        held_providers = await repository.every(session, Provider, organization_id)
        held_models = await repository.every(session, Model, organization_id)
        held_routes = await repository.every(session, Route, organization_id)
        kinds = {each.name: each.kind for each in (*held_providers, *document.providers)}
        self._refuse_shared_names(document, held_models, held_routes)
        self._refuse_unknown_models(document, held_models)
        steps = [
            *(await self._providers(document.providers, held_providers)),
            *(await self._models(document.models, held_models, kinds)),
            *(await self._routes(document.routes, held_routes)),
        ]
        if self._problems:
            raise invalid(self._problems)
        mentioned = {(step.kind, step.name) for step in steps}
        held = [
            *(("provider", each.name) for each in held_providers),
            *(("model", each.name) for each in held_models),
            *(("route", each.name) for each in held_routes),
        ]
        left = tuple(f"{kind} {name}" for kind, name in held if (kind, name) not in mentioned)
        trusted = self._custody.reach is Reach.TRUSTED
        return Plan(tuple(steps), tuple(self._warnings), left, trusted)

    async def _providers(
        self, declared: Sequence[ProviderCreate], held: Sequence[Provider]
    ) -> list[Step]:
        rows = {each.name: each for each in held}
        steps: list[Step] = []
        for data in declared:
            try:
                row = rows.get(data.name)
                made = await providers.draft(self._session, self._custody, data, row)
            except AppError as error:
                self._problems.append(f"provider {data.name!r}: {error.message}")
                continue
            steps.append(Step("provider", data.name, made))
            if made.base_url.startswith("http://") and made.credential and not made.networks:
                self._warnings.append(
                    f"provider {data.name}: its credential crosses the internet unencrypted"
                )
        return steps

    async def _models(
        self, declared: Sequence[ModelCreate], held: Sequence[Model], kinds: dict[str, str]
    ) -> list[Step]:
        rows = {each.name: each for each in held}
        steps: list[Step] = []
        for data in declared:
            kind = kinds.get(data.provider)
            if kind is None:
                self._problems.append(
                    f"model {data.name!r}: there is no provider {data.provider!r}"
                )
                continue
            try:
                row = rows.get(data.name)
                made = await models.draft(self._session, self._organization_id, data, kind, row)
            except AppError as error:
                self._problems.append(f"model {data.name!r}: {error.message}")
                continue
            steps.append(Step("model", data.name, made))
            self._warnings += made.warnings
        return steps

    async def _routes(self, declared: Sequence[RouteCreate], held: Sequence[Route]) -> list[Step]:
        rows = {each.name: each for each in held}
        return [
            Step(
                "route",
                data.name,
                await routes.draft(self._session, self._organization_id, data, rows.get(data.name)),
            )
            for data in declared
        ]

    def _refuse_shared_names(
        self, document: Document, held_models: Sequence[Model], held_routes: Sequence[Route]
    ) -> None:
        taken = {each.name for each in held_routes}
        self._problems += [
            f"model {each.name!r}: there is a route of that name"
            for each in document.models
            if each.name in taken
        ]
        taken = {each.name for each in held_models}
        self._problems += [
            f"route {each.name!r}: there is a model of that name"
            for each in document.routes
            if each.name in taken
        ]

    def _refuse_unknown_models(self, document: Document, held: Sequence[Model]) -> None:
        known = {each.name for each in (*held, *document.models)}
        for route in document.routes:
            used = [*(each.model for each in route.targets), *route.fallbacks]
            for name in dict.fromkeys(each for each in used if each not in known):
                self._problems.append(f"route {route.name!r}: there is no model {name!r}")


def _needed(document: Document) -> list[Permission]:
    named = (
        (document.providers, Permission.PROVIDERS_WRITE),
        (document.models, Permission.MODELS_WRITE),
        (document.routes, Permission.ROUTES_WRITE),
    )
    return [permission for declared, permission in named if declared]


def _lines(step: Step) -> list[str]:
    head = f"{_SIGNS[step.action]} {step.kind} {step.name}"
    return [head, *(f"    {_line(step, each)}" for each in step.draft.changes)]


def _line(step: Step, change: Change) -> str:
    if step.action == "create":
        return f"{change.field}: {_shown(change.after)}"
    return f"{change.field}: {_shown(change.before)} → {_shown(change.after)}"


def _shown(value: object) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
