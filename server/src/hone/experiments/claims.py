"""One split per name: who has it, has it alone."""

from uuid import UUID

from hone.core import ids
from hone.core.db import Session
from hone.experiments import repository
from hone.experiments.errors import NameSplitAlready

_PREFIX = {"experiment": "exp", "release": "rel"}
_END = {
    "experiment": "stop or decide that experiment first (POST /api/experiments/{id}/stop)",
    "release": "let that release end, or cancel it (POST /api/releases/{id}/cancel)",
}


async def claim(
    session: Session, organization_id: UUID, name: str, kind: str, subject_id: UUID
) -> None:
    """Take a name for an experiment or a release.

    Raises:
        NameSplitAlready: something else splits its calls; says what, and how that ends.
    """
    held = await repository.claim(session, organization_id, name, kind, subject_id)
    if (held.kind, held.subject_id) == (kind, subject_id):
        return
    other = ids.public(_PREFIX[held.kind], held.subject_id)
    if (
        held.kind == "experiment"
        and (row := await repository.by_id(session, organization_id, held.subject_id))
        and row.state == "decided"
    ):
        raise NameSplitAlready(
            f"All calls of {name!r} go to the winner of the experiment {other}: release that one"
            f" (with `experiment`), or take it back first (POST /api/experiments/{other}/stop).",
            param="target",
            details={"kind": held.kind, "id": other, "name": name},
        )
    raise NameSplitAlready(
        f"The calls of {name!r} are split by the {held.kind} {other}:"
        f" {_END[held.kind].format(id=other)}.",
        param="target",
        details={"kind": held.kind, "id": other, "name": name},
    )


async def release_claim(
    session: Session, organization_id: UUID, kind: str, subject_id: UUID
) -> None:
    """Let go of the name that something holds; nothing happens where it holds none."""
    await repository.release_claim(session, organization_id, kind, subject_id)
