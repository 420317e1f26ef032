"""Settings: every variable of the environment that Hone reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hone.core.settings import Settings
from tools.reference.markdown import code, page, said, table


def page_rows(model: type[BaseModel], prefix: str = "HONE_") -> Iterator[tuple[str, FieldInfo]]:
    """Yield each variable's name and what is known of it, groups opened."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from page_rows(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", field


def settings_page() -> str:
    """Write the page."""
    rows = [
        [code(name), _default(name, field), said(field.description, name)]
        for name, field in page_rows(Settings)
    ]
    return page(
        "Settings",
        "A process reads its settings once, from the environment. Operators' choices (providers, "
        "models, prices, routes, people) are not settings: they are rows, changed in the dashboard, "
        "by the [API](api.md) or by `hone apply`.\n\nLists are written with commas. A setting that "
        "Hone does not know stops the start with its name.",
        table(["variable", "default", "meaning"], rows),
    )


def _default(name: str, field: FieldInfo) -> str:
    if name == "HONE_DATA_DIR":
        return "`/var/lib/hone` for root, else `~/.local/share/hone`"
    value: Any = field.get_default(call_default_factory=True)
    if value is None or value == ():
        return "none"
    if SecretStr in get_args(field.annotation) or isinstance(value, SecretStr):
        return "none"
    return code(str(value) if not isinstance(value, (bool, Path)) else str(value).lower())
