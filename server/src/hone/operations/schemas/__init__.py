"""What the operations API takes and gives."""

from hone.operations.schemas.filters import (
    FacetQuery,
    FacetValue,
    OperationFacets,
    OperationFilter,
    OperationQuery,
)
from hone.operations.schemas.operations import (
    COLUMNS,
    AttemptRead,
    Caller,
    ExportFormat,
    Lineage,
    Neighbours,
    OperationExport,
    OperationItem,
    OperationLog,
    OperationPage,
    OperationRead,
    SplitRead,
)
from hone.operations.schemas.overview import (
    Before,
    ModelShare,
    Overview,
    Point,
    Totals,
)
from hone.operations.schemas.types import (
    Dollars,
    Label,
    Moment,
    Window,
)
from hone.operations.schemas.views import (
    ViewCreate,
    ViewRead,
    ViewReplace,
)

__all__ = [
    "COLUMNS",
    "AttemptRead",
    "Before",
    "Caller",
    "Dollars",
    "ExportFormat",
    "FacetQuery",
    "FacetValue",
    "Label",
    "Lineage",
    "ModelShare",
    "Moment",
    "Neighbours",
    "OperationExport",
    "OperationFacets",
    "OperationFilter",
    "OperationItem",
    "OperationLog",
    "OperationPage",
    "OperationQuery",
    "OperationRead",
    "Overview",
    "Point",
    "SplitRead",
    "Totals",
    "ViewCreate",
    "ViewRead",
    "ViewReplace",
    "Window",
]
