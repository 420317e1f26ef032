"""HTTP routes of monitoring."""

from hone.core import http
from hone.monitoring.routes import alerts, channels, metrics, monitors

router = http.gather(each.router for each in (metrics, monitors, alerts, channels))

__all__ = ["router"]
