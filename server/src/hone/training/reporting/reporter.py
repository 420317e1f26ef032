"""What a worker tells of runs: as far as is known there, again when it fails, and given up in the end.

A report is a row. Whoever dies while telling has told nothing twice: the tracker knows a run by its tag, and a value
that comes again at its step is the same value.
"""

import asyncio
import contextlib
import logging
import os
import socket
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock, ids
from hone.core.db import Database, Session
from hone.core.errors import Unavailable
from hone.core.settings import Settings
from hone.training.models import OVER, TrainingReport
from hone.training.outside import Outside
from hone.training.reporting.mlflow import Mlflow
from hone.training.reporting.tracker import Tracker
from hone.training.reporting.wandb import Wandb
from hone.training.repository import reports, runs

log = logging.getLogger(__name__)

_TURN: Final = 2.0
_SOON: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=10)
_MOST_FAILURES: Final = 30
_METRICS: Final = 500
_HELD: Final = timedelta(seconds=60)
"""So long the worker that told of a run last goes on with it alone."""
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)


class Reporter:
    """The reports of one worker."""

    def __init__(self, owner: Database, settings: Settings) -> None:
        self._owner = owner
        self._trackers = _trackers(settings)
        self._me = f"{socket.gethostname()}:{os.getpid()}:{ids.new().hex[-8:]}"

    async def run(self) -> None:
        """Tell until cancelled; without a tracker, nothing."""
        async with asyncio.TaskGroup() as group:
            for each in self._trackers:
                group.create_task(self._tell_on(each))

    async def _tell_on(self, tracker: Tracker) -> None:
        try:
            while True:
                with contextlib.suppress(*_OUTAGES):
                    async with self._owner.transaction() as session:
                        await reports.open_new(session, tracker.name)
                    while await self._one(tracker):
                        pass
                await asyncio.sleep(_TURN)
        finally:
            await tracker.close()

    async def _one(self, tracker: Tracker) -> bool:
        """Tell of one run that is due; return whether there was one."""
        async with self._owner.transaction() as session:
            row = await reports.due(session, tracker.name, self._me, clock.now())
            if row is None:
                return False
            row.holder, row.held_until = self._me, clock.now() + _HELD
            try:
                await _tell(session, tracker, row)
            except Unavailable as error:
                _later(row, error.message)
            return True


def _trackers(settings: Settings) -> list[Tracker]:
    """Name the trackers that the settings ask for."""
    said, made = settings.training, list[Tracker]()
    if said.mlflow_url is not None:
        token = None if said.mlflow_token is None else said.mlflow_token.get_secret_value()
        made.append(Mlflow(Outside(said.mlflow_url, token)))
    if said.wandb_key is not None or said.wandb_offline:
        made.append(Wandb.of(settings))
    return made


async def _tell(session: Session, tracker: Tracker, report: TrainingReport) -> None:
    run = await runs.by_id(session, report.organization_id, report.run_id)
    assert run is not None
    if report.remote_id is None or not tracker.knows(report.remote_id):
        organization = await reports.organization(session, report.organization_id)
        begun = await tracker.begin(organization, run)
        report.remote_id, report.url = begun.id, begun.url
        if begun.fresh:
            report.metric_id = 0
    # Read before what was measured: nothing is measured after a run's end.
    over = run.state in OVER
    measured = await runs.metrics(
        session, report.organization_id, report.run_id, report.metric_id, _METRICS
    )
    if measured:
        await tracker.tell(report.remote_id, measured)
        report.metric_id = measured[-1].id
    if over and len(measured) < _METRICS:
        await tracker.end(report.remote_id, run)
        report.state = "told"
    more = len(measured) == _METRICS
    report.failures, report.error = 0, None
    report.next_at = clock.now() if more else clock.now() + _SOON


def _later(report: TrainingReport, words: str) -> None:
    report.failures += 1
    report.error = words
    wait = min(_SOON * 2 ** min(report.failures, 16), _LONGEST)
    report.next_at = clock.now() + wait
    if report.failures >= _MOST_FAILURES:
        report.state = "given_up"
        log.warning("nothing more is told of training run %s: %s", report.run_id, words)
    elif report.failures == 1:
        log.warning("cannot tell of training run %s yet: %s", report.run_id, words)
