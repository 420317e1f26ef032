"""The demo: a wedding venue's assistant, with the simulator as its provider, and a few visitors."""

import contextlib
import itertools
import json
import os
import secrets
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

import typer
from pydantic import SecretStr

from hone.cli.story import Refused, Story
from hone.core.instance import open_data_dir
from hone.core.listening import PortTaken, listen
from hone.core.settings import Settings
from hone.core.supervisor import Program, Supervisor
from hone.identity import new_password

# No proxy of the environment stands between a demo and its own machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Quietly = Callable[[str, Path], Callable[[int], int]]

FIRST_CALLS: Final = 40
PAUSE_SECONDS: Final = 5.0
STORY_AFTER: Final = 10.0
"""Seconds after the start, which the story is not to slow down."""
QUESTIONS: Final = (
    "How many guests fit into the garden room?",
    "Is the second Saturday in June still free?",
    "What does the three-course menu cost for eighty guests?",
    "Can our band play until one in the morning?",
    "How much is the deposit, and when is it due?",
    "Do you have parking for two coaches?",
    "Is there a room where we can get ready?",
    "Can you cater for vegan and gluten-free guests?",
    "What happens if it rains during the ceremony?",
    "May we bring our own wine?",
)
DOCUMENT: Final = """\
# A wedding venue's assistant: two simulated models behind one route.
providers:
  - {{name: simulator, kind: compatible, base_url: "http://127.0.0.1:{port}/v1", api_key: none}}
models:
  - name: venue-large
    provider: simulator
    upstream: "venue-large#ttft=120,pace=12"
    price: {{input: 2.5, output: 10}}
  - name: venue-small
    provider: simulator
    upstream: "venue-small#ttft=40,pace=4"
    price: {{input: 0.15, output: 0.6}}
routes:
  - name: assistant
    policy: weighted
    targets: [{{model: venue-large, weight: 0.4}}, {{model: venue-small, weight: 0.6}}]
    fallbacks: [venue-small]
"""
WELCOME: Final = """
Hone is running. Its provider is simulated: nothing leaves this machine and nothing costs money.

  Dashboard  {url}
  E-mail     {email}
  Password   {password}
  API key    {key}

Call it with curl:

  curl {url}/v1/chat/completions \\
    -H "Authorization: Bearer {key}" -H "Content-Type: application/json" \\
    -d '{{"model": "assistant", "messages": [{{"role": "user", "content": "Is June 12 free?"}}]}}'

or with the official OpenAI client:

  from openai import OpenAI

  client = OpenAI(base_url="{url}/v1", api_key="{key}")
  answer = client.chat.completions.create(
      model="assistant", messages=[{{"role": "user", "content": "Is June 12 free?"}}]
  )
  print(answer.choices[0].message.content)

{sent} calls are on their way to fill the dashboard; one more follows every {pause:.0f} s. In the next minutes a model is
corrected by its callers, learns, and is released; then a bad version goes back by itself. Nobody presses a button: the
dashboard's first page tells it under "What is changing". Ctrl-C ends it all; a later start goes on from there.
"""


@dataclass(frozen=True)
class Demo:
    """What a demo adds to `hone up`."""

    settings: Settings
    key: str
    password: str

    @classmethod
    def prepare(cls, settings: Settings) -> "Demo":
        """Choose the organization's name and a key that later starts find again."""
        open_data_dir(settings.data_dir)
        key = _kept(settings.data_dir / "demo-key", lambda: f"hone_{secrets.token_urlsafe(32)}")
        password = _kept(settings.data_dir / "demo-password", new_password)
        bootstrap = settings.bootstrap.model_copy(
            update={
                "organization": "Demo venue",
                "admin_key": SecretStr(key),
                "admin_password": SecretStr(password),
            }
        )
        return cls(settings.model_copy(update={"bootstrap": bootstrap}), key, password)

    def add_to(self, supervisor: Supervisor, quietly: Quietly, address: str) -> None:
        """Add the provider, its configuration and the visitors."""
        port = _upstream_port(int(address.rsplit(":", 1)[1]))
        provider = f"http://127.0.0.1:{port}"
        ledger = self.settings.data_dir / "simulator-ledger.jsonl"
        file = self.settings.data_dir / "demo.yaml"
        file.write_text(DOCUMENT.format(port=port), encoding="utf-8")
        supervisor.add_task("demo", quietly("hone.cli.declare:declare", file))

        def simulate(_: int) -> int:
            # Here, in a process of its own: no other one has a use for it.
            from hone.simulator import SimulatorConfig, run  # noqa: PLC0415

            run(SimulatorConfig(ledger_path=ledger), "127.0.0.1", port)
            return 0

        def visit(_: int) -> int:
            email = self.settings.bootstrap.admin_email
            _visit(address, provider, self.key, email, self.password)
            return 0

        supervisor.add(Program("simulator", simulate, hang_after=0))

        def learn(_: int) -> int:
            _tell_story(address, self.key)
            return 0

        supervisor.add(Program("visitors", visit, hang_after=0, grace=2.0))
        supervisor.add(Program("story", learn, hang_after=0, grace=2.0))


def _upstream_port(after: int) -> int:
    """Choose the port of the provider: the next one, or any that is free."""
    with contextlib.suppress(PortTaken), closing(listen("127.0.0.1", (after + 1) % 65536)) as taken:
        return int(taken.getsockname()[1])
    with closing(listen("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Return a secret of the demo; make it at the first start, readable by its owner alone."""
    if not path.exists():
        draft = path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
        draft.replace(path)
    return path.read_text("ascii")


def _visit(url: str, provider: str, key: str, email: str, password: str) -> None:
    """Ask what visitors ask: many questions at first, then one every few seconds."""
    while not (_answers(f"{url}/readyz") and _answers(f"{provider}/healthz")):
        time.sleep(0.1)
    shown = {"url": url, "key": key, "email": email, "password": password}
    sys.stdout.write(WELCOME.format(**shown, sent=FIRST_CALLS, pause=PAUSE_SECONDS))
    sys.stdout.flush()
    for number in range(FIRST_CALLS):
        _ask(url, key, number)
    for number in itertools.count(FIRST_CALLS):
        time.sleep(PAUSE_SECONDS)
        _ask(url, key, number)


def _tell_story(url: str, key: str) -> None:
    """Play the story of a model that learns, once the first visitors are gone; its callers stay."""
    while not _answers(f"{url}/readyz"):
        time.sleep(0.1)
    time.sleep(STORY_AFTER)
    story = Story(url, key, _say)
    while True:
        try:
            if not story.play():
                break
            story.pause = PAUSE_SECONDS
            story.rest()
        except Refused as error:
            _say(f"It cannot go on: {error}")
            break
        except (OSError, HTTPException) as error:
            # A server that was started again: the story knows how far it was.
            _say(f"It goes on in a moment: {error}")
            time.sleep(PAUSE_SECONDS)
    while True:
        time.sleep(3600)


def _say(words: str) -> None:
    sys.stdout.write(f"[story] {words}\n")
    sys.stdout.flush()


def _answers(url: str) -> bool:
    try:
        with _direct.open(url, timeout=5):
            return True
    except OSError:
        return False


def _ask(url: str, key: str, number: int) -> None:
    """Ask one question; a visitor who gets no answer goes away."""
    body = {
        "model": "assistant",
        "messages": [{"role": "user", "content": QUESTIONS[number % len(QUESTIONS)]}],
        "max_tokens": 60,
        "stream": number % 3 == 0,
        "user": f"visitor-{number % 7}",
    }
    request = urllib.request.Request(
        f"{url}/v1/chat/completions",
        json.dumps(body).encode(),
        {"authorization": f"Bearer {key}", "content-type": "application/json"},
    )
    try:
        with _direct.open(request, timeout=60) as answer:
            answer.read()
    except (OSError, HTTPException) as error:
        typer.echo(f"visitor {number}: {error}", err=True)
