"""The folder that a run begins with: data, specification, and what to start from and be compared with."""

import asyncio
from pathlib import Path
from typing import Final
from uuid import UUID

from hone import identity, versions
from hone.core import ids
from hone.training import data, folder
from hone.training.folder import Folder
from hone.training.models import TrainingRun
from hone.training.repository.claims import Claim
from hone.training.schemas.job import TrainingJob
from hone.training.site import Site

FORMAT: Final = 1


async def prepare(site: Site, claim: Claim, row: TrainingRun) -> Folder:
    """Find the run's folder as it was left, or make it."""
    place = folder.of(site.place.settings, claim.organization_id, claim.run_id)
    known = await asyncio.to_thread(lambda: place.id)
    if known is not None and known == row.folder:
        return place
    await asyncio.to_thread(place.begin)
    await _fill(site, claim, row, place)
    folder_id = ids.new()
    await asyncio.to_thread(place.mark, folder_id)
    async with site.step(claim) as (_, present):
        present.folder, present.read = folder_id, {}
    return place


async def _fill(site: Site, claim: Claim, row: TrainingRun, place: Folder) -> None:
    job = TrainingJob.model_validate(row.spec)
    assert row.dataset_version_id is not None
    await data.pour(
        site.database,
        site.place,
        claim.organization_id,
        row.dataset_version_id,
        place.path / folder.DATA,
    )
    if job.base_version is not None:
        await _base(site, claim, job, place)
    champion = await _champion(site, claim, job, place)
    cache = place.path.parent / folder.CACHE
    await asyncio.to_thread(cache.mkdir, 0o700, exist_ok=True)
    await asyncio.to_thread(place.write, folder.SPEC, _spec(claim.run_id, row, job, cache))
    async with site.step(claim) as (_, present):
        present.champion_id = champion


async def _base(site: Site, claim: Claim, job: TrainingJob, place: Folder) -> None:
    """Fetch what to go on from."""
    organization_id = claim.organization_id
    async with site.database.transaction(organization_id) as session:
        actor = identity.system(organization_id)
        base = await versions.get_version(session, actor, job.name, str(job.base_version))
    files = [each.model_dump() for each in base.files]
    blobs = site.place.blobs
    await versions.fetch_files(blobs, organization_id, files, place.path / folder.BASE)


async def _champion(site: Site, claim: Claim, job: TrainingJob, place: Folder) -> UUID | None:
    """Fetch what is live, to be compared with; of another task there is nothing to compare."""
    async with site.database.transaction(claim.organization_id) as session:
        champion = await versions.live(session, claim.organization_id, job.name)
    if champion is None or not champion.files or champion.task != job.task:
        return None
    await versions.fetch(site.place.blobs, champion, place.path / folder.CHAMPION)
    return champion.id


def _spec(run_id: UUID, row: TrainingRun, job: TrainingJob, cache: Path) -> dict[str, object]:
    return {
        "format": FORMAT,
        "run": ids.public("trun", run_id),
        "task": row.task,
        "engine": row.engine,
        "seed": job.seed,
        "data": folder.DATA,
        "params": job.params,
        "search": None if job.search is None else job.search.model_dump(mode="json", by_alias=True),
        "baseModel": None,
        "checkpoint": {"everySeconds": job.checkpoint.every_seconds},
        "cache": str(cache),
    }
