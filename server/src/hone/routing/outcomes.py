"""What is told of answers: kept by prompt, sealed, and forgotten when it is asked for."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from hone import operations
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.events import publish
from hone.core.keyring import CONTENT, SECRET, Key, Keyring
from hone.identity import Actor, Permission
from hone.routing import repository
from hone.routing.errors import OutcomeWrong
from hone.routing.examples import LEAST_MODELS, LEAST_OF_KIND, LEAST_OF_MODEL, LEAST_PROMPTS
from hone.routing.schemas import Outcome, OutcomesOfModel, OutcomesRead, OutcomesTaken

MOST_KEPT: Final = 100_000
"""Prompts of an organization that outcomes are kept of."""


@dataclass(slots=True)
class _Draft:
    """What is told of one prompt at once."""

    prompt: str | None
    operation_id: UUID | None
    user: str | None
    scores: dict[str, float] = field(default_factory=dict[str, float])


async def tell(
    session: Session, actor: Actor, keyring: Keyring, given: Sequence[Outcome]
) -> OutcomesTaken:
    """Keep outcomes; what is told once more of the same answer takes the place of the first."""
    actor.require(Permission.ROUTES_WRITE)
    organization_id = actor.organization_id
    if await repository.count(session, organization_id) + len(given) > MOST_KEPT:
        raise OutcomeWrong(
            f"Outcomes of at most {MOST_KEPT:,} prompts are kept: delete the old ones first."
        )
    secret = await keyring.ensure(session, organization_id, SECRET)
    drafts = await _drafts(session, organization_id, secret, given)
    month = f"{clock.now():%Y-%m}"
    key = await keyring.ensure(session, organization_id, CONTENT, month)
    await repository.tell(
        session, [_row(organization_id, key, digest, each) for digest, each in drafts.items()]
    )
    subject = ids.public("org", organization_id)
    said = {"outcomes": len(given), "prompts": len(drafts)}
    publish(session, organization_id, actor.id, "outcome.told", subject, said)
    return OutcomesTaken(taken=len(given))


async def summary(session: Session, actor: Actor) -> OutcomesRead:
    """Tell what was told so far of each model, and what a fit needs."""
    actor.require(Permission.ROUTES_READ)
    names = await repository.model_names(session, actor.organization_id)
    sums = await repository.sums(session, actor.organization_id)
    return OutcomesRead(
        prompts=await repository.count(session, actor.organization_id),
        models=[
            OutcomesOfModel(
                model=names[UUID(model)],
                outcomes=number,
                mean=round(mean, 4),
                enough=number >= LEAST_OF_MODEL,
            )
            for model, number, mean in sums
            if UUID(model) in names
        ],
        required={
            "prompts": LEAST_PROMPTS,
            "models": LEAST_MODELS,
            "outcomesPerModel": LEAST_OF_MODEL,
            "goodAndPoorEach": LEAST_OF_KIND,
        },
    )


async def forget(session: Session, actor: Actor) -> None:
    """Delete all outcomes; what was learned from them stays."""
    actor.require(Permission.ROUTES_WRITE)
    gone = await repository.forget(session, actor.organization_id)
    subject = ids.public("org", actor.organization_id)
    publish(session, actor.organization_id, actor.id, "outcome.deleted", subject, {"prompts": gone})


def unseal(organization_id: UUID, key: Key, digest: bytes, sealed: bytes) -> str:
    """Read a prompt; raise `crypto.Unreadable` where this key did not seal it."""
    return key.unseal(sealed, organization_id.bytes + digest).decode()


async def _drafts(
    session: Session, organization_id: UUID, secret: Key, given: Sequence[Outcome]
) -> dict[bytes, _Draft]:
    """Join what is told of the same prompt; say which outcome is wrong, by its place."""
    models = {
        name: key for key, name in (await repository.model_names(session, organization_id)).items()
    }
    named = [ids.parse("op", each.operation or "") for each in given]
    calls = await operations.answered(session, organization_id, [each for each in named if each])
    drafts: dict[bytes, _Draft] = {}
    for place, (outcome, operation_id) in enumerate(zip(given, named, strict=True)):
        if outcome.operation is None:
            call = None
        else:
            call = operation_id and calls.get(operation_id)
            if not call:
                raise OutcomeWrong(
                    f"There is no call {outcome.operation!r} that a model answered.",
                    param=f"outcomes.{place}.operation",
                )
        model_id = _answerer(outcome, place, models, call)
        # No prompt has a NUL in it.
        digest = _digest(secret, outcome.prompt or f"\0{operation_id}")
        user = outcome.user or (call[1] if call else None)
        draft = drafts.setdefault(
            digest, _Draft(outcome.prompt, operation_id if call else None, user)
        )
        draft.user = draft.user or user
        draft.scores[model_id.hex] = outcome.score
    return drafts


def _answerer(
    outcome: Outcome,
    place: int,
    models: Mapping[str, UUID],
    call: tuple[UUID, str | None] | None,
) -> UUID:
    if outcome.model is None:
        assert call is not None
        return call[0]
    found = models.get(outcome.model)
    if found is None:
        raise OutcomeWrong(f"There is no model {outcome.model!r}.", param=f"outcomes.{place}.model")
    if call is not None and call[0] != found:
        raise OutcomeWrong(
            f"{outcome.model!r} did not answer {outcome.operation}.",
            param=f"outcomes.{place}.model",
        )
    return found


def _digest(secret: Key, said: str) -> bytes:
    """Tell the same prompt again, for who has the key; nobody else can try prompts against it."""
    own = hashlib.sha256(b"outcome" + secret.secret).digest()
    return hmac.digest(own, said.encode("utf-8", "replace"), "sha256")


def _row(organization_id: UUID, key: Key, digest: bytes, draft: _Draft) -> dict[str, Any]:
    sealed = None
    if draft.operation_id is None:
        assert draft.prompt is not None
        sealed = key.seal(draft.prompt.encode(), organization_id.bytes + digest)
    now = clock.now()
    return {
        "id": ids.new(),
        "organization_id": organization_id,
        "digest": digest,
        "operation_id": draft.operation_id,
        "key_id": None if sealed is None else key.id,
        "sealed": sealed,
        "user_id": draft.user,
        "scores": draft.scores,
        "created_at": now,
        "updated_at": now,
    }
