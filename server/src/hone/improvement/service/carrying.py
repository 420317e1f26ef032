"""Bring a turn's version to traffic by a release, and tell how that stands.

The release splits the name's calls between the live version and the new one. The two are compared in that
split: a second experiment would deal the same people out anew.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import ValidationError

from hone import releases, versions
from hone.core import ids
from hone.core.db import Session
from hone.identity import Actor, system
from hone.improvement import comparing
from hone.improvement.errors import PolicyWrong
from hone.improvement.models import Turn
from hone.improvement.repository import turns
from hone.improvement.schemas.policies import ImprovementRelease
from hone.improvement.turning import Judged
from hone.releases import ReleaseRead, ReleaseStart
from hone.versions import GateOverride

_PREFIX: Final = "rel"
_HALF: Final = 0.5
_CANARY: Final = {"share": 0.1, "hold": {"units": 100, "seconds": 600}}
"""The first step of a release whose versions are compared afterwards."""
_LONGEST: Final = 2000


def check(wanted: ImprovementRelease) -> None:
    """Refuse a plan that no release would take."""
    _start("model", "1.0.0", wanted, "checked", None)


async def release(session: Session, row: Turn) -> None:
    """Begin to bring a turn's version to all of the traffic; without a live one, at once."""
    wanted = _wanted(row)
    live = await versions.live(session, row.organization_id, row.model)
    if live is None:
        wanted = ImprovementRelease(strategy="immediate")
    assert row.version_id is not None
    why = f"improved by itself: {row.trigger['words']}"[:_LONGEST]
    data = _start(row.model, ids.public("mv", row.version_id), wanted, why, row.override)
    made = await releases.start(session, system(row.organization_id), data)
    row.release_id = ids.parse(_PREFIX, made.id)


async def shadow(session: Session, row: Turn) -> None:
    """Let copies of calls go to a turn's version."""
    assert row.version_id is not None
    data = ReleaseStart(
        name=row.model,
        version=ids.public("mv", row.version_id),
        strategy="shadow",
        reason="improved by itself: looked at unseen",
        override=None if row.override is None else GateOverride(reason=row.override),
    )
    made = await releases.start(session, system(row.organization_id), data)
    row.shadow_id = ids.parse(_PREFIX, made.id)


async def shadowed(session: Session, row: Turn) -> Judged | None:
    """Tell how the unseen release of a turn stands; one that was ended by its turn has done its work."""
    if row.shadow_id is None:
        return None
    found = await _read(session, row, ids.public(_PREFIX, row.shadow_id))
    seen = await turns.since(session, row.organization_id, row.id, "shadow_seen")
    if seen is not None and found.state == "cancelled":
        return Judged("succeeded", "Nobody saw its answers, and nothing spoke against it.")
    return _judged(found)


async def end_shadow(session: Session, row: Turn) -> None:
    """End an unseen release that has seen enough."""
    assert row.shadow_id is not None
    shown = ids.public(_PREFIX, row.shadow_id)
    await releases.ask(session, system(row.organization_id), shown, "cancel", "it has seen enough")


async def released(session: Session, row: Turn) -> tuple[Judged | None, Judged | None]:
    """Tell how the release of a turn stands, and what the comparison of both versions says."""
    if row.release_id is None:
        return None, None
    found = await _read(session, row, ids.public(_PREFIX, row.release_id))
    told = _judged(found)
    wanted = _wanted(row)
    broken = comparing.broken(wanted, _arm(found, "candidate"))
    if broken is not None and found.state in {"running", "holding"}:
        return told, Judged("loser", broken, told.evidence)
    if wanted.compare is None:
        return told, None
    since = await turns.since(session, row.organization_id, row.id, "comparison_started")
    if since is None:
        return told, None
    return told, await comparing.judged(
        session, row.organization_id, row.release_id, wanted.compare, since
    )


async def promote(session: Session, row: Turn, words: str) -> None:
    """Let a release that waits take all of the traffic."""
    assert row.release_id is not None
    shown = ids.public(_PREFIX, row.release_id)
    await releases.ask(session, system(row.organization_id), shown, "approve", words[:_LONGEST])


async def go_back(session: Session, actor: Actor, row: Turn, reason: str) -> None:
    """Give the traffic back to what was live before."""
    under_way = row.release_id or row.shadow_id
    if under_way is not None:
        shown = ids.public(_PREFIX, under_way)
        await releases.roll_back(session, actor, shown, reason[:_LONGEST])


def _start(
    model: str, version: str, wanted: ImprovementRelease, why: str, override: str | None
) -> ReleaseStart:
    plan: dict[str, Any] = dict(wanted.plan)
    compares = wanted.compare is not None and wanted.strategy != "immediate"
    if compares:
        plan.setdefault("promotion", "approval")
        if wanted.strategy == "canary":
            plan.setdefault("steps", [_CANARY, {"share": _HALF}])
    try:
        return ReleaseStart.model_validate(
            {
                "name": model,
                "version": version,
                "strategy": wanted.strategy,
                "plan": plan,
                "reason": why,
                "override": None if override is None else {"reason": override},
            }
        )
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyWrong(f"release.{where}: {first['msg']}.", param="release") from error


async def _read(session: Session, row: Turn, release_id: str) -> ReleaseRead:
    return await releases.get(session, system(row.organization_id), release_id)


def _judged(found: ReleaseRead) -> Judged:
    state: str = found.state
    if state == "holding" and found.held_by == "approval":
        state = "waits"
    evidence: dict[str, Any] = {
        "release": found.id,
        "arms": [each.model_dump(mode="json", by_alias=True) for each in found.arms],
        "guardrails": [each.model_dump(mode="json", by_alias=True) for each in found.guardrails],
    }
    return Judged(state, found.words, evidence)


def _arm(found: ReleaseRead, name: str) -> Mapping[str, Any]:
    """Return the figures of an arm by metric."""
    arm = next((each for each in found.arms if each.name == name), None)
    return {} if arm is None else cast("Mapping[str, Any]", arm.metrics)


def _wanted(row: Turn) -> ImprovementRelease:
    return ImprovementRelease.model_validate(row.plan["release"])
