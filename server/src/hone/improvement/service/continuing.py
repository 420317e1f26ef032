"""Continuous learning in one call: the data is kept, a policy is made or changed, a turn is begun."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from hone import training, versions
from hone.core import ids
from hone.core.db import Session
from hone.identity import Actor, Permission
from hone.improvement import rendering
from hone.improvement.errors import BoundUnmeasured
from hone.improvement.models import Policy, Turn
from hone.improvement.repository import policies as stored
from hone.improvement.repository import turns
from hone.improvement.schemas.continuous import ContinuousLearning, LearningUpdate
from hone.improvement.schemas.policies import (
    ImprovementPolicyChange,
    ImprovementPolicyWrite,
    ImprovementRelease,
)
from hone.improvement.schemas.triggers import AccuracyBelow, NewExamples, Trigger, usual
from hone.improvement.service import policies
from hone.improvement.service.beginning import begin
from hone.training import MODEL_NAMES, Data, Place, TrainingData, TrainingJob

_SOON: Final = 10
"""New examples after which a model that adapts while it works learns anew."""
_BARS: Final[Mapping[str, Callable[[float], dict[str, Any]]]] = {
    "accuracy": lambda value: {"atLeast": value * 100},
    "latencyMs": lambda value: {"latencyP95Ms": value},
}
_ROLLBACKS: Final = {
    "accuracy": "accuracy",
    "positiveFeedback": "positive_feedback",
    "errorRate": "error_rate",
    "latencyMs": "latency_ms",
}


async def learn(
    session: Session, actor: Actor, place: Place, body: ContinuousLearning
) -> LearningUpdate:
    """Keep what is new, and let the model learn from it now and from then on."""
    actor.require(Permission.RELEASES_WRITE)
    _refuse_unmeasured(body)
    name = body.model_name or MODEL_NAMES[body.model_type]
    given = body.new_conversation_data
    strategy = body.learning_strategy
    kept = await training.collect(
        session,
        actor,
        place,
        body.model_type,
        name,
        TrainingData(
            conversation_logs=given.conversations,
            expert_annotations=given.expert_annotations,
            feedback_data=given.user_feedback,
        ),
        validated=strategy.automatic_validation,
    )
    notes = list(kept.notes)
    if not kept.found:
        notes.append("Nothing in the request has a right answer that could be learned from.")
    present = await stored.by_model(session, actor.organization_id, name)
    last = await training.again(session, actor, name) if present is None else None
    if present is not None:
        job = TrainingJob.model_validate(present.job)
    elif last is not None:
        job = last
    else:
        job = TrainingJob(name=name, task=kept.task, data=Data(dataset=kept.dataset))
    job = await _bounded(session, actor, body, job, notes)
    row = await _policy(session, actor, body, present, name, job)
    turn, words = await _turn(session, actor, body, row, kept.added)
    return LearningUpdate(
        model=name,
        dataset=job.data.dataset,
        examples=kept.added,
        policy=ids.public(rendering.POLICY, row.id),
        turn=None if turn is None else ids.public(rendering.TURN, turn.id),
        words=words,
        notes=notes,
    )


def _refuse_unmeasured(body: ContinuousLearning) -> None:
    """Refuse a bound that nothing would hold: who asks for it relies on it."""
    asked = body.constraints
    known = {
        "qualityThresholds": (asked.quality_thresholds, {*_BARS, "dataQuality"}),
        "rollbackTriggers": (asked.rollback_triggers, set(_ROLLBACKS)),
    }
    for name, (given, measured) in known.items():
        unknown = sorted(set(given) - measured)
        if unknown:
            raise BoundUnmeasured(
                f"{name}.{unknown[0]} is not measured, so nothing would hold it; what can be said is"
                f" {', '.join(sorted(measured))}.",
                param=f"constraints.{name}",
            )


async def _bounded(
    session: Session,
    actor: Actor,
    body: ContinuousLearning,
    job: TrainingJob,
    notes: list[str],
) -> TrainingJob:
    """Hold a job to what bounds it."""
    asked = body.constraints
    given = asked.resource_limits
    resources = {"cpu": given.cpu, "memory_gb": given.memory_gb, "gpus": given.gpus}
    limits = {"wall_seconds": asked.max_training_time, "cost_usd": given.cost_usd}
    changed: dict[str, Any] = {
        "resources": job.resources.model_copy(update=_said(resources)),
        "limits": job.limits.model_copy(update=_said(limits)),
    }
    gates = [
        bar(value) for key, value in asked.quality_thresholds.items() if (bar := _BARS.get(key))
    ]
    if gates:
        changed["gates"] = gates
    quality = asked.quality_thresholds.get("dataQuality")
    if quality is not None:
        changed["data"] = job.data.model_copy(update={"min_quality": quality})
    if body.learning_strategy.incremental_learning:
        live = await versions.live(session, actor.organization_id, job.name)
        if live is None:
            notes.append("There is no live version to go on from: it learns from everything.")
        elif job.engine in {None, "linear"}:
            notes.append("Its engine learns from old and new examples together, in seconds.")
        else:
            changed["base_version"] = live.version
    return job.model_copy(update=changed)


async def _policy(
    session: Session,
    actor: Actor,
    body: ContinuousLearning,
    present: Policy | None,
    name: str,
    job: TrainingJob,
) -> Policy:
    """Make the policy of a model, or change it."""
    adapts = body.learning_strategy.online_adaptation
    triggers: list[Trigger] = [AccuracyBelow(), NewExamples(count=_SOON)] if adapts else usual()
    bars = body.constraints.rollback_triggers
    release = (
        ImprovementRelease()
        if present is None
        else ImprovementRelease.model_validate(present.release)
    ).model_copy(
        update={"roll_back_when": {_ROLLBACKS[name]: value for name, value in bars.items()}}
    )
    said: dict[str, Any] = {
        "job": job,
        "triggers": triggers,
        "debounce_seconds": 30 if adapts else 300,
        "approvals": ["release"] if body.learning_strategy.expert_guidance else [],
        "release": release,
    }
    if present is None:
        made = await policies.create(session, actor, ImprovementPolicyWrite(model=name, **said))
        policy_id = made.id
    else:
        policy_id = ids.public(rendering.POLICY, present.id)
        change = ImprovementPolicyChange(version=present.version, enabled=True, **said)
        await policies.update(session, actor, policy_id, change)
    return await policies.access(session, actor, policy_id, lock=True)


async def _turn(
    session: Session, actor: Actor, body: ContinuousLearning, row: Policy, added: int
) -> tuple[Turn | None, str]:
    """Begin a turn where something new is there to learn from."""
    present = await turns.under_way(session, row.organization_id, row.model)
    if present is not None:
        return present, "A turn is under way; what is new is learned from in the next one."
    if not added:
        return None, "Nothing is new: the next turn begins when a trigger fires."
    if not body.learning_strategy.automatic_validation:
        return None, f"{added} examples wait for review; a turn begins when a trigger fires."
    words = f"Somebody asked for it: continuous learning from {added} new examples"
    turn = await begin(session, actor, row, words)
    measured = [dict(each) for each in body.new_conversation_data.performance_metrics]
    if measured:
        told = f"{len(measured)} figures were measured elsewhere."
        await turns.decide(session, turn, "told", actor.id, told, {"performanceMetrics": measured})
    return turn, f"It learns from {added} new examples now."


def _said(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
