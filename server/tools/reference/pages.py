"""The list of pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.reference import (
    api,
    cli,
    clients,
    errors,
    events,
    filters,
    metrics,
    permissions,
    settings,
)

FOLDER: Final = Path(__file__).parents[3] / "docs" / "reference"

PAGES: Final[dict[str, Callable[[], str]]] = {
    "api.md": api.api_page,
    "cli.md": cli.cli_page,
    "clients.md": clients.clients_page,
    "errors.md": errors.errors_page,
    "events.md": events.events_page,
    "filters.md": filters.filters_page,
    "metrics.md": metrics.metrics_page,
    "permissions.md": permissions.permissions_page,
    "settings.md": settings.settings_page,
}
