"""The rules of examples: added one by one, looked through, decided about, taken back."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.keyring import Keyring
from hone.core.paging import Page, PageQuery, cursor
from hone.datasets import keeping, rendering, reviewing, sealing, shapes
from hone.datasets.errors import ExampleExists, ExampleNotHere, ExampleWrong
from hone.datasets.fingerprints import words_of
from hone.datasets.formats import Draft
from hone.datasets.keeping import Coming, Origin
from hone.datasets.models import Dataset, Example
from hone.datasets.repository import examples, findings
from hone.datasets.repository.datasets import last_id
from hone.datasets.repository.examples import Wanted
from hone.datasets.schemas import (
    ExampleCreate,
    ExampleRead,
    ExamplesQuery,
    ExampleUpdate,
    Review,
    Reviewed,
)
from hone.datasets.sealing import Box, Said
from hone.datasets.service.datasets import access
from hone.identity import Actor, Permission

_WRITE: Final = Permission.DATASETS_WRITE
_PIECE: Final = 500
_MOST_SEARCHED: Final = 5000
"""Examples that one page of a search for words looks into; the next page goes on behind them."""


def readable(actor: Actor) -> bool:
    """Tell whether somebody may see what examples say."""
    return Permission.CONTENTS_READ in actor.permissions


def wanted_of(dataset: Dataset, query: ExamplesQuery) -> Wanted:
    """Read which examples a list is to show."""
    return Wanted(
        dataset.organization_id,
        dataset.id,
        None if query.status is None else [query.status],
        query.source,
        query.label,
        query.split,
        query.min_quality,
        query.max_quality,
        query.finding,
        _named("fb", query.feedback),
        _named("op", query.operation),
    )


def _named(prefix: str, given: str | None) -> UUID | None:
    # What is no id names nothing.
    return None if given is None else ids.parse(prefix, given) or UUID(int=0)


async def page(
    session: Session, actor: Actor, keyring: Keyring, named: str, query: ExamplesQuery
) -> Page[ExampleRead]:
    """List examples, newest first."""
    dataset = await access(session, actor, named)
    box = await sealing.box_of(session, keyring, dataset)
    wanted = wanted_of(dataset, query)
    asked = PageQuery(limit=query.limit, cursor=query.cursor)
    if query.q:
        actor.require(Permission.CONTENTS_READ)
        rows, following = await _search(session, box, wanted, asked, query.q.casefold())
        total = None
    else:
        found = await examples.page(session, wanted, last_id(asked), query.limit + 1)
        rows = found[: query.limit]
        following = rows[-1].id if len(found) > len(rows) else None
        total = await examples.count(session, wanted)
    items = await shown(session, actor, box, rows)
    return Page[ExampleRead](
        items=items, total=total, next=cursor(following.hex) if following else None
    )


async def _search(
    session: Session, box: Box, wanted: Wanted, query: PageQuery, word: str
) -> tuple[list[Example], UUID | None]:
    """Look for words in what is sealed, so far as one page takes."""
    found: list[Example] = []
    before, looked = last_id(query), 0
    while looked < _MOST_SEARCHED:
        rows = await examples.page(session, wanted, before, _PIECE)
        looked += len(rows)
        hits = await asyncio.to_thread(_hits, box, rows, word)
        room = query.limit - len(found)
        found += hits[:room]
        if len(hits) >= room and found:
            return found, found[-1].id
        if len(rows) < _PIECE:
            return found, None
        before = rows[-1].id
    return found, before


def _hits(box: Box, rows: Sequence[Example], word: str) -> list[Example]:
    return [row for row in rows if _holds(box, row, word)]


def _holds(box: Box, row: Example, word: str) -> bool:
    said = rendering.opened(box, row)
    if said is None:
        return False
    output = said.output if isinstance(said.output, str) else str(said.output)
    return word in words_of(said.input).casefold() or word in output.casefold()


async def shown(
    session: Session, actor: Actor, box: Box, rows: Sequence[Example]
) -> list[ExampleRead]:
    """Show examples with their findings."""
    wanted = [row.id for row in rows]
    kinds = await findings.kinds_of(session, actor.organization_id, wanted)
    may = readable(actor)
    return [
        rendering.example(row, rendering.opened(box, row), kinds.get(row.id, ()), readable=may)
        for row in rows
    ]


async def reach(
    session: Session, dataset: Dataset, example_id: str, *, lock: bool = False
) -> Example:
    """Find one example of a dataset."""
    parsed = ids.parse(rendering.EXAMPLE, example_id)
    if parsed is None:
        raise ExampleNotHere
    found = await examples.these(session, dataset.organization_id, dataset.id, [parsed], lock=lock)
    if parsed not in found:
        raise ExampleNotHere
    return found[parsed]


async def get(
    session: Session, actor: Actor, keyring: Keyring, named: str, example_id: str
) -> ExampleRead:
    """Show one example."""
    dataset = await access(session, actor, named)
    row = await reach(session, dataset, example_id)
    box = await sealing.box_of(session, keyring, dataset)
    return (await shown(session, actor, box, [row]))[0]


async def add(
    session: Session, actor: Actor, keyring: Keyring, named: str, wanted: ExampleCreate
) -> ExampleRead:
    """Add one example."""
    dataset = await access(session, actor, named, _WRITE)
    box = await sealing.box_of(session, keyring, dataset)
    shapes.require_suited(dataset.kind, wanted.source)
    given, expected = shapes.checked(dataset.kind, wanted.input, wanted.output)
    draft = Draft(
        given,
        expected,
        wanted.source,
        wanted.status,
        wanted.split,
        wanted.weight,
        wanted.conversation,
        wanted.operation,
        wanted.user,
        wanted.said_at,
    )
    origin = Origin(wanted.source, wanted.status, actor.id)
    kept = await keeping.keep(session, dataset, box, [Coming(draft)], origin)
    if not kept.added:
        raise ExampleExists
    found = await examples.these(session, dataset.organization_id, dataset.id, kept.added)
    row = found[kept.added[0]]
    _note(session, actor, "example.created", row, {"dataset": dataset.name, "status": row.status})
    return (await shown(session, actor, box, [row]))[0]


async def update(
    session: Session,
    actor: Actor,
    keyring: Keyring,
    named: str,
    example_id: str,
    wanted: ExampleUpdate,
) -> ExampleRead:
    """Decide about an example, or correct it."""
    dataset = await access(session, actor, named, _WRITE)
    row = await reach(session, dataset, example_id, lock=True)
    box = await sealing.box_of(session, keyring, dataset)
    if wanted.split is not None:
        row.split = wanted.split
    if wanted.weight is not None:
        row.weight = wanted.weight
    before = row.status
    if wanted.output is not None or wanted.status is not None:
        reviewing.decide(
            dataset, box, row, actor.id, wanted.status or "validated", wanted.output, wanted.reason
        )
        await _settle(session, dataset, [row])
    row.updated_at = clock.now()
    await session.flush()
    data = {"dataset": dataset.name, "before": before, "after": row.status}
    _note(session, actor, "example.reviewed", row, data | {"corrected": wanted.output is not None})
    return (await shown(session, actor, box, [row]))[0]


async def review(
    session: Session, actor: Actor, keyring: Keyring, named: str, wanted: Review
) -> Reviewed:
    """Decide about several examples at once."""
    dataset = await access(session, actor, named, _WRITE)
    if (wanted.action == "correct") != (wanted.output is not None):
        raise ExampleWrong(
            "An output goes with the action correct, and with no other.", param="output"
        )
    box = await sealing.box_of(session, keyring, dataset)
    parsed = {each: ids.parse(rendering.EXAMPLE, each) for each in wanted.ids}
    found = await examples.these(
        session,
        dataset.organization_id,
        dataset.id,
        [each for each in parsed.values() if each],
        lock=True,
    )
    changed = [
        row for row in found.values() if reviewing.review(dataset, box, row, actor.id, wanted)
    ]
    await session.flush()
    await _settle(session, dataset, changed)
    missing = [given for given, each in parsed.items() if each is None or each not in found]
    subject = ids.public(rendering.DATASET, dataset.id)
    data: dict[str, Any] = {
        "dataset": dataset.name,
        "action": wanted.action,
        "examples": [ids.public(rendering.EXAMPLE, row.id) for row in changed][:50],
        "changed": len(changed),
    }
    publish(session, dataset.organization_id, actor.id, "example.reviewed", subject, data)
    return Reviewed(changed=len(changed), missing=missing)


async def _settle(session: Session, dataset: Dataset, rows: Sequence[Example]) -> None:
    """Close contradictions that are none any more."""
    await reviewing.settle(session, dataset, {row.input_digest for row in rows})


async def delete(session: Session, actor: Actor, named: str, example_id: str) -> None:
    """Delete an example; versions that have it keep it."""
    dataset = await access(session, actor, named, _WRITE)
    row = await reach(session, dataset, example_id, lock=True)
    _note(session, actor, "example.deleted", row, {"dataset": dataset.name, "status": row.status})
    await examples.remove(session, row)


def _note(session: Session, actor: Actor, name: str, row: Example, data: dict[str, Any]) -> None:
    subject = ids.public(rendering.EXAMPLE, row.id)
    publish(session, row.organization_id, actor.id, name, subject, data)


def said_of(box: Box, rows: Sequence[Example]) -> list[tuple[Example, Said]]:
    """Open examples; what cannot be read is left out."""
    pairs = [(row, rendering.opened(box, row)) for row in rows]
    return [(row, said) for row, said in pairs if said is not None]
