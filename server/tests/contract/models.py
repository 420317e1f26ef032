"""Models whose providers speak different formats, so that each client meets its own and others."""

import json
from typing import Final

from tests.fixtures.control import everywhere
from tests.fixtures.house import House, run_hone

KINDS: Final = {
    "openai": ("openai", "/v1"),
    "anthropic": ("anthropic", "/v1"),
    "gemini": ("google", "/v1beta"),
    "ollama": ("ollama", ""),
}
"""The format of a model's provider, which is the model's name too: the kind, and where it is."""
SCRIPTS: Final = {
    "": "",
    "-calls": "call=1",
    "-slow": "pace=40,tokens=200",
    "-busy": "status=429,retry=1",
    "-long": "fault=context_length",
    "-down": "status=500",
    "-cut": "fault=cut,after=5",
}
"""What a model does beside answering, by the end of its name."""
FORMATS: Final = tuple(KINDS)
VECTORS: Final = ("openai", "gemini", "ollama")
"""Those that have embeddings."""


def declare(house: House) -> None:
    """Add the models, and wait until they are served."""
    url = house.simulator.url
    price = {"input": 2.5, "output": 10}
    document = {
        "providers": [
            {"name": each, "kind": kind, "base_url": url + path, "api_key": "sim-key"}
            for each, (kind, path) in KINDS.items()
        ],
        "models": [
            {
                "name": each + end,
                "provider": each,
                "upstream": f"venue#{script}" if script else "venue",
                "price": price,
            }
            for each in KINDS
            for end, script in SCRIPTS.items()
        ],
    }
    path = house.folder / "clients.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run_hone("apply", str(path), env={"HONE_DATA_DIR": str(house.data_dir)})
    assert done.returncode == 0, done.stderr
    last = f"{FORMATS[-1]}{list(SCRIPTS)[-1]}"
    everywhere(house, lambda client: client.get(f"/v1/models/{last}").status_code == 200)
