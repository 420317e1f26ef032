"""Monitoring: what is measured again and again, what is then wrong, and whom that is told.

A monitor watches a metric, an objective, drift, accuracy without labels, or errors. What it finds becomes
points and alerts: one alert for a cause, until it is over. Channels carry alerts to people. `status` and
`accuracy` grade a model for those who act on it, and `open_alert` is for whoever else sees a cause.
"""

from hone.monitoring.assessing import accuracy
from hone.monitoring.digesting import forget
from hone.monitoring.meters import meter
from hone.monitoring.place import Place
from hone.monitoring.raising import Cause, calm, open_alert
from hone.monitoring.runner import Runner
from hone.monitoring.schemas.alerts import (
    AlertRead,
    AlertResolve,
    AlertSilenceWrite,
    AlertsQuery,
)
from hone.monitoring.schemas.monitors import MonitorRead
from hone.monitoring.service.alerts import acknowledge, resolve, silence
from hone.monitoring.service.alerts import get as alert
from hone.monitoring.service.alerts import live as live_alerts
from hone.monitoring.service.alerts import page as alerts
from hone.monitoring.service.metrics import status
from hone.monitoring.service.monitors import check, drifted
from hone.monitoring.service.monitors import page as monitors

__all__ = [
    "AlertRead",
    "AlertResolve",
    "AlertSilenceWrite",
    "AlertsQuery",
    "Cause",
    "MonitorRead",
    "Place",
    "Runner",
    "accuracy",
    "acknowledge",
    "alert",
    "alerts",
    "calm",
    "check",
    "drifted",
    "forget",
    "live_alerts",
    "meter",
    "monitors",
    "open_alert",
    "resolve",
    "silence",
    "status",
]
