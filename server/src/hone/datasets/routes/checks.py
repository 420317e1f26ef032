"""`/api/datasets/{dataset}/checks` and `/findings`: what should be looked at, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from hone.core.paging import Page
from hone.datasets.routes.needs import PageDep
from hone.datasets.schemas import (
    CheckBegin,
    CheckRead,
    Decision,
    FindingKind,
    FindingRead,
    FindingState,
)
from hone.datasets.service import checks, findings
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(prefix="/api/datasets/{dataset}", tags=["datasets"])


@router.get("/checks")
async def list_dataset_checks(
    session: SessionDep, actor: ActorDep, dataset: str
) -> Page[CheckRead]:
    """List the last checks of a dataset, newest first, and how far they are."""
    return await checks.page(session, actor, dataset)


@router.post("/checks", status_code=202)
async def begin_dataset_check(
    session: SessionDep, actor: ActorDep, dataset: str, body: CheckBegin
) -> CheckRead:
    """Begin to look for duplicates, wrong labels, leakage, personal data and outliers."""
    return await checks.begin(session, actor, dataset, body)


@router.post("/checks/{check}/cancel")
async def cancel_dataset_check(
    session: SessionDep, actor: ActorDep, dataset: str, check: str
) -> CheckRead:
    """Cancel a check that runs; what it found by then is kept."""
    return await checks.cancel(session, actor, dataset, check)


@router.get("/findings")
async def list_findings(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    dataset: str,
    page: PageDep,
    kind: Annotated[FindingKind | None, Query(description="Findings of this kind.")] = None,
    state: Annotated[FindingState | None, Query(description="In this state.")] = None,
) -> Page[FindingRead]:
    """List findings with their examples side by side, the surest first."""
    return await findings.page(session, actor, keyring, dataset, (kind, state), page)


@router.post("/findings/{finding}")
async def decide_finding(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    dataset: str,
    finding: str,
    body: Decision,
) -> FindingRead:
    """Do what a finding suggests, or dismiss it for good."""
    return await findings.decide(session, actor, keyring, dataset, finding, body.action)
