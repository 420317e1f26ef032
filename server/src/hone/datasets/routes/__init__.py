"""HTTP routes of datasets: curated one by one, and all together as training data."""

from hone.core import http
from hone.datasets.routes import (
    checks,
    datasets,
    examples,
    knowledge,
    training_data,
    transfer,
    versions,
)

router = http.gather(
    each.router
    for each in (datasets, transfer, examples, versions, checks, knowledge, training_data)
)
