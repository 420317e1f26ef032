"""An erasure from beginning to end, in steps that may be killed anywhere and done again.

First what lies in the spool is waited for, so that nothing is stored behind our back; then what
somebody said goes, on the disk and in every table; then who they are; at last the erasure itself
forgets whom it was about.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from hone import batches, datasets
from hone.core import clock, events, ids
from hone.core.blobs import Blobs
from hone.core.db import Database, Session
from hone.core.events import publish
from hone.core.keyring import SECRET, Keyring
from hone.privacy import ledger, repository, spool, traces
from hone.privacy.ledger import Noted
from hone.privacy.models import Erasure
from hone.privacy.places import BATCH, Trace
from hone.privacy.spool import Traced
from hone.privacy.target import Target, unsealed

Step = Callable[[], AbstractAsyncContextManager[Session]]
"""Opens the transaction of one step, as the owner."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an erasure works: the database as its owner, and one data directory."""

    owner: Database
    ring: Keyring
    data_dir: Path
    blobs: Blobs

    @property
    def spool(self) -> Path:
        """Return the folder of the lanes."""
        return self.data_dir / "spool"

    @property
    def files(self) -> batches.Place:
        """Return where files lie."""
        return batches.Place(self.owner, self.ring, self.blobs, 0)


@dataclass(frozen=True, slots=True)
class _Erasing:
    place: Place
    organization_id: UUID
    erasure_id: UUID
    target: Target
    step: Step


async def carry_out(place: Place, organization_id: UUID, erasure_id: UUID, step: Step) -> None:
    """Do what is left of an erasure; one that is done stays as it is."""
    async with step() as session:
        row = await repository.erasure(session, organization_id, erasure_id)
        if row is None or row.sealed is None:
            return
        key = await place.ring.ensure(session, organization_id, SECRET)
        target = unsealed(key, erasure_id, row.sealed)
    erasing = _Erasing(place, organization_id, erasure_id, target, step)
    traced, names = await _traced(erasing)
    await spool.settle(place.owner, place.spool, traced)
    await spool.redact(place.owner, place.spool, traced)
    while await events.seal(place.owner):
        pass
    await _erase(erasing, traces.said(target.kind), names)
    await spool.redact(place.owner, place.spool, traced)
    await _erase(erasing, traces.known(target.kind), names)
    await datasets.erase_marked(place.owner, place.ring, place.blobs)
    await batches.forget(place.owner, place.files)
    noted = Noted(erasure_id, organization_id, target)
    ledger.note(place.data_dir, place.ring, noted, clock.now().isoformat())
    await _finish(erasing)


async def erase_again(place: Place) -> int:
    """Do every erasure of the list that the database does not know as done; return how many."""
    done = 0
    for noted in ledger.read(place.data_dir, place.ring):
        async with place.owner.transaction(noted.organization_id) as session:
            present = await repository.erasure(session, noted.organization_id, noted.id)
            known = await repository.organizations(session)
            if noted.organization_id not in known or (present and present.sealed is None):
                continue
            if present is None:
                session.add(await _copy(session, place.ring, noted))
        await carry_out(place, noted.organization_id, noted.id, place.owner.transaction)
        done += 1
    return done


async def _copy(session: Session, ring: Keyring, noted: Noted) -> Erasure:
    key = await ring.ensure(session, noted.organization_id, SECRET)
    now = clock.now()
    return Erasure(
        id=noted.id,
        organization_id=noted.organization_id,
        kind=noted.target.kind,
        digest=noted.target.digest(key),
        sealed=noted.target.seal(key, noted.id),
        state="running",
        step="waiting",
        planned={},
        counts={},
        requested_by="system",
        requested_at=now,
        updated_at=now,
        finished_at=None,
    )


async def _traced(erasing: _Erasing) -> tuple[Traced, dict[str, Any]]:
    target, place = erasing.target, erasing.place
    files = await batches.holding(place.files, erasing.organization_id, target.name)
    async with erasing.step() as session:
        names = await traces.names(session, erasing.organization_id, target)
        conversations = await traces.conversations(session, target.kind, names)
    names["files"] = files
    keys = frozenset(names["keys"])
    return Traced(erasing.organization_id, target, keys, conversations), names


async def _erase(erasing: _Erasing, found: Sequence[Trace], names: dict[str, Any]) -> None:
    for trace in found:
        erased = BATCH
        while erased == BATCH:
            async with erasing.step() as session:
                row = await _held(session, erasing)
                erased = await trace.erase(session, names)
                row.step, row.updated_at = trace.name, clock.now()
                row.counts = {**row.counts, trace.name: row.counts.get(trace.name, 0) + erased}


async def _finish(erasing: _Erasing) -> None:
    async with erasing.step() as session:
        row = await _held(session, erasing)
        if row.sealed is None:
            return
        row.sealed, row.state, row.step = None, "done", "done"
        row.updated_at = row.finished_at = clock.now()
        subject = ids.public("erasure", erasing.erasure_id)
        data = {"kind": row.kind, "counts": row.counts}
        publish(session, erasing.organization_id, "system", "erasure.finished", subject, data)


async def _held(session: Session, erasing: _Erasing) -> Erasure:
    """Lock the erasure, so that two who carry it out take turns."""
    row = await repository.erasure(session, erasing.organization_id, erasing.erasure_id, lock=True)
    assert row is not None
    return row
