"""What came of an attempt: a version of the model, a failure with its reasons, or a run that waits on."""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from hone import versions
from hone.core import clock, ids
from hone.core.db import Session
from hone.core.errors import AppError
from hone.core.events import publish
from hone.training import following, rendering, telling
from hone.training.folder import MODEL, Folder
from hone.training.models import OVER, TrainingRun
from hone.training.repository.claims import MOST_LOSSES, Claim
from hone.training.site import Site
from hone.training.trail import FILES, LOG

CARD, COMPARISON = "model_card.json", "comparison.json"
WRONG: Final = 2
STOPPED: Final = 75
_LINES: Final = 20
_TAIL: Final = 16 << 10
_LONGEST: Final = 2000
_TOLD: Final = {
    "succeeded": "training_run.succeeded",
    "failed": "training_run.failed",
    "cancelled": "training_run.cancelled",
    "paused": "training_run.paused",
}
_KILLED: Final = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended."""

    state: str
    """succeeded, failed, cancelled, paused, queued; or lost: it was killed from outside."""
    error: Mapping[str, Any] | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def failed(cls, code: str, message: str, details: Mapping[str, Any] | None = None) -> "Ended":
        """Say why it failed."""
        return cls("failed", {"code": code, "message": message, "details": dict(details or {})})


def of_code(code: int, folder: Folder | None, peak: int, seconds: float) -> Ended:
    """Say what came of a run that nobody told to end."""
    if code == STOPPED:
        return Ended("queued")
    said = None if folder is None else folder.account("error.json")
    facts = _facts(code, folder, peak, seconds)
    if code in _KILLED:
        return Ended("lost", details=facts)
    if said is not None and isinstance(said.get("message"), str):
        details = _object(said.get("details"))
        diagnostics = {} if code == WRONG else facts
        return Ended.failed(
            str(said.get("code") or "TRAINER_FAILED")[:80],
            str(said["message"])[:_LONGEST],
            {**details, **diagnostics},
        )
    why = facts.get("signal") or f"code {code}"
    last = facts["lastLines"][-1] if facts["lastLines"] else "It said nothing."
    return Ended.failed("TRAINER_FAILED", f"The trainer ended with {why}. {last}"[:_LONGEST], facts)


def _facts(code: int, folder: Folder | None, peak: int, seconds: float) -> dict[str, Any]:
    named = signal.Signals(-code).name if code < 0 and -code in set(signal.Signals) else None
    return {
        "exitCode": code if code >= 0 else None,
        "signal": named,
        "peakMemoryBytes": peak,
        "seconds": round(seconds, 1),
        "lastLines": [] if folder is None else _last_lines(folder),
    }


def _last_lines(folder: Folder) -> list[str]:
    try:
        with (folder.path / FILES[LOG]).open("rb") as file:
            file.seek(0, 2)
            file.seek(max(file.tell() - _TAIL, 0))
            said = file.read()
    except OSError:
        return []
    lines = said.decode("utf-8", "replace").replace("\x00", "").splitlines()
    return [line[:_LONGEST] for line in lines if line.strip()][-_LINES:]


async def settle(site: Site, claim: Claim, folder: Folder | None, ended: Ended) -> None:
    """Say in the run what came of it; what is over leaves no folder."""
    if ended.state == "succeeded":
        assert folder is not None
        ended = await _prove(site, claim, folder)
    state = ended.state
    if state != "succeeded":
        async with site.step(claim) as (session, row):
            state = conclude(session, row, ended)
    if state in OVER and folder is not None:
        await asyncio.to_thread(folder.remove)


def conclude(session: Session, row: TrainingRun, ended: Ended) -> str:
    """Bring a run that somebody holds into the state that follows."""
    state = ended.state
    if state == "lost":
        ended = _after_loss(row, ended)
        state = ended.state
    if state == "queued" and row.wish is not None:
        state = {"cancel": "cancelled", "pause": "paused"}[row.wish]
    row.leased_until, row.node, row.gpus_given = None, None, 0
    row.state, row.wish, row.updated_at = state, None, clock.now()
    row.stage = {"queued": "waiting", "succeeded": "done"}.get(state, state)
    row.error = None if ended.error is None else dict(ended.error)
    if state in OVER:
        row.finished_at = clock.now()
        row.progress = 1.0 if state == "succeeded" else row.progress
    else:
        row.queued_at = row.queued_at if state == "queued" else clock.now()
        row.why_waiting = "Somebody paused it." if state == "paused" else "It goes on soon."
    if state in _TOLD:
        note(session, row, _TOLD[state])
    told = telling.ended(row)
    if told is not None:
        session.add_all(telling.notices(row, *told))
    return state


def _after_loss(row: TrainingRun, ended: Ended) -> Ended:
    row.losses += 1
    if row.wish is not None or row.losses < MOST_LOSSES:
        return Ended("queued")
    return Ended.failed(
        "KILLED_AGAIN_AND_AGAIN",
        f"The run was killed {row.losses} times without coming further; maybe it needs more memory"
        " than the machine has.",
        ended.details,
    )


def note(
    session: Session, row: TrainingRun, name: str, said: Mapping[str, object] | None = None
) -> None:
    """Publish what happened to a run."""
    facts: dict[str, object] = {"model": row.model, "engine": row.engine, "state": row.state}
    facts |= said or {}
    if row.error is not None:
        facts["code"] = row.error.get("code")
    if row.figures:
        facts["figures"] = row.figures
    if row.model_version_id is not None:
        facts["version"] = ids.public("mv", row.model_version_id)
        facts["onSuccess"] = row.spec.get("onSuccess", [])
    subject = ids.public(rendering.RUN, row.id)
    publish(session, row.organization_id, "system", name, subject, facts)


async def _prove(site: Site, claim: Claim, folder: Folder) -> Ended:
    """Make a version of what was trained, and end the run with it; a run makes one."""
    async with site.step(claim) as (_, row):
        if row.state in {"running", "pausing"}:
            row.state, row.stage = "proving", "proving"
    card = await asyncio.to_thread(folder.account, CARD)
    comparison = await asyncio.to_thread(folder.account, COMPARISON)
    files = await asyncio.to_thread(folder.files)
    if card is None or not files:
        missing = CARD if card is None else MODEL
        return Ended.failed(
            "TRAINER_FAILED", f"The trainer says it is done, and left no {missing}."
        )
    try:
        async with site.step(claim) as (session, row):
            row.figures = figures(card)
            row.hyperparameters = chosen(row, card)
            made = await versions.register(
                session, site.place.blobs, _version(row, card, comparison, files)
            )
            row.model_version_id = made.id
            await following.follow(session, row, made)
            conclude(session, row, Ended("succeeded"))
    except AppError as error:
        return Ended.failed(error.code, error.message, error.details)
    return Ended("succeeded")


def _version(
    row: TrainingRun,
    card: Mapping[str, Any],
    comparison: Mapping[str, Any] | None,
    files: Mapping[str, Path],
) -> versions.NewVersion:
    return versions.NewVersion(
        organization_id=row.organization_id,
        name=row.model,
        task=row.task,
        engine=row.engine,
        run_id=row.id,
        dataset_id=row.dataset_id,
        dataset_version_id=row.dataset_version_id,
        dataset_digest=row.dataset_hash,
        files=files,
        card=card,
        comparison=None if row.champion_id is None else comparison,
        gates=list(row.spec.get("gates") or ()),
        actor=row.created_by,
        configuration=row.hyperparameters,
        champion_id=row.champion_id,
        warm=row.kind == "incremental",
    )


def figures(card: Mapping[str, Any]) -> dict[str, Any]:
    """Take from a card what a list shows: the figures of the test, as numbers."""
    told = _object(card.get("figures"))
    chosen = _object(told.get("test")) or _object(told.get("validation")) or told
    return {
        name: value
        for name, value in chosen.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def chosen(row: TrainingRun, card: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that the model was made with: what was asked for, or what a search found."""
    found = _object(_object(card.get("search")).get("asked"))
    return found or row.hyperparameters


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
