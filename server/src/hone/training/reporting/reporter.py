"""What a worker tells of runs: as far as is known there, again when it fails, and given up in the end.

A report is a row. Whoever dies while telling has told nothing twice: the tracker knows a run by its tag, and a value
that comes again at its step is the same value.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hone.core import clock
from hone.core.db import Database, Session
from hone.core.errors import Unavailable
from hone.core.settings import Settings
from hone.training.models import OVER, TrainingReport
from hone.training.outside import Outside
from hone.training.reporting.mlflow import Mlflow
from hone.training.repository import reports, runs

log = logging.getLogger(__name__)

_TURN: Final = 2.0
_SOON: Final = timedelta(seconds=2)
_LONGEST: Final = timedelta(minutes=10)
_MOST_FAILURES: Final = 30
_METRICS: Final = 500
_OUTAGES: Final = (SQLAlchemyError, psycopg.Error, OSError)


class Reporter:
    """The reports of one worker."""

    def __init__(self, owner: Database, settings: Settings) -> None:
        self._owner = owner
        self._address = settings.training.mlflow_url
        token = settings.training.mlflow_token
        self._token = None if token is None else token.get_secret_value()

    async def run(self) -> None:
        """Tell until cancelled; without a tracker, nothing."""
        if self._address is None:
            return
        async with contextlib.aclosing(_Closing(self._address, self._token)) as tracker:
            while True:
                with contextlib.suppress(*_OUTAGES):
                    async with self._owner.transaction() as session:
                        await reports.open_new(session)
                    while await self._one(tracker.mlflow):
                        pass
                await asyncio.sleep(_TURN)

    async def _one(self, mlflow: Mlflow) -> bool:
        """Tell of one run that is due; return whether there was one."""
        async with self._owner.transaction() as session:
            row = await reports.due(session, clock.now())
            if row is None:
                return False
            try:
                await _tell(session, mlflow, row)
            except Unavailable as error:
                _later(row, error.message)
            return True


class _Closing:
    """A tracker whose connections are dropped in the end."""

    def __init__(self, address: str, token: str | None) -> None:
        self._outside = Outside(address, token)
        self.mlflow = Mlflow(self._outside)

    async def aclose(self) -> None:
        await self._outside.close()


async def _tell(session: Session, mlflow: Mlflow, report: TrainingReport) -> None:
    run = await runs.by_id(session, report.organization_id, report.run_id)
    assert run is not None
    if report.remote_id is None:
        organization = await reports.organization(session, report.organization_id)
        report.remote_id = await mlflow.begin(organization, run)
    # Read before what was measured: nothing is measured after a run's end.
    over = run.state in OVER
    measured = await runs.metrics(
        session, report.organization_id, report.run_id, report.metric_id, _METRICS
    )
    if measured:
        await mlflow.tell(report.remote_id, measured)
        report.metric_id = measured[-1].id
    if over and len(measured) < _METRICS:
        await mlflow.end(report.remote_id, run)
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
