"""One training run: `python -m hone_trainer RUN/spec.json` works in the folder RUN and nowhere else.

It ends with 0 when it is done, 2 when what it was given is wrong (`error.json` says what), 75 when it was told
to stop and left a checkpoint, and anything else when it failed. With the number of its parent as a second word it
ends when that does.
"""

import json
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hone.core import launcher
from hone_trainer import artifact, cards, disk, engines
from hone_trainer import spec as specs
from hone_trainer.artifact import MANIFEST
from hone_trainer.errors import ArtifactDamaged, Refused, Stopped
from hone_trainer.run import Run

CARD: Final = "model_card.json"
"""Written last: a folder that has it is done."""
WRONG: Final = 2
FULL: Final = 28
"""The system's number for a disk without room."""
STOPPED: Final = 75
FAILED: Final = 70


def train(path: Path) -> int:
    """Do the run, or go on with it; return how the process ends."""
    folder = path.resolve().parent
    if (folder / CARD).exists():
        return 0
    (folder / "error.json").unlink(missing_ok=True)
    try:
        _train(path.resolve(), folder)
    except Refused as wrong:
        _tell(folder, wrong.code, wrong.message, dict(wrong.details))
        return WRONG
    except ArtifactDamaged as wrong:
        _tell(folder, "ARTIFACT_DAMAGED", str(wrong), {})
        return WRONG
    except Stopped:
        return STOPPED
    except OSError as failed:
        traceback.print_exc()
        return _unwritten(folder, failed)
    except MemoryError:
        traceback.print_exc()
        _tell(folder, "OUT_OF_MEMORY", "The run needed more memory than it may have.", {})
        return FAILED
    return 0


def _train(path: Path, folder: Path) -> None:
    spec = specs.read(path)
    found = engines.chosen(spec.engine, spec.task, spec.params)
    run = Run(folder, spec, engines.settled(found.ENGINE, spec.params))
    run.listen()
    try:
        if spec.search is None:
            found.fit(run)
        else:
            import_module("hone_trainer.searching").search(run, found.ENGINE)
        if (folder / "champion" / MANIFEST).is_file():
            _compare(run)
        run.event("milestone", "The model is trained.", 1.0)
        disk.write(folder / CARD, cards.whole(run))
    finally:
        run.close()


def _compare(run: Run) -> None:
    """Ask the model and its champion the same test examples."""
    manifests = [artifact.read(run.folder / name) for name in ("model", "champion")]
    if any(manifest.settings.get("served") == "provider" for manifest in manifests):
        run.event("warning", "A model that its provider serves is not compared here.")
        return
    run.event("stage", "Comparing with the champion.", 0.95)
    models = [artifact.load(run.folder / name) for name in ("model", "champion")]
    # What tests are made of is slow to load, and most runs have no champion.
    compare = import_module("hone_trainer.compare").compare
    found = compare(models[0], models[1], run.examples.split("test"), seed=run.seed)
    body = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    disk.write(run.folder / "comparison.json", body.encode())


def _unwritten(folder: Path, failed: OSError) -> int:
    full = failed.errno == FULL
    code = "DISK_FULL" if full else "DISK_FAILED"
    words = "The disk has no room left; the run goes on from its checkpoint when there is some."
    _tell(folder, code, words if full else f"A file could not be read or written: {failed}", {})
    return FAILED


def _tell(folder: Path, code: str, message: str, details: dict[str, Any]) -> None:
    body = {"code": code, "message": message, "details": details}
    sys.stderr.write(f"{code}: {message}\n")
    try:
        disk.write(folder / "error.json", json.dumps(body, ensure_ascii=False).encode() + b"\n")
    except OSError as failed:
        sys.stderr.write(f"error.json could not be written: {failed}\n")


def main(arguments: Sequence[str]) -> int:
    """Read the command line."""
    if len(arguments) not in {1, 2}:
        sys.stderr.write("usage: python -m hone_trainer RUN/spec.json [PARENT]\n")
        return WRONG
    if len(arguments) == 2:
        launcher.die_with_parent(signal.SIGKILL, int(arguments[1]))
    return train(Path(arguments[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
