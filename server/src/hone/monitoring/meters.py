"""What is told of monitoring: counted from rows, so it is the same whichever process tells it."""

from typing import Final

from sqlalchemy import text

from hone.core import clock
from hone.core.counters import Counters, Metric, declare
from hone.core.db import Session

ALERTS: Final = declare(
    Metric(
        "hone_alerts_open",
        "gauge",
        "Alerts that are not resolved, by severity: info, warning or critical; silenced ones apart.",
        ("severity",),
        across="max",
    )
)
MONITORS: Final = declare(
    Metric(
        "hone_monitors",
        "gauge",
        "Monitors that are switched on, by state: ok, alerting, silenced or no_data.",
        ("state",),
        across="max",
    )
)
LATE: Final = declare(
    Metric(
        "hone_monitors_late_seconds",
        "gauge",
        "How long the monitor that waits longest has been due.",
        across="max",
    )
)
MEASURED: Final = declare(
    Metric("hone_monitor_measurements_total", "counter", "Measurements of monitors that were made.")
)
MESSAGES: Final = declare(
    Metric(
        "hone_alert_messages_waiting",
        "gauge",
        "Messages to channels of alerts that are still to be sent.",
        across="max",
    )
)
_SEVERITIES: Final = ("info", "warning", "critical", "silenced")
_STATES: Final = ("ok", "alerting", "silenced", "no_data")
_ALERTS: Final = """
SELECT CASE WHEN state = 'silenced' THEN 'silenced' ELSE severity END, count(*) FROM alerts
WHERE state <> 'resolved' GROUP BY 1
"""
_MONITORS: Final = "SELECT state, count(*) FROM monitors WHERE enabled GROUP BY 1"
# One whose time lies far ahead was put there by a clock that has been set back since: it is not late.
_LATE: Final = """
SELECT coalesce(max(extract(epoch FROM CAST(:now AS timestamptz) - next_at)), 0)::float
FROM monitors WHERE enabled AND next_at <= :now
"""
_MESSAGES: Final = "SELECT count(*) FROM alert_deliveries WHERE ended_at IS NULL"


async def meter(owner: Session, counters: Counters) -> None:
    """Count alerts, monitors and messages of all organizations; as the owner."""
    alerts: dict[str, float] = dict.fromkeys(_SEVERITIES, 0.0)
    states: dict[str, float] = dict.fromkeys(_STATES, 0.0)
    for found, query in ((alerts, _ALERTS), (states, _MONITORS)):
        found |= {name: float(count) for name, count in await owner.execute(text(query))}
    counters.show(ALERTS, alerts)
    counters.show(MONITORS, states)
    late = await owner.scalar(text(_LATE), {"now": clock.now()})
    counters.cell(LATE).set(float(late or 0))
    counters.cell(MESSAGES).set(float(await owner.scalar(text(_MESSAGES)) or 0))
