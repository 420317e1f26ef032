"""Ask each vendor whose key is given, and keep its answers: `python -m tools.record`.

A fixture is `documented` (made by `hone simulate`, which was written from the vendor's documentation)
until it is `recorded` from the vendor itself.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from hone.core import clock, ids
from hone.llm.errors import Unsupported
from hone.llm.providers import PROVIDERS
from hone.llm.types import Endpoint, Target
from hone.simulator import SimulatorConfig
from tests.simulator.running import in_thread
from tools.record.cases import CASES, Case
from tools.record.scrubbing import Scrubber

FOLDER: Final = Path(__file__).parents[2] / "tests" / "llm" / "recordings"
PREFIX: Final = "HONE_RECORD_"
SECONDS: Final = 120
_UNSIGNED: Final = sorted(PROVIDERS.keys() - {"bedrock"})
"""Bedrock's streams have checksums, which nothing that is scrubbed would keep."""
_MODELS: Final = {
    "openai": ("gpt-5-mini", "text-embedding-3-small"),
    "anthropic": ("claude-haiku-4-5", ""),
    "google": ("gemini-2.5-flash", "gemini-embedding-001"),
}
"""Asked where no other is named: the model that chats, and the one that embeds."""
_DOCUMENTED: Final = {"openai": "/v1", "anthropic": "/v1", "google": "/v1beta", "ollama": ""}
"""What the simulator speaks, and where."""
Say = Callable[[str], object]


@dataclass(frozen=True)
class Vendor:
    """Whom to ask, and with what."""

    kind: str
    credential: str
    base_url: str
    chats: str
    embeds: str
    source: str = "recorded"

    def asks(self, case: Case) -> str:
        return self.embeds if case.endpoint is Endpoint.EMBEDDINGS else self.chats


def variable(kind: str, what: str = "API_KEY") -> str:
    """Name the variable that says something of a vendor."""
    return f"{PREFIX}{kind.upper().replace('-', '_')}_{what}"


def vendors(environment: Mapping[str, str]) -> Iterator[Vendor]:
    """Find the vendors whose keys are given."""
    for kind in _UNSIGNED:
        key = environment.get(variable(kind))
        if key is None:
            continue
        chats, embeds = _MODELS.get(kind, ("", ""))
        yield Vendor(
            kind,
            key,
            environment.get(variable(kind, "BASE_URL")) or PROVIDERS[kind].base_url,
            environment.get(variable(kind, "MODEL")) or chats,
            environment.get(variable(kind, "EMBEDDING_MODEL")) or embeds,
        )


def record(vendor: Vendor, folder: Path, say: Say) -> bool:
    """Ask one vendor everything; tell whether each answer was what was asked for."""
    fine = True
    for case in CASES:
        model = vendor.asks(case)
        if not model:
            say(f"{vendor.kind}: {case.name}: no model is named; left out")
            continue
        try:
            exchange = _ask(vendor, case, model)
        except Unsupported as error:
            say(f"{vendor.kind}: {case.name}: {error.message} Left out.")
            continue
        status = exchange["response"]["status"]
        if (status == 200) is case.refused:
            say(f"{vendor.kind}: {case.name}: status {status}; the fixture stays as it was")
            fine = False
            continue
        path = folder / vendor.kind / f"{case.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(exchange, ensure_ascii=False, indent=2)
        path.write_text(f"{text}\n", encoding="utf-8")
        say(f"{vendor.kind}: {case.name}: {vendor.source}")
    return fine


def _ask(vendor: Vendor, case: Case, model: str) -> dict[str, Any]:
    """Make one exchange and take out of it whose it was."""
    credential = "wrong-credential" if case.refused else vendor.credential
    target = Target(ids.new(), "m", vendor.kind, vendor.kind, model, vendor.base_url, credential)
    call = PROVIDERS[vendor.kind].call(case.endpoint, case.raw(), target, stream=case.stream)
    headers = [*call.headers, *call.signed, ("content-type", call.content_type)]
    answer = httpx.request(
        call.method, call.url, headers=headers, content=call.body, timeout=SECONDS
    )
    scrubber = Scrubber((vendor.credential, vendor.base_url))
    return {
        "source": vendor.source,
        "date": f"{clock.now():%Y-%m-%d}",
        "model": model,
        "request": {
            "path": urlsplit(call.url).path,
            "body": scrubber.value(json.loads(call.body)),
        },
        "response": {
            "status": answer.status_code,
            "content_type": answer.headers.get("content-type", ""),
            "body": scrubber.text(answer.text),
        },
    }


def explain(say: Say) -> None:
    """Say what would be done, and what is missing."""
    names = ", ".join(case.name for case in CASES)
    say("No key is given, so nothing is asked and nothing changes.")
    say(f"With one, {len(CASES)} requests go to the vendor, which bills them:")
    say(f"  {names}.")
    say(
        f"Its answers replace its fixtures below {FOLDER.name}/, with ids and credentials scrubbed."
    )
    say("Set one or more of these, and run this again:")
    for kind in _UNSIGNED:
        chats, embeds = _MODELS.get(kind, ("", ""))
        asked = f"asks {chats}{f' and {embeds}' if embeds else ''}"
        wants = asked if chats else f"wants {variable(kind, 'MODEL')} too"
        say(f"  {variable(kind)}: {wants}")
    say(f"Also read: {PREFIX}…_MODEL, {PREFIX}…_EMBEDDING_MODEL, {PREFIX}…_BASE_URL.")


def document(folder: Path, say: Say) -> bool:
    """Let the simulator answer for each vendor, wherever nothing was recorded."""
    with in_thread(SimulatorConfig(api_keys=frozenset({"documented"}))) as simulator:
        for kind, path in _DOCUMENTED.items():
            if _recorded(folder / kind):
                say(f"{kind}: has recordings, and keeps them")
                continue
            chats, embeds = _MODELS.get(kind, ("any-model", "any-model"))
            made = Vendor(kind, "documented", f"{simulator.url}{path}", chats, embeds)
            if not record(replace(made, source="documented"), folder, say):
                return False
    return True


def _recorded(folder: Path) -> bool:
    return any('"source": "recorded"' in path.read_text("utf-8") for path in folder.glob("*.json"))


def main(arguments: list[str], environment: Mapping[str, str], say: Say = print) -> int:
    """Do what is asked; return the exit code."""
    parser = argparse.ArgumentParser(prog="make record", description=__doc__)
    parser.add_argument("--documented", action="store_true", help="ask the simulator instead")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the fixtures are")
    asked = parser.parse_args(arguments)
    if asked.documented:
        return 0 if document(asked.folder, say) else 1
    found = list(vendors(environment))
    if not found:
        explain(say)
        return 0
    done = [record(vendor, asked.folder, say) for vendor in found]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
