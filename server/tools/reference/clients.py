"""Which clients were seen to work, and with models of which formats: from the tests that run them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.contract import test_langchain, test_openai_node, test_openai_python, test_vercel
from tests.gateway import test_messages
from tools.reference.markdown import code, page, table

_ROOT: Final = Path(__file__).parents[3]
_FORMATS: Final = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "gemini": "Gemini",
    "ollama": "Ollama",
}
_ABOUT: Final = """
Each client is run as its makers publish it against Hone, with models behind it whose providers speak the formats of
different vendors. What stands here is what `make test` runs: a sentence is the name of a test. The providers are
simulated; no vendor was asked. How to point a client at Hone: [Use your client](../how-to/use-your-client.md).
"""
_REFUSED: Final = """\
## What is refused

What a model's provider cannot be asked is refused by name (`unsupported_parameter`), or asked of the route's next
model; it is never left out in silence:

- a model that must call a tool (`tool_choice`), of Ollama;
- any JSON without a schema (`response_format: json_object`), of Claude: give a schema;
- embeddings, of Anthropic, which has none.
"""


@dataclass(frozen=True)
class Client:
    """A client, and the tests that run it."""

    title: str
    packages: tuple[str, ...]
    folder: str
    """Where npm's lock is; empty for a package of Python."""
    base_url: str
    tests: ModuleType
    formats: str
    """Of the models behind it, where a test does not say."""

    @property
    def source(self) -> str:
        return f"server/{'/'.join(self.tests.__name__.split('.'))}.py"


_HONE: Final = "https://hone.example"
CLIENTS: Final = (
    Client("OpenAI for Python", ("openai",), "", f"{_HONE}/v1", test_openai_python, "OpenAI"),
    Client("OpenAI for Node", ("openai",), "node", f"{_HONE}/v1", test_openai_node, "OpenAI"),
    Client("Anthropic for Python", ("anthropic",), "", _HONE, test_messages, "as it says"),
    Client(
        "LangChain for Python",
        ("langchain-openai", "langchain-anthropic"),
        "",
        f"{_HONE}/v1 (ChatOpenAI), {_HONE} (ChatAnthropic)",
        test_langchain,
        "OpenAI",
    ),
    Client(
        "Vercel's AI SDK",
        ("ai", "@ai-sdk/openai", "@ai-sdk/openai-compatible", "@ai-sdk/anthropic"),
        "vercel",
        f"{_HONE}/v1",
        test_vercel,
        "OpenAI",
    ),
)


def clients_page() -> str:
    """Write the page."""
    rows = [
        [client.title, ", ".join(_versions(client)), code(client.base_url)] for client in CLIENTS
    ]
    parts = [table(["client", "version", "base URL"], rows)]
    for client in CLIENTS:
        found = list(_seen(client))
        width = 3 if any(row[2] for row in found) else 2
        head = ["what was seen", "with models of", "by"]
        parts.append(f"## {client.title}\n\nBy [{client.source}](../../{client.source}).\n")
        parts.append(table(head[:width], (row[:width] for row in found)))
    return page("Clients", _ABOUT, *parts, _REFUSED)


def _versions(client: Client) -> Iterator[str]:
    if client.folder:
        path = _ROOT / "server" / "tests" / "contract" / client.folder / "package-lock.json"
        locked = json.loads(path.read_text(encoding="utf-8"))["packages"]
        yield from (
            f"{name} {locked[f'node_modules/{name}']['version']}" for name in client.packages
        )
        return
    lock = (_ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for name in client.packages:
        found = re.search(rf"^{name}==(\S+)", lock, re.MULTILINE)
        assert found is not None, name
        yield f"{name} {found[1]}"


def _seen(client: Client) -> Iterator[list[str]]:
    for name, test in vars(client.tests).items():
        if name.startswith("test_") and callable(test):
            sentence = name.removeprefix("test_").replace("_", " ")
            values = _parameters(test, "model")
            formats = ", ".join(_FORMATS[each] for each in values) or client.formats
            makers = _parameters(test, "make") or _parameters(test, "client")
            yield [sentence[0].upper() + sentence[1:], formats, ", ".join(makers)]


def _parameters(test: Any, name: str) -> list[str]:
    """List what a test is run with, by its ids where it has any."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize" and mark.args[0] == name:
            ids = mark.kwargs.get("ids")
            return list(map(str, mark.args[1] if ids is None else ids))
    return []
