"""Bring an organization's limits to what a declared file says; what it does not mention is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import ValidationError

from hone.core.db import Session
from hone.core.errors import AppError
from hone.gateway import Subject
from hone.identity import Actor, Permission
from hone.limits import repository, service
from hone.limits.models import Limit
from hone.limits.schemas import LimitCreate
from hone.registry import DocumentInvalid

_SIGNS: Final = {"create": "+", "update": "~", "unchanged": "="}
Action = Literal["create", "update", "unchanged"]


@dataclass(frozen=True, slots=True)
class Step:
    """One declared limit, and what applying it would do."""

    data: LimitCreate
    action: Action
    held: Limit | None
    made: Limit | None
    """None where what it is on is only being made by the same file."""
    before: Mapping[str, object] | None

    @property
    def name(self) -> str:
        """Name a limit for people."""
        on = self.data.subject
        subject = f"{on.kind.value} {on.name or on.id}" if on.name or on.id else on.kind.value
        window = f" a {self.data.window.value}" if self.data.window else ""
        return f"{self.data.measure.value}{window} on {subject}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying the declared limits would do."""

    steps: tuple[Step, ...]

    @property
    def changed(self) -> bool:
        """Tell whether there is anything to do."""
        return any(step.action != "unchanged" for step in self.steps)

    def changes(self) -> list[dict[str, object]]:
        """Return the steps as JSON would have them."""
        return [
            {"action": step.action, "kind": "limit", "name": step.name, "fields": _fields(step)}
            for step in self.steps
        ]

    def lines(self) -> list[str]:
        """Return the steps as people read them."""
        made: list[str] = []
        for step in self.steps:
            made.append(f"{_SIGNS[step.action]} limit {step.name}")
            made += [f"    {_line(step, each)}" for each in _fields(step)]
        return made


def read(declared: Sequence[Mapping[str, object]]) -> list[LimitCreate]:
    """Read declared limits; raise `DocumentInvalid` that names every problem found."""
    made: list[LimitCreate] = []
    problems: list[str] = []
    for number, each in enumerate(declared):
        try:
            made.append(LimitCreate.model_validate(each))
        except ValidationError as error:
            for found in error.errors():
                where = ".".join(["limits", str(number), *(str(part) for part in found["loc"])])
                problems.append(f"{where}: {found['msg']}")
    _refuse(problems)
    return made


async def plan(
    session: Session,
    actor: Actor,
    declared: Sequence[LimitCreate],
    coming: Mapping[Subject, frozenset[str]] | None = None,
) -> Plan:
    """Compare declared limits with what is there; `coming` names what the same file makes."""
    if declared:
        actor.require(Permission.LIMITS_WRITE)
    steps: list[Step] = []
    problems: list[str] = []
    for number, data in enumerate(declared):
        on = data.subject
        if on.name is not None and on.name in (coming or {}).get(on.kind, frozenset()):
            known = await repository.subject_ids(session, actor.organization_id, on.kind, on.name)
            if not known:
                steps.append(Step(data, "create", None, None, None))
                continue
        try:
            made = await service.draft(session, actor, data)
        except AppError as error:
            problems.append(f"limits.{number}: {error.message}")
            continue
        steps.append(await _step(session, data, made))
    _refuse(problems)
    return Plan(tuple(steps))


async def apply(session: Session, actor: Actor, plan: Plan) -> None:
    """Do what a plan of this transaction says."""
    for step in plan.steps:
        if step.action == "unchanged":
            continue
        made = step.made or await service.draft(session, actor, step.data)
        if step.held is None:
            await service.add(session, actor, made)
        else:
            service.change(session, actor, step.held, made.amount, made.on_store_loss)
    await session.flush()


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        shown = "\n".join(f"  {each}" for each in problems[:50])
        raise DocumentInvalid(
            f"This file cannot be applied:\n{shown}", details={"problems": list(problems)}
        )


async def _step(session: Session, data: LimitCreate, made: Limit) -> Step:
    held = await repository.same(session, made)
    if held is None:
        return Step(data, "create", None, made, None)
    same = held.amount == made.amount and held.on_store_loss == made.on_store_loss
    return Step(data, "unchanged" if same else "update", held, made, service.facts(held))


def _fields(step: Step) -> list[dict[str, object]]:
    after = {
        "amount": f"{step.data.amount:f}",
        "onStoreLoss": step.data.on_store_loss,
    }
    if step.made is not None:
        facts = service.facts(step.made)
        after = {name: str(facts[name]) for name in after}
    before = step.before or {}
    return [
        {"field": name, "before": before.get(name), "after": value}
        for name, value in after.items()
        if before.get(name) != value
    ]


def _line(step: Step, field: Mapping[str, object]) -> str:
    if step.action == "create":
        return f"{field['field']}: {field['after']}"
    return f"{field['field']}: {field['before']} → {field['after']}"
