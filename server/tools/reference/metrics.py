"""Metrics: every series of `/metrics`."""

from hone.app import create_api
from hone.core.counters.metric import METRICS
from hone.worker import Worker
from tools.reference.markdown import code, page, said, table


def metrics_page() -> str:
    """Write the page; importing the server has declared every metric."""
    assert create_api
    assert Worker
    rows = [
        [code(each.name), each.kind, ", ".join(map(code, each.labels)), said(each.help, each.name)]
        for each in sorted(METRICS.values(), key=lambda metric: metric.name)
    ]
    return page(
        "Metrics",
        "`GET /metrics` answers in Prometheus' text format, for keys and people who hold "
        "`system:monitor`. Every process of the machine is summed. A histogram has the series "
        "`_bucket`, `_sum` and `_count`.",
        table(["metric", "kind", "labels", "meaning"], rows),
    )
