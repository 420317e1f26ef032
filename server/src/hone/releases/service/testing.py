"""Two versions against each other, in the words of the requirements: an experiment that starts at once."""

from hone import experiments, versions
from hone.core.db import Session
from hone.experiments import ABTestWrite
from hone.identity import Actor
from hone.releases.errors import PlanWrong
from hone.releases.schemas import ModelActed
from hone.versions import ModelAct, VersionMissing


async def start(session: Session, actor: Actor, data: ModelAct) -> ModelActed:
    """Create and start an experiment between two versions of a model."""
    for name, version in (("versionA", data.version_a), ("versionB", data.version_b)):
        if version is None:
            raise VersionMissing(param=name)
    part = 50.0 if data.split_percentage is None else data.split_percentage
    if not 0 < part < 100:
        raise PlanWrong(
            "Both versions need a part of the traffic: more than 0 and less than 100.",
            param="splitPercentage",
        )
    wanted = ABTestWrite(
        name=f"{data.version_a} against {data.version_b}",
        model_a=data.version_a,
        model_b=data.version_b,
        model_name=data.name,
        traffic_split=part / 100,
    )
    made = await experiments.start_ab_test(session, actor, wanted)
    return ModelActed(
        action=data.action,
        name=made.model_name,
        version=None,
        live=await versions.present(session, actor.organization_id, made.model_name),
        history=None,
        experiment=made.id,
    )
