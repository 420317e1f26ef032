"""What the OpenAPI document says of `/v1`."""

from importlib.resources import files
from typing import Any, cast

import yaml

Document = dict[str, Any]


def describe(document: Document) -> None:
    """Add the gateway's calls to a document."""
    text = files("hone.gateway").joinpath("openapi.yaml").read_text("utf-8")
    ours = cast("Document", yaml.safe_load(text))
    document["paths"].update(ours["paths"])
    components = document.setdefault("components", {})
    for kind, described in ours["components"].items():
        components.setdefault(kind, {}).update(described)
