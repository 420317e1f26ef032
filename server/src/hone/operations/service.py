"""The rules of operations."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.keyring import Keyring
from hone.core.paging import PageQuery, UnknownCursor, cursor
from hone.gateway import ContentMode
from hone.identity import Actor, Permission
from hone.llm.unicode import clean
from hone.operations import contents, facets, overview, repository, walk
from hone.operations.contents import Shown
from hone.operations.errors import NoSuchOperation
from hone.operations.filters import PICO, Filters, Stretch, moment_of
from hone.operations.models import Operation
from hone.operations.rendering import Surroundings, item, whole
from hone.operations.schemas import (
    Caller,
    FacetQuery,
    FacetValue,
    OperationFacets,
    OperationFilter,
    OperationLog,
    OperationPage,
    OperationQuery,
    OperationRead,
    Overview,
    Window,
)

LOG: Final = "log"
REPORTED: Final = "reported_error"
FACET_SPAN: Final = timedelta(days=90)
"""What is there to filter by is told of so long, unless it is asked otherwise."""
_ARRIVAL_SECONDS: Final = 5.0
_BEFORE: Final = "before"
"""Marks a cursor that names a moment: how far a search looked, whatever it found."""


async def access(
    session: Session,
    actor: Actor,
    operation_id: str,
    permission: Permission = Permission.OPERATIONS_READ,
) -> Operation:
    """Open the one door to an operation, by our id (`op_…` or bare) or the client's own."""
    actor.require(permission)
    wanted, found = clean(operation_id), None
    named = ids.parse("op", wanted)
    if named is not None:
        found = await repository.by_id(session, actor.organization_id, named)
    if found is None:
        found = await repository.by_external_id(session, actor.organization_id, wanted)
    if found is None:
        raise _missing(wanted, named)
    return found


def _missing(wanted: str, named: UUID | None) -> NoSuchOperation:
    made_at = 0.0 if named is None else (named.int >> 80) / 1000
    if abs(clock.now().timestamp() - made_at) < _ARRIVAL_SECONDS:
        return NoSuchOperation(
            f"There is no operation {wanted!r} yet: it can take up to a second until a call that"
            " was just answered can be looked up."
        )
    return NoSuchOperation(f"There is no operation {wanted!r} in this organization.")


async def read(
    session: Session, actor: Actor, operation_id: str, keyring: Keyring
) -> OperationRead:
    """Show an operation, with its messages where the actor may read contents."""
    operation = await access(session, actor, operation_id)
    return await _answer(session, actor, operation, keyring)


async def _answer(
    session: Session, actor: Actor, operation: Operation, keyring: Keyring
) -> OperationRead:
    shown = await _shown(session, actor, operation, keyring)
    return whole(operation, shown, await _surroundings(session, operation))


async def _surroundings(session: Session, operation: Operation) -> Surroundings:
    caller = await _caller(session, operation)
    split = await repository.subject_of_split(session, operation)
    if operation.conversation_id is None:
        return Surroundings(caller, split, None, None)
    previous = await repository.neighbour(session, operation, later=False)
    return Surroundings(
        caller, split, previous, await repository.neighbour(session, operation, later=True)
    )


async def _caller(session: Session, operation: Operation) -> Caller | None:
    organization_id, key_id = operation.organization_id, operation.key_id
    if key_id is not None:
        names = await repository.names_of_keys(session, organization_id, [key_id])
        return Caller(kind="key", id=ids.public("key", key_id), name=names.get(key_id))
    user = operation.user_id or ""
    person_id = ids.parse("person", user) if user.startswith("person_") else None
    if person_id is None:
        return None
    name = await repository.name_of_person(session, organization_id, person_id)
    return Caller(kind="person", id=user, name=name)


async def known(session: Session, actor: Actor, query: FacetQuery) -> OperationFacets:
    """Tell what there is to filter by."""
    actor.require(Permission.OPERATIONS_READ)
    organization_id = actor.organization_id
    until = query.to or clock.now() + timedelta(days=1)
    span = Stretch(query.from_ or until - FACET_SPAN, until)
    found: dict[str, list[FacetValue]] = {field: [] for field in facets.FIELDS}
    values = await facets.values(session, organization_id, span)
    keys = [UUID(value) for field, value, _ in values if field == "key"]
    names = await repository.names_of_keys(session, organization_id, keys)
    for field, value, requests in values:
        named = UUID(value) if field == "key" else None
        public = value if named is None else ids.public("key", named)
        label = None if named is None else names.get(named)
        found[field].append(FacetValue(value=public, label=label, requests=requests))
    return OperationFacets(**found)


async def search(session: Session, actor: Actor, query: OperationQuery) -> OperationPage:
    """List operations, newest first; where nothing quick finds them, as far back as time allows."""
    actor.require(Permission.OPERATIONS_READ)
    filters, after = selection(query), _after(query)
    walked = await walk.walk(session, actor.organization_id, filters, after, query.limit + 1)
    rows, more = walked.rows[: query.limit], len(walked.rows) > query.limit
    if after is None and not more and walked.searched_until is None:
        total: int | None = len(rows)
    else:
        # The hours of a later page are not all of them.
        hours = walked.hours if after is None else None
        total = await walk.total(session, actor.organization_id, filters, hours)
    return OperationPage(
        items=[item(row) for row in rows],
        total=total,
        next=_next(rows, walked.searched_until, more=more),
        searched_until=None if more else walked.searched_until,
    )


def _next(rows: Sequence[Operation], until: datetime | None, *, more: bool) -> str | None:
    if more:
        return cursor(rows[-1].id.hex)
    return None if until is None else cursor(_BEFORE, until.isoformat())


def _after(query: OperationQuery) -> UUID | datetime | None:
    parts = PageQuery(limit=query.limit, cursor=query.cursor).after()
    if parts is None:
        return None
    try:
        match parts:
            case [mark, moment] if mark == _BEFORE:
                return datetime.fromisoformat(moment).astimezone(UTC)
            case [digits]:
                named = ids.parse("", digits)
                if named is not None and moment_of(named) is not None:
                    return named
            case _:
                pass
    except (ValueError, OverflowError) as error:
        raise UnknownCursor(param="cursor") from error
    raise UnknownCursor(param="cursor")


def selection(query: OperationFilter) -> Filters:
    """Read which operations are meant."""
    return Filters(
        models=query.model,
        statuses=query.status,
        kinds=query.kind,
        routes=query.route,
        users=query.user,
        conversations=query.conversation,
        error_codes=query.error_code,
        key_id=query.key,
        batch_id=None if query.batch is None else ids.parse("batch", query.batch) or UUID(int=0),
        split_id=None if query.split is None else _split(query.split),
        arms=query.arm,
        since=query.from_,
        until=query.to,
        text=query.q,
        min_cost=None if query.min_cost is None else pico(query.min_cost),
        min_latency_ms=query.min_latency,
    )


def _split(named: str) -> UUID:
    return ids.parse("exp", named) or ids.parse("rel", named) or UUID(int=0)


def pico(dollars: float) -> int:
    """Turn dollars as a person writes them into pico-dollars."""
    return int(Decimal(str(dollars)) * PICO)


async def log(
    session: Session, actor: Actor, body: OperationLog, keyring: Keyring, mode: ContentMode
) -> tuple[OperationRead, bool]:
    """Record a call that was made elsewhere; tell also whether it is new."""
    actor.require(Permission.OPERATIONS_WRITE)
    external_id = None if body.external_id is None else str(body.external_id)
    if external_id is not None:
        await repository.serialize(session, actor.organization_id, external_id)
        found = await repository.by_external_id(session, actor.organization_id, external_id)
        if found is not None:
            return await _answer(session, actor, found, keyring), False
    operation = _logged(actor, body, external_id)
    content = None
    if mode is ContentMode.FULL and (body.input is not None or body.output is not None):
        content = await contents.seal(session, keyring, operation, body.input, body.output)
    await repository.add(session, operation, content)
    return await _answer(session, actor, operation, keyring), True


async def _shown(session: Session, actor: Actor, operation: Operation, keyring: Keyring) -> Shown:
    if Permission.CONTENTS_READ in actor.permissions:
        return await contents.read(session, keyring, operation)
    return Shown(None, contents.NOT_ALLOWED)


def _logged(actor: Actor, body: OperationLog, external_id: str | None) -> Operation:
    operation_id = ids.new()
    cost = pico(body.cost_usd)
    attempt = {
        "number": 1,
        "model": body.model_id,
        "provider": body.provider,
        "error": None if body.success else REPORTED,
        "errorMessage": body.error_message,
        "durationMs": body.response_time_ms,
        "inputTokens": body.input_tokens,
        "outputTokens": body.output_tokens,
        "cost": cost,
    }
    return Operation(
        organization_id=actor.organization_id,
        id=operation_id,
        created_at=ids.created_at(operation_id),
        kind=body.operation_type,
        source=LOG,
        status="success" if body.success else "error",
        error_code=None if body.success else REPORTED,
        model=body.model_id,
        provider=body.provider,
        key_id=ids.parse("key", actor.id),
        user_id=body.user_id,
        conversation_id=body.conversation_id,
        external_id=external_id,
        input_tokens=body.input_tokens,
        output_tokens=body.output_tokens,
        cost=cost,
        revenue=None if body.revenue_usd is None else pico(body.revenue_usd),
        latency_ms=body.response_time_ms,
        confidence=body.confidence,
        satisfaction_score=body.satisfaction_score,
        attempts=[attempt],
        candidates=[],
        metadata_=body.metadata,
    )


async def summarize(session: Session, actor: Actor, window: Window) -> Overview:
    """Sum a window up from the sums of its minutes."""
    actor.require(Permission.OPERATIONS_READ)
    planned = overview.plan(window, clock.now())
    organization_id = actor.organization_id
    cells = await repository.cells(
        session, organization_id, planned.start, planned.end, planned.step
    )
    before = await repository.cells(
        session, organization_id, planned.before, planned.start, planned.length
    )
    return overview.build(planned, cells, before)
