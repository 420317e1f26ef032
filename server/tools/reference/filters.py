"""Filters: how operations are selected, in lists, exports and saved views."""

from hone.operations.schemas import OperationQuery
from tools.reference.markdown import code, page, said, table


def filters_page() -> str:
    """Write the page."""
    rows = [
        [code(field.alias or name), said(field.description, f"the filter {name}")]
        for name, field in OperationQuery.model_fields.items()
    ]
    return page(
        "Filters",
        "The query of `GET /api/ai/operations`, of its export and of a saved view. All that is given "
        "must hold; a name that is given more than once means any of its values. Times without a "
        "zone are UTC. The dashboard's address carries the same names.",
        table(["name", "meaning"], rows),
    )
