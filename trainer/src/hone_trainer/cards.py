"""What the card of every model says beside its engine's evidence: of what, with what and when it was made."""

import json
import platform
from hashlib import sha256
from importlib.metadata import distributions
from typing import Any

from hone.core import clock
from hone_trainer.run import Run


def whole(run: Run) -> bytes:
    """Return the card as it is written."""
    body = {
        "format": 1,
        "run": run.spec.run,
        **run.card,
        "data": {"digest": run.examples.digest, "examples": dict(run.examples.counts())},
        "params": dict(run.params),
        "seed": run.seed,
        "environment": environment(),
        "madeAt": clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def environment() -> dict[str, Any]:
    """Describe where this runs: Python, processor, and a digest of every package's version."""
    packages = sorted({f"{each.name}=={each.version}" for each in distributions()})
    chief = ("numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers", "hone-trainer")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": dict(p.split("==") for p in packages if p.split("==")[0] in chief),
        "lock": sha256("\n".join(packages).encode()).hexdigest(),
    }
