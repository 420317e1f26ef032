"""HTTP routes of datasets: curated one by one, and all together as training data."""

from fastapi import APIRouter

from hone.datasets.routes import (
    checks,
    datasets,
    examples,
    knowledge,
    training_data,
    transfer,
    versions,
)

router = APIRouter()
for each in (datasets, transfer, examples, versions, checks, knowledge, training_data):
    router.include_router(each.router)
