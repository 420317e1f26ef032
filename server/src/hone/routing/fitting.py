"""One fit from beginning to end, in steps that may be killed anywhere and done again.

Outcomes are read, the trainer makes a file of them, the file is put into the storage, and in one last
transaction the routing model is there and the fit is done. What is in force is not touched.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from hone import feedback, operations
from hone.core import clock, crypto, ids, interpreter
from hone.core.blobs import Blobs
from hone.core.db import Session
from hone.core.errors import AppError, TooLarge
from hone.core.events import publish
from hone.core.jobs import Fenced
from hone.core.keyring import Key, Keyring
from hone.core.settings import Settings
from hone.gateway import ArtifactUnreadable, Predictor, read_prompt, unpack_predictor
from hone.registry import price_list
from hone.routing import observed, outcomes, repository, trainer
from hone.routing.errors import RoutingModelUnreadable
from hone.routing.examples import MOST_PROMPTS, USUAL_OUTPUT, Examples, Rate, enough
from hone.routing.models import RoutingFit, RoutingModel
from hone.routing.rendering import FIT_PREFIX, PREFIX
from hone.routing.schemas import Basis

LARGEST: Final = 32 << 20
"""Bytes of a file that every server process would hold unpacked many times over."""
KEPT: Final = 20
"""Versions beside the active one and the one before it."""
OBSERVED_FOR: Final = timedelta(days=30)
_BATCH: Final = 1000
_LATEST: Final = 500
"""Calls that tell how like what was learned from the traffic is."""

Step = Callable[[bool], AbstractAsyncContextManager[Session]]
"""Opens the transaction of one step in the organization; told whether it is the last."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fit works."""

    settings: Settings
    keyring: Keyring
    blobs: Blobs


@dataclass(frozen=True, slots=True)
class _Fitting:
    place: Place
    organization_id: UUID
    fit_id: UUID
    step: Step

    async def move(self, stage: str, progress: float) -> None:
        async with self.step(False) as session:
            await repository.move(session, self.organization_id, self.fit_id, stage, progress)


async def carry_out(place: Place, organization_id: UUID, fit_id: UUID, step: Step) -> None:
    """Do a fit; one that is done or failed stays as it is."""
    fitting = _Fitting(place, organization_id, fit_id, step)
    async with step(False) as session:
        row = await repository.fit(session, organization_id, fit_id)
    if row is None or row.state != "running":
        return
    basis: Basis = "observed" if row.basis == "observed" else "told"
    try:
        await _carry_out(fitting, basis)
    except Fenced:
        raise
    except AppError as error:
        await fail(step, organization_id, fit_id, error)


async def _carry_out(fitting: _Fitting, basis: Basis) -> None:
    python = interpreter.find(fitting.place.settings)
    await fitting.move("reading outcomes", 0.0)
    examples = await _gather(fitting, basis)
    async with fitting.step(False) as session:
        names = await repository.model_names(session, fitting.organization_id)
        rates = await _rates(session, fitting.organization_id, names)
    chosen = enough(examples, names)

    async def hear(done: float) -> None:
        await fitting.move("learning", 0.1 + 0.8 * done)

    content = await trainer.learn(python, examples.lines(chosen, rates), hear)
    predictor = await _read(content)
    await fitting.move("looking at the latest calls", 0.9)
    traffic = await _traffic(fitting, predictor)
    digest = await fitting.place.blobs.put(fitting.organization_id, content)
    await _keep(fitting, basis, predictor, traffic, digest, len(content))


async def fail(step: Step, organization_id: UUID, fit_id: UUID, error: AppError) -> None:
    """End a fit and say why."""
    async with step(True) as session:
        row = await repository.fit(session, organization_id, fit_id)
        if row is None or row.state != "running":
            return
        details = None if error.details is None else dict(error.details)
        row.state, now = "failed", clock.now()
        row.problem = {"code": error.code, "message": error.message, "details": details}
        row.updated_at = row.finished_at = now
        _note(session, row, "routing_fit.failed", {"code": error.code})


async def _gather(fitting: _Fitting, basis: Basis) -> Examples:
    return await (_gather_told(fitting) if basis == "told" else _gather_observed(fitting))


async def _gather_told(fitting: _Fitting) -> Examples:
    """Read what was told, newest first; the prompt of an operation lies with its contents."""
    examples, organization_id, last = Examples("told"), fitting.organization_id, None
    keyring, keys = fitting.place.keyring, dict[UUID, Key | None]()
    while not examples.full:
        async with fitting.step(False) as session:
            rows = await repository.outcomes(session, organization_id, last, _BATCH)
            for key_id in {row.key_id for row in rows if row.key_id} - keys.keys():
                keys[key_id] = await keyring.by_id(session, organization_id, key_id)
            wanted = [row.operation_id for row in rows if row.operation_id]
            calls = await operations.asked_in(session, keyring, organization_id, wanted)
        for row in rows:
            call = calls.get(row.operation_id) if row.operation_id else None
            prompt = call.prompt if call else None
            key = keys.get(row.key_id) if row.key_id else None
            if row.sealed is not None and key is not None:
                prompt = _opened(organization_id, key, row.digest, row.sealed)
            if prompt is not None:
                for model, score in row.scores.items():
                    examples.add(prompt, model, float(score))
        if len(rows) < _BATCH:
            break
        last = rows[-1].id
    await _add_feedback(fitting, examples)
    return examples


async def _add_feedback(fitting: _Fitting, examples: Examples) -> None:
    """Add what people said of answers, newest calls first."""
    organization_id, before = fitting.organization_id, feedback.NEWEST
    while not examples.full:
        async with fitting.step(False) as session:
            found = await feedback.scores(session, organization_id, before, _BATCH)
            calls = await operations.asked_in(
                session,
                fitting.place.keyring,
                organization_id,
                [each.operation_id for each in found],
            )
        for each in found:
            call = calls.get(each.operation_id)
            if call is not None:
                examples.add(call.prompt, each.model_id.hex, each.score)
        if len(found) < _BATCH:
            break
        before = found[-1].operation_id


def _opened(organization_id: UUID, key: Key, digest: bytes, sealed: bytes) -> str | None:
    try:
        return outcomes.unseal(organization_id, key, digest, sealed)
    except crypto.Unreadable:
        return None


async def _gather_observed(fitting: _Fitting) -> Examples:
    """Read calls, newest first, and judge them by their record."""
    since, now = clock.now() - OBSERVED_FOR, clock.now()
    before: tuple[Any, UUID] | None = (now, UUID(int=2**128 - 1))
    calls: list[operations.Asked] = []
    examples = Examples("observed")
    while before is not None and len(calls) < 2 * MOST_PROMPTS:
        async with fitting.step(False) as session:
            some, before = await operations.asked_before(
                session, fitting.place.keyring, fitting.organization_id, since, before, _BATCH
            )
        calls += some
    for each in observed.observe(calls):
        examples.add(each.prompt, each.model_id.hex, each.score)
    return examples


async def _rates(
    session: Session, organization_id: UUID, names: Mapping[UUID, str]
) -> dict[str, Rate]:
    """Tell what an answer of each model costs now, at its usual length."""
    now = clock.now()
    prices = await price_list(session, organization_id)
    usual = await operations.usual_output(session, organization_id, now - OBSERVED_FOR)
    found: dict[str, Rate] = {}
    for model_id, name in names.items():
        price = prices.at(model_id, now)
        if price is not None:
            tokens = usual.get(name) or USUAL_OUTPUT
            found[model_id.hex] = Rate(price.input, price.output * tokens)
    return found


async def _read(content: bytes) -> Predictor:
    if len(content) > LARGEST:
        raise TooLarge(f"This routing model has {len(content)} bytes; {LARGEST} are allowed.")
    try:
        return await asyncio.to_thread(unpack_predictor, content)
    except ArtifactUnreadable as error:
        raise RoutingModelUnreadable from error


async def _traffic(fitting: _Fitting, predictor: Predictor) -> dict[str, Any] | None:
    """Tell how far the latest prompts are trusted."""
    since = clock.now() - OBSERVED_FOR
    before = (clock.now(), UUID(int=2**128 - 1))
    async with fitting.step(False) as session:
        calls, _ = await operations.asked_before(
            session, fitting.place.keyring, fitting.organization_id, since, before, _LATEST
        )
    trusts = [predictor.predict(read_prompt(each.prompt)).trust for each in calls]
    if not trusts:
        return None
    count = len(trusts)
    familiar, strange = trusts.count(1.0) / count, trusts.count(0.0) / count
    return {
        "prompts": count,
        "familiar": round(familiar, 4),
        "doubted": round(max(1 - familiar - strange, 0.0), 4),
        "strange": round(strange, 4),
    }


async def _keep(
    fitting: _Fitting,
    basis: Basis,
    predictor: Predictor,
    traffic: dict[str, Any] | None,
    digest: str,
    size: int,
) -> None:
    """Make the routing model and end the fit, at one stroke; then what is old goes."""
    organization_id = fitting.organization_id
    async with fitting.step(True) as session:
        await repository.lock(session, organization_id)
        fit = await repository.fit(session, organization_id, fitting.fit_id)
        assert fit is not None
        priors = zip(predictor.models, predictor.priors, strict=True)
        row = RoutingModel(
            id=ids.new(),
            organization_id=organization_id,
            version=await repository.next_version(session, organization_id),
            state="candidate",
            basis=basis,
            digest=digest,
            size=size,
            models=[UUID(each) for each in predictor.models],
            card={**predictor.card, **{f"prior.{name}": prior for name, prior in priors}},
            traffic=traffic,
            created_by=fit.started_by,
        )
        session.add(row)
        await session.flush()
        fit.state, fit.stage, fit.progress, fit.model_id = "done", "done", 1.0, row.id
        fit.finished_at = fit.updated_at = clock.now()
        _note(session, fit, "routing_model.fitted", {"version": row.version, "digest": digest})
        unused = await repository.prune(session, organization_id, KEPT)
    for each in unused:
        await fitting.place.blobs.remove(organization_id, each)


def _note(session: Session, fit: RoutingFit, name: str, data: Mapping[str, object]) -> None:
    named = ids.public(PREFIX, fit.model_id) if fit.model_id else ids.public(FIT_PREFIX, fit.id)
    publish(session, fit.organization_id, fit.started_by, name, named, dict(data))
