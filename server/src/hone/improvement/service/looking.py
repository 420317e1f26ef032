"""Look at a model: what is new, how right it is, and whether that begins a turn."""

from datetime import timedelta
from typing import Final

from hone import feedback, monitoring, training, versions
from hone.core import clock
from hone.core.db import Session
from hone.core.errors import NotFound
from hone.core.paging import PageQuery
from hone.identity import Actor, system
from hone.improvement import rendering, triggers
from hone.improvement.models import Policy, Turn
from hone.improvement.repository import policies, turns
from hone.improvement.schemas.policies import ImprovementBudget, ImprovementLook
from hone.improvement.schemas.triggers import AccuracyBelow
from hone.improvement.service.beginning import begin
from hone.improvement.triggers import Look, Seen, Share
from hone.training import RunRead, RunsQuery, TrainingJob

EVERY: Final = timedelta(seconds=10)
"""How often a policy is looked at."""


async def come(session: Session, row: Policy) -> Turn | None:
    """Look at a policy whose time has come, and begin a turn where that is due; its row is locked."""
    actor, now = system(row.organization_id), clock.now()
    row.next_at = now + EVERY
    if await turns.under_way(session, row.organization_id, row.model) is not None:
        row.fired_at = None
        return None
    found = await look(session, actor, row)
    spent = await policies.spent(session, row.organization_id, row.model, now)
    debounce = timedelta(seconds=row.debounce_seconds)
    held, begins = None, None
    if found.fires:
        budget = ImprovementBudget.model_validate(row.budget)
        held = triggers.held_back(
            spent, budget.runs_per_day, budget.cost_usd_per_month, debounce, now
        )
        # A clock that was set back begins the wait anew.
        fired_at = now if row.fired_at is None or row.fired_at > now else row.fired_at
        row.fired_at = fired_at
        begins = fired_at + debounce if held is None else None
    else:
        row.fired_at = None
    row.looked_at = now
    row.looked = ImprovementLook(
        at=now,
        words=found.words,
        fires=found.fires,
        held_back=held,
        begins_at=begins,
        triggers=found.triggers,
    ).model_dump(mode="json")
    if held is not None or not triggers.settled(row.fired_at, debounce, now):
        return None
    row.fired_at = None
    fired = [each for each in found.triggers if each.fires]
    return await begin(session, actor, row, found.words, kinds=[each.kind for each in fired])


async def look(session: Session, actor: Actor, row: Policy) -> Look:
    """Look at a model with a policy's triggers."""
    wanted = rendering.triggers(row)
    hours = max(
        (each.window_hours for each in wanted if isinstance(each, AccuracyBelow)), default=0
    )
    seen = await see(session, actor, row, hours)
    return triggers.look(wanted, seen, row.least_new)


async def see(session: Session, actor: Actor, row: Policy, window_hours: float) -> Seen:
    """Gather what a model's triggers look at."""
    now, organization_id = clock.now(), row.organization_id
    job = TrainingJob.model_validate(row.job)
    last = await _last(session, actor, row.model)
    since = None if last is None else last.created_at
    try:
        new = await training.count_new(session, actor, job.data, since)
    except NotFound:
        new = 0
    corrected = await feedback.judged(
        session, organization_id, row.model, since or now - timedelta(days=366)
    )
    return Seen(
        now=now,
        new=new,
        corrections=corrected.corrected,
        trained=await _number(session, actor, last),
        trained_at=since,
        accuracy=await _accuracy(session, row, window_hours),
        drift=await monitoring.drifted(session, organization_id, row.model),
    )


async def _accuracy(session: Session, row: Policy, window_hours: float) -> Share | None:
    """Estimate how right the live version is: answers of the one before do not count."""
    if window_hours <= 0:
        return None
    since = clock.now() - timedelta(hours=window_hours)
    live = await versions.live_since(session, row.organization_id, row.model)
    found = await feedback.judged(
        session, row.organization_id, row.model, max(since, live) if live else since
    )
    share = found.share
    if share is None:
        return None
    return Share(**share.model_dump(), count=found.right + found.wrong)


async def _last(session: Session, actor: Actor, model: str) -> RunRead | None:
    wanted = RunsQuery(state="succeeded", model=model)
    found = (await training.page(session, actor, PageQuery(limit=1), wanted)).items
    return found[0] if found else None


async def _number(session: Session, actor: Actor, last: RunRead | None) -> str | None:
    if last is None or last.version is None:
        return None
    return (await versions.get_version(session, actor, last.model, last.version)).version
