"""What a run of the trainer left in a folder, as a version to register (decision 0034)."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from hone.versions.errors import ArtifactWrong
from hone.versions.service.registering import NewVersion
from hone.versions.storage import MANIFEST


def read_run(folder: Path, organization_id: UUID, name: str) -> NewVersion:
    """Read the folder of a run that is done; the same files are the same version, however often read."""
    model = folder / "model"
    card, manifest = _object(folder / "model_card.json"), _object(model / MANIFEST)
    compared = folder / "comparison.json"
    made = hashlib.sha256((model / MANIFEST).read_bytes()).digest()
    return NewVersion(
        organization_id=organization_id,
        name=name,
        task=str(manifest.get("task", "")),
        engine=str(manifest.get("engine", "")),
        run_id=UUID(bytes=made[:16]),
        dataset_id=None,
        dataset_version_id=None,
        dataset_digest=cast("dict[str, Any]", card.get("data") or {}).get("digest"),
        files={str(each.relative_to(model)): each for each in model.rglob("*") if each.is_file()},
        card=card,
        comparison=_object(compared) if compared.exists() else None,
        gates=[],
        actor="system",
    )


def _object(path: Path) -> dict[str, Any]:
    try:
        read: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactWrong(f"{path} cannot be read: is the run done?") from error
    if not isinstance(read, dict):
        raise ArtifactWrong(f"{path} is not an object.")
    return cast("dict[str, Any]", read)
